// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.nxvms.media.kit.rtsp.RtspUri;

/** Does off the selector thread what takes long: resolves host names, shakes hands for TLS. */
final class Names {
    private static final int THREADS_MAX = 4;
    /** One look-up per stream at most is waiting. */
    private static final int QUEUE_MAX = 4096;

    private final AtomicInteger count = new AtomicInteger();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            THREADS_MAX, THREADS_MAX, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_MAX), task -> {
                Thread thread = new Thread(task, "nxvms-ctl-rtsp-" + count.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            });

    Names() {
        pool.allowCoreThreadTimeOut(true);
    }

    /** Calls back on the loop's thread with the address, or with an unresolved one. */
    void resolve(RtspUri uri, IoLoop loop, Consumer<InetSocketAddress> then) {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved(uri.address(), uri.port());
        try {
            pool.execute(() -> {
                InetSocketAddress found = unresolved;
                try {
                    found = lookUp(unresolved);
                } finally {
                    InetSocketAddress answer = found;
                    loop.execute(() -> then.accept(answer));
                }
            });
        } catch (RejectedExecutionException full) {
            loop.execute(() -> then.accept(unresolved));
        }
    }

    /** Runs what takes long off the loop, then {@code then} on it, whatever became of the task. */
    void offload(Runnable task, IoLoop loop, Runnable then) {
        try {
            pool.execute(() -> {
                try {
                    task.run();
                } finally {
                    loop.execute(then);
                }
            });
        } catch (RejectedExecutionException full) {
            loop.execute(then);
        }
    }

    private static InetSocketAddress lookUp(InetSocketAddress name) {
        try {
            return new InetSocketAddress(InetAddress.getByName(name.getHostString()), name.getPort());
        } catch (UnknownHostException unknown) {
            return name;
        }
    }

    void close() {
        pool.shutdownNow();
    }
}
