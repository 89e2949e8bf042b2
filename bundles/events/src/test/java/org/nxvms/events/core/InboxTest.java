// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** The bus sleeps until there is something for it, and who speaks never waits. */
@Timeout(60)
class InboxTest {
    private static final long LONG_NS = TimeUnit.DAYS.toNanos(1);

    private final Inbox inbox = new Inbox();
    private final List<Said> taken = new ArrayList<>();

    private static Said pulse() {
        return new Said.Pulse(fact(), 1, Said.UNHEARD);
    }

    private static Said state() {
        return new Said.Hold(fact(), 1, 30, Said.UNHEARD);
    }

    private static EventFact fact() {
        return EventFact.of(
                EventSource.camera(new UUID(1, 1), ""), "acme.k", EventSeverity.INFO, "", EventAttributes.NONE);
    }

    private CompletableFuture<List<Said>> takeElsewhere() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<List<Said>> result = CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            try {
                inbox.take(taken, 10, LONG_NS);
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
            return taken;
        });
        begun.await();
        return result;
    }

    @Test
    void whoWaitsIsWokenByWhatIsSaid() throws Exception {
        CompletableFuture<List<Said>> taking = takeElsewhere();
        Said said = pulse();
        inbox.offer(said);
        assertThat(taking.get()).containsExactly(said);
    }

    @Test
    void whoWaitsIsWokenForSomethingElseToo() throws Exception {
        CompletableFuture<List<Said>> taking = takeElsewhere();
        inbox.wake();
        assertThat(taking.get()).isEmpty();
    }

    @Test
    void aWakeThatCameTooEarlyCountsForTheNextWaitAndForNoOther() throws Exception {
        inbox.wake();
        inbox.take(taken, 10, LONG_NS);
        assertThat(taken).isEmpty();
        long begin = System.nanoTime();
        inbox.take(taken, 10, TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void statesStillFindAPlaceWherePulsesAreDroppedAndCounted() throws Exception {
        int pulses = 0;
        while (inbox.offer(pulse())) {
            pulses++;
        }
        int states = 0;
        while (inbox.offer(state())) {
            states++;
        }
        assertThat(pulses + states).isEqualTo(Inbox.SAID_MAX);
        assertThat(states).isEqualTo(Inbox.SAID_MAX / 4);
        assertThat(inbox.dropped()).isEqualTo(2);
        assertThat(inbox.taken()).isEqualTo(Inbox.SAID_MAX);
        inbox.take(taken, 1_000, LONG_NS);
        assertThat(taken).hasSize(1_000);
        assertThat(inbox.offer(pulse())).isFalse();
        inbox.drain(taken, Inbox.SAID_MAX);
        assertThat(taken).hasSize(Inbox.SAID_MAX);
        assertThat(inbox.offer(pulse())).isTrue();
    }
}
