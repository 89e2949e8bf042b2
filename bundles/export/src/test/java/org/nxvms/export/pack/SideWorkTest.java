// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work beside the thread that writes a package. */
class SideWorkTest {
    private static final long PATIENCE_MS = 60_000;

    @Test
    void whatTheDiskRefusesIsSaidToWhoWaitsForIt() {
        try (SideWork side = new SideWork("test")) {
            SideWork.Begun forcing = side.begin(() -> {
                throw new IOException("no space left");
            });
            assertThatThrownBy(forcing::end).isInstanceOf(IOException.class).hasMessage("no space left");
        }
    }

    /** Else it would write over what is still being read. */
    @Test
    void whoIsToStopWaitsForItsEndFirst() throws Exception {
        try (SideWork side = new SideWork("test")) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            CompletableFuture<Void> read = new CompletableFuture<>();
            SideWork.Begun hashing = side.begin(() -> {
                gate.join();
                read.complete(null);
            });
            Thread.currentThread().interrupt();
            new Thread(() -> gate.complete(null)).start();
            hashing.end();
            assertThat(Thread.interrupted()).as("it is still to stop").isTrue();
            assertThat(read).isCompleted();
        }
    }

    @Test
    void itsThreadsGoWithIt() throws Exception {
        CompletableFuture<Thread> worker = new CompletableFuture<>();
        try (SideWork side = new SideWork("test")) {
            side.begin(() -> worker.complete(Thread.currentThread())).end();
        }
        Thread thread = worker.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        thread.join(PATIENCE_MS);
        assertThat(thread.isAlive()).isFalse();
    }
}
