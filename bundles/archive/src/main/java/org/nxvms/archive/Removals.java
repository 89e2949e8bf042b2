// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.archive.EvidenceLock;

/**
 * Chunks that are being removed. Whether a lock holds a chunk is asked, and the chunk named here, in one step that no
 * lock comes between: either the removal sees the lock, or who locks waits for the end of the removal. Disks are waited
 * for outside. Any thread.
 */
final class Removals {
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /** A chunk on its way out; two of the same are told apart by their volumes. */
    record Removal(UUID volumeId, UUID segmentId, UUID cameraId, long fromUs, long toUs) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** One for each volume's cleaner and mover, at most. */
    private final Set<Removal> running = new HashSet<>();

    boolean begin(Removal removal, BooleanSupplier isHeld) {
        lock.lock();
        try {
            return !isHeld.getAsBoolean() && running.add(removal);
        } finally {
            lock.unlock();
        }
    }

    void end(Removal removal) {
        lock.lock();
        try {
            running.remove(removal);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Changes what is held, at a moment at which no removal begins. */
    void between(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for removals that the lock came too late for; {@return false when one of them hangs} */
    boolean awaitEnd(EvidenceLock held) {
        lock.lock();
        try {
            long left = WAIT_NANOS_MAX;
            while (left > 0 && isRunning(held)) {
                left = ended.awaitNanos(left);
            }
            return !isRunning(held);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRunning(EvidenceLock held) {
        return running.stream().anyMatch(one -> held.holds(one.cameraId(), one.fromUs(), one.toUs()));
    }
}
