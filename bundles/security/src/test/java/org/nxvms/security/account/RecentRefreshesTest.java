// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who asks again gets what the first one got, or learns that it is not known yet; strangers get nothing. */
class RecentRefreshesTest {
    private long nanos;
    private final RecentRefreshes recent = new RecentRefreshes(() -> nanos);

    @Test
    void theSameClientGetsTheSameForHalfAMinute() throws Exception {
        RecentRefreshes.Refresh first = recent.begin("hash", "192.0.2.7").orElseThrow();
        first.done("next");

        assertThat(recent.begin("hash", "192.0.2.7")).isEmpty();
        assertThat(recent.again("hash", "192.0.2.7")).contains("next");
        assertThat(recent.again("hash", "192.0.2.8")).isEmpty();
        assertThat(recent.again("other", "192.0.2.7")).isEmpty();
        nanos += TimeUnit.SECONDS.toNanos(31);
        assertThat(recent.again("hash", "192.0.2.7")).isEmpty();
        assertThat(recent.begin("hash", "192.0.2.7")).isPresent();
    }

    @Test
    void whoWaitsForAnExchangeThatFailsIsNoThief() throws Exception {
        RecentRefreshes.Refresh first = recent.begin("hash", "192.0.2.7").orElseThrow();
        AtomicReference<Object> told = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                told.set(recent.again("hash", "192.0.2.7"));
            } catch (TimeoutException | InterruptedException e) {
                told.set(e);
            }
        });
        waiting.start();
        // It waits, or has waited for as long as it does.
        while (waiting.isAlive() && waiting.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        recent.failed("hash", first);
        waiting.join();

        assertThat(told.get()).isInstanceOf(TimeoutException.class);
        assertThat(recent.begin("hash", "192.0.2.7"))
                .as("the next try is a first one")
                .isPresent();
    }

    @Test
    void remembersAThousandAtMost() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            recent.begin("hash" + i, "192.0.2.7").orElseThrow().done("next" + i);
        }
        assertThat(recent.again("hash0", "192.0.2.7")).isEmpty();
        assertThat(recent.again("hash2999", "192.0.2.7")).contains("next2999");
        assertThat(recent.size()).isEqualTo(1_000);
    }
}
