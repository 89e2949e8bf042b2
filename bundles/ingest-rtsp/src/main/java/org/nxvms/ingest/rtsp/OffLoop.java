// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.ingest.kit.Names;
import org.nxvms.media.kit.rtsp.RtspUri;

/** What takes too long for a selector thread: host names, and the arithmetic of TLS, which never waits for the former. */
final class OffLoop {
    private static final int THREADS_MAX = 4;
    /** One handshake per stream at most is waiting. */
    private static final int QUEUE_MAX = 4096;

    private final Names names;
    private final AtomicInteger count = new AtomicInteger();
    private final ThreadPoolExecutor handshakes = new ThreadPoolExecutor(
            THREADS_MAX, THREADS_MAX, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_MAX), task -> {
                Thread thread = new Thread(task, "nxvms-ctl-rtsp-tls-" + count.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            });

    OffLoop(Names names) {
        this.names = names;
        handshakes.allowCoreThreadTimeOut(true);
    }

    /** Asks for the addresses of a URI's host; the answer comes on the loop's thread, which is the caller's. */
    Names.Question resolve(RtspUri uri, IoLoop loop, Names.Asker asker) {
        return names.resolve(uri.address(), loop::execute, asker);
    }

    /** Runs a step of a handshake off the loop, then {@code then} on it, whatever became of the task. */
    void handshake(Runnable task, IoLoop loop, Runnable then) {
        try {
            handshakes.execute(() -> {
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

    void close() {
        names.close();
        handshakes.shutdownNow();
    }
}
