// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The chunk in which a run will go on, while the volume's maker makes it. Asked by the thread that writes the run. */
final class NextChunk {
    /** After this the disk is slow, and whoever writes waits for it as for a write: a hanging disk is noticed by that. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CompletableFuture<OpenChunk> made;
    private final long askedNanos = System.nanoTime();

    NextChunk(CompletableFuture<OpenChunk> made) {
        this.made = made;
    }

    /** {@return whether it is there, could not be made, or is to be waited for} */
    boolean isDue() {
        return made.isDone() || System.nanoTime() - askedNanos >= PATIENCE_NANOS;
    }

    /** Waits for it, without end. */
    OpenChunk await() throws IOException {
        try {
            return made.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("waiting for a chunk to be made").initCause(stop);
        }
    }

    /** The run does not go on in it; what becomes of it is told as soon as it is there, if ever. */
    void discard(Consumer<OpenChunk> unused) {
        made.thenAccept(unused);
    }
}
