// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

/** Sound on its way into the body of a request: a few frames wait for the network, no more. */
final class FramePipe implements Flow.Publisher<ByteBuffer> {
    private static final int FRAMES_MAX = 8;
    private static final int LOOK_MS = 50;

    private final SubmissionPublisher<ByteBuffer> frames;
    private final CompletableFuture<Boolean> wanted = new CompletableFuture<>();

    FramePipe(Executor executor) {
        frames = new SubmissionPublisher<>(executor, FRAMES_MAX);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        frames.subscribe(subscriber);
        wanted.complete(true);
    }

    /** {@return completed when the camera has agreed and the first frame may come} */
    CompletableFuture<Boolean> wanted() {
        return wanted;
    }

    /** {@return whether it found a place within a moment} */
    boolean put(ByteBuffer frame) {
        return frames.offer(frame, LOOK_MS, TimeUnit.MILLISECONDS, null) >= 0;
    }

    void close() {
        frames.close();
    }
}
