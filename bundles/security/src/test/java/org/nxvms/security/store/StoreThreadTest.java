// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.test.kit.Awaiting;

/** Whoever is in the database is waited for: an interrupt there closes the embedded database under everybody. */
class StoreThreadTest {
    @Test
    void closingWaitsForWhatIsBeingDoneAndInterruptsNothing() throws Exception {
        StoreThread thread = new StoreThread("test-store", () -> {}, 60);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        thread.soon(() -> {
            begun.countDown();
            try {
                written.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            done.set(true);
        });
        begun.await();

        Thread closing = new Thread(thread::close);
        closing.start();
        // It waits, or it has interrupted what it should have waited for and is over.
        Awaiting.until(
                "it waits, or is over", () -> !closing.isAlive() || closing.getState() == Thread.State.TIMED_WAITING);
        written.countDown();
        closing.join();

        assertThat(interrupted).isFalse();
        assertThat(done).isTrue();
        assertThatThrownBy(() -> thread.call(() -> 1)).isInstanceOf(StoreException.class);
    }

    @Test
    void whatHasNotBegunWhenItsCallerGaveUpIsNotDoneLater() throws Exception {
        StoreThread thread = new StoreThread("test-store", () -> {}, 60, 50);
        CountDownLatch answers = new CountDownLatch(1);
        thread.soon(() -> {
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        AtomicBoolean done = new AtomicBoolean();
        assertThatThrownBy(() -> thread.call(() -> {
                    done.set(true);
                    return 1;
                }))
                .isInstanceOf(StoreException.class);

        answers.countDown();
        thread.close();
        assertThat(done).isFalse();
    }
}
