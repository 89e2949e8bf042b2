// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;

/** An event bus that notes what is published: {@code hold camera.motion rule/1}. */
public final class FakePublisher implements EventPublisher {
    private static final int WAIT_S_MAX = 30;

    private final List<String> said = new ArrayList<>();
    /** What happened at a moment, whole. */
    public final List<EventFact> pulses = new CopyOnWriteArrayList<>();
    /** While it is full it takes nothing. */
    public volatile boolean full;

    @Override
    public boolean pulse(EventFact fact, long atUs) {
        pulses.add(fact);
        return note("pulse " + fact.kind() + " " + fact.source().part());
    }

    @Override
    public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
        return note("hold " + fact.kind() + " " + fact.source().part());
    }

    @Override
    public boolean past(EventFact fact, long startUs, long endUs) {
        throw new UnsupportedOperationException("devices tell of now");
    }

    @Override
    public boolean end(EventSource source, String kind, long endUs) {
        return note("end " + kind + " " + source.part());
    }

    private synchronized boolean note(String what) {
        if (full) {
            return false;
        }
        said.add(what.strip());
        notifyAll();
        return true;
    }

    public synchronized List<String> said() {
        return List.copyOf(said);
    }

    /** Forgets what was said; {@return it}. */
    public synchronized List<String> take() {
        List<String> all = List.copyOf(said);
        said.clear();
        return all;
    }

    /** Waits until something was published. */
    public synchronized void await(String what) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
        while (!said.contains(what)) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            assertThat(leftMs).as(what + " is not among " + said).isPositive();
            wait(leftMs);
        }
    }
}
