// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.CopyIndex;

/** What one process has of the index: once it died nothing of it gets there, not even what it was about to write. */
final class IndexConnection {
    /** Held for reading by each call. */
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

    private final ChunkIndex index;
    private boolean cut;

    IndexConnection(ChunkIndex index) {
        this.index = guarded(ChunkIndex.class, index);
    }

    /** {@return the index, as that process sees it} */
    ChunkIndex index() {
        return index;
    }

    /** When this returns, no call is under way and each that comes fails. */
    void cut() {
        life.writeLock().lock();
        try {
            cut = true;
        } finally {
            life.writeLock().unlock();
        }
    }

    private <T> T guarded(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                IndexConnection.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    life.readLock().lock();
                    try {
                        if (cut) {
                            throw new StoreException("the process is dead", null);
                        }
                        Object answer = method.invoke(target, args);
                        return answer instanceof CopyIndex copies ? guarded(CopyIndex.class, copies) : answer;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    } finally {
                        life.readLock().unlock();
                    }
                }));
    }
}
