// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.events.fake.House.fact;
import static org.nxvms.events.fake.House.until;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.events.core.Inbox;
import org.nxvms.events.core.Said;
import org.nxvms.events.fake.House;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.events.keep.StoreWriter;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan.EndReason;
import org.nxvms.platform.api.event.EventSubscriber;

/** From what is said to what is heard, found and kept. */
class EventBusTest {
    private static final EventQuery ALL = new EventQuery(EventFilter.ALL, Optional.empty(), 1_000);

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private EventBus bus;

    @AfterEach
    void stop() {
        if (bus != null) {
            bus.close();
        }
    }

    private void start() {
        bus = House.bus(folder, store);
    }

    private static final class Ear implements EventSubscriber {
        final List<Event> heard = new CopyOnWriteArrayList<>();
        final AtomicLong spilled = new AtomicLong();
        final CountDownLatch gate;

        Ear(int closed) {
            gate = new CountDownLatch(closed);
        }

        @Override
        public String name() {
            return "ear";
        }

        @Override
        public int queueMax() {
            return 64;
        }

        @Override
        public void onEvent(Event event) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            heard.add(event);
        }

        @Override
        public void onSpill(long count) {
            spilled.addAndGet(count);
        }
    }

    @Test
    void whatIsSaidIsHeardFoundAndKept() {
        start();
        Ear ear = new Ear(0);
        bus.bindSubscriber(ear);
        assertThat(bus.pulse(fact("camera.manual", "help"), 100)).isTrue();
        assertThat(bus.hold(fact("camera.motion", ""), 200, 60)).isTrue();
        assertThat(bus.past(fact("camera.tamper", ""), 10, 20)).isTrue();
        until("three were heard", () -> ear.heard.size() == 3);
        // Found at once, stored or not.
        assertThat(bus.find(ALL))
                .extracting(Event::kind)
                .containsExactly("camera.motion", "camera.manual", "camera.tamper");
        assertThat(bus.get(ear.heard.get(0).id())).contains(ear.heard.get(0));
        assertThat(bus.open(EventFilter.ALL)).containsExactly(ear.heard.get(1));
        until("they are stored", () -> store.count(House.SERVER) == 3);
        bus.end(EventSource.camera(House.CAMERA, ""), "camera.motion", 300);
        until("the end is stored", () -> store.open(House.SERVER, 10).isEmpty());
        assertThat(bus.open(EventFilter.ALL)).isEmpty();
        assertThat(store.get(ear.heard.get(1).id()).orElseThrow().endUs()).hasValue(300);
    }

    @Test
    void whoIsToldOfAnEventFindsIt() {
        start();
        store.holdSaves(1);
        CompletableFuture<Optional<Event>> found = new CompletableFuture<>();
        assertThat(bus.engine()
                        .say(new Said.Pulse(
                                fact("acme.k", ""),
                                1,
                                told -> found.complete(
                                        bus.get(told.orElseThrow().id())))))
                .isTrue();
        assertThat(found.orTimeout(30, TimeUnit.SECONDS).join()).isPresent();
        store.holdSaves(0);
    }

    @Test
    void whatIsStoredWhileTheListIsReadIsInTheList() {
        start();
        store.holdSaves(1);
        until("it is taken", () -> bus.pulse(fact("acme.k", ""), 1));
        until("it waits", () -> bus.figures().waiting() == 1);
        store.afterFind(() -> {
            store.holdSaves(0);
            until("it is stored", () -> bus.figures().waiting() == 0);
        });
        assertThat(bus.find(ALL)).extracting(Event::kind).containsExactly("acme.k");
    }

    @Test
    void aPageIsFullAlsoWhenWhatIsStoredFitsNoLonger() {
        start();
        for (int i = 0; i < 5; i++) {
            bus.hold(fact("acme.s" + i, ""), 10 + i, 60);
        }
        until("they are stored", () -> store.countNow() == 5 && bus.figures().waiting() == 0);
        store.holdSaves(1);
        bus.end(EventSource.camera(House.CAMERA, ""), "acme.s3", 50);
        until("the end waits", () -> bus.figures().waiting() == 1);
        EventFilter late =
                new EventFilter(OptionalLong.of(100), OptionalLong.empty(), Set.of(), Set.of(), EventSeverity.INFO);
        assertThat(bus.find(new EventQuery(late, Optional.empty(), 3)))
                .extracting(Event::kind)
                .containsExactly("acme.s4", "acme.s2", "acme.s1");
        store.holdSaves(0);
    }

    @Test
    void whoComesLateHearsTheStatesThatAreOnFirst() {
        start();
        bus.hold(fact("camera.motion", ""), 200, 60);
        until("it is on", () -> !bus.open(EventFilter.ALL).isEmpty());
        Ear ear = new Ear(0);
        bus.bindSubscriber(ear);
        bus.end(EventSource.camera(House.CAMERA, ""), "camera.motion", 300);
        until("begin and end were heard", () -> ear.heard.stream()
                .anyMatch(e -> !e.span().lasts()));
        assertThat(ear.heard.get(0).kind()).isEqualTo("camera.motion");
    }

    @Test
    void aSlowSubscriberLosesByTheRuleAndSlowsNobody() {
        start();
        Ear slow = new Ear(1);
        Ear quick = new Ear(0);
        bus.bindSubscriber(slow);
        bus.bindSubscriber(quick);
        bus.hold(fact("camera.motion", ""), 1, 60);
        for (int i = 0; i < 1_000; i++) {
            bus.pulse(fact("acme.k" + i % 200, ""), i);
        }
        bus.end(EventSource.camera(House.CAMERA, ""), "camera.motion", 2_000);
        until("the quick one heard the end", () -> quick.heard.stream()
                .anyMatch(e -> e.endUs().equals(OptionalLong.of(2_000))));
        slow.gate.countDown();
        until("the slow one heard the end", () -> slow.heard.stream()
                .anyMatch(e -> e.endUs().equals(OptionalLong.of(2_000))));
        assertThat(slow.spilled.get()).isPositive();
        assertThat(slow.heard.size()).isLessThan(300);
        assertThat(bus.figures().spilled()).isGreaterThanOrEqualTo(slow.spilled.get());
    }

    @Test
    void aFailingSubscriberHearsTheNextEvent() {
        start();
        AtomicLong calls = new AtomicLong();
        bus.bindSubscriber(new EventSubscriber() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public void onEvent(Event event) {
                calls.incrementAndGet();
                throw new IllegalStateException("on purpose");
            }
        });
        bus.pulse(fact("camera.manual", "1"), 1);
        bus.pulse(fact("camera.manual", "2"), 2);
        until("it was called for both", () -> calls.get() == 2);
    }

    @Test
    void aBurstIsBoundedAndWhatIsDroppedIsSaid() {
        start();
        Ear ear = new Ear(0);
        bus.bindSubscriber(ear);
        long taken = IntStream.range(0, 100_000)
                .parallel()
                .filter(i -> bus.pulse(fact("acme.k", "burst"), i))
                .count();
        long dropped = 100_000 - taken;
        assertThat(bus.figures().dropped()).isEqualTo(dropped);
        until("all that was taken is stored, and at most so much waits", () -> {
            assertThat(bus.figures().waiting()).isLessThanOrEqualTo(StoreWriter.WAITING_MAX + Inbox.SAID_MAX);
            return bus.figures().stored() + bus.figures().lost() >= taken;
        });
        // Where the store was too slow as well, what tells of the loss may be among what it could not take.
        if (dropped > 0 && bus.figures().lost() == 0) {
            until(
                    "the loss is an event",
                    () -> bus
                                    .find(new EventQuery(
                                            EventFilter.ofKinds(EventKinds.EVENTS_DROPPED), Optional.empty(), 100))
                                    .stream()
                                    .mapToLong(e ->
                                            e.fact().attributes().whole("count").orElseThrow())
                                    .sum()
                            == dropped);
        }
    }

    @Test
    void whileTheDatabaseIsAwayEventsAreDeliveredAndStoredLater() {
        start();
        bus.pulse(fact("acme.k", "before"), 1);
        until("the first is stored", () -> store.count(House.SERVER) == 1);
        store.away(true);
        Ear ear = new Ear(0);
        bus.bindSubscriber(ear);
        for (int i = 0; i < StoreWriter.WAITING_MAX; i++) {
            int number = i;
            until("it is taken", () -> bus.pulse(fact("acme.k", "while away"), number));
        }
        assertThatThrownBy(() -> bus.find(ALL)).isInstanceOf(StoreException.class);
        until("memory was relieved by the disk", () -> bus.figures().spooledBytes() > 0);
        store.away(false);
        // What the bus says of its own losses is stored, or lost, beside them.
        until(
                "all are stored or counted as lost",
                () -> store.countNow("acme.k") + bus.figures().lost() >= StoreWriter.WAITING_MAX + 1);
        until("the spool is empty", () -> bus.figures().spooledBytes() == 0);
        assertThat(store.countNow("acme.k")).isLessThanOrEqualTo(StoreWriter.WAITING_MAX + 1);
    }

    @Test
    void whatCouldNotBeStoredWhenTheServerStopsIsStoredByTheNextOne() {
        start();
        until("it is taken", () -> bus.pulse(fact("acme.k", "before"), 1));
        until(
                "the first is stored",
                () -> store.count(House.SERVER) == 1 && bus.figures().waiting() == 0);
        store.away(true);
        for (int i = 0; i < 100; i++) {
            bus.pulse(fact("acme.k", "while away"), 10 + i);
        }
        until("they wait", () -> bus.figures().waiting() == 100);
        bus.close();
        store.away(false);
        start();
        until("all are stored", () -> store.count(House.SERVER) == 101);
    }

    /** Who stops interrupts the thread that waits for the database; that must not close the file in which events are kept. */
    @ParameterizedTest(name = "deaf: {0}")
    @ValueSource(booleans = {false, true})
    void whatADatabaseThatHangsDidNotTakeIsStoredByTheNextServer(boolean deaf) {
        store.deaf(deaf);
        start();
        until("it is taken", () -> bus.pulse(fact("acme.k", "before"), 1));
        until(
                "the first is stored",
                () -> store.count(House.SERVER) == 1 && bus.figures().waiting() == 0);
        store.holdSaves(1);
        until("it is taken", () -> bus.pulse(fact("acme.k", "while it hangs"), 2));
        until("it waits", () -> bus.figures().waiting() == 1);
        bus.close();
        assertThat(bus.figures().lost()).isZero();
        assertThat(store.countNow()).as("not by the one that has stopped").isEqualTo(1);
        store.holdSaves(0);
        start();
        until("all are stored", () -> store.count(House.SERVER) == 2);
    }

    @Test
    void aStateGoesOnAfterARestartWhenItIsSaidAgain() {
        start();
        bus.hold(fact("camera.motion", ""), 200, 60);
        until("it is stored", () -> store.open(House.SERVER, 10).size() == 1);
        Event before = store.open(House.SERVER, 10).get(0);
        bus.close();
        start();
        until("it is known again", () -> bus.open(EventFilter.ALL).equals(List.of(before)));
        bus.hold(fact("camera.motion", ""), 900, 60);
        bus.end(EventSource.camera(House.CAMERA, ""), "camera.motion", 1_000);
        until("its end is stored", () -> store.open(House.SERVER, 10).isEmpty());
        Event after = store.get(before.id()).orElseThrow();
        assertThat(after.span()).isEqualTo(before.span().ended(1_000, EndReason.OVER));
        assertThat(store.count(House.SERVER)).isEqualTo(1);
        assertThat(after.sequence()).isGreaterThan(before.sequence());
    }

    @Test
    void whoKeepsAPositionGoesOnFromThereOverARestart() {
        start();
        until("the store is known", () -> {
            try {
                return bus.lastSequence() >= 0;
            } catch (StoreException notYet) {
                return false;
            }
        });
        bus.pulse(fact("camera.manual", "one"), 1);
        until("it is there", () -> bus.changesAfter(0, 10).size() == 1);
        long position = bus.lastSequence();
        bus.pulse(fact("camera.manual", "two"), 2);
        until("it is stored", () -> store.countNow() == 2);
        bus.close();

        bus = new EventBus(House.identity(folder), House.settings(1 << 20));
        assertThatThrownBy(() -> bus.changesAfter(position, 10))
                .as("nothing is skipped before it is known what was left")
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(bus::lastSequence).isInstanceOf(StoreException.class);
        bus.bindStore(store);
        until("the store is known", () -> {
            try {
                return bus.changesAfter(position, 10).size() == 1;
            } catch (StoreException notYet) {
                return false;
            }
        });
        assertThat(bus.changesAfter(position, 10).get(0).fact().detail()).isEqualTo("two");
        assertThat(bus.countSettled(EventFilter.ALL, position, bus.lastSequence()))
                .isEqualTo(1);
    }

    @Test
    void aStoreThatIsExchangedAmidASaveCostsNoEvent() {
        start();
        AtomicLong tries = new AtomicLong();
        store.beforeSave(() -> {
            if (tries.getAndIncrement() == 0) {
                throw new NoClassDefFoundError("said by the test");
            }
        });
        bus.pulse(fact("camera.manual", "help"), 100);
        until("it is stored", () -> store.countNow("camera.manual") == 1);
    }

    @Test
    void aStoreThatIsExchangedWhileTheServerStopsCostsNoEvent() {
        start();
        until(
                "it is known",
                () -> bus.pulse(fact("camera.manual", "first"), 100) && store.countNow("camera.manual") > 0);
        long before = store.countNow("camera.manual");
        store.beforeSave(() -> {
            throw new NoClassDefFoundError("said by the test");
        });
        bus.pulse(fact("camera.tamper", "last"), 200);
        bus.close();
        store.beforeSave(() -> {});
        start();
        until("it is stored", () -> store.countNow("camera.tamper") == 1);
        assertThat(store.countNow("camera.manual")).isGreaterThanOrEqualTo(before);
    }
}
