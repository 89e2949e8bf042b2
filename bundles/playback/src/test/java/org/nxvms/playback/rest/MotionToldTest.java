// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.playback.rest.MotionTold.Told;

/** What a camera told of a long time is read to its beginning. */
class MotionToldTest {
    private static final UUID CAMERA = new UUID(0, 1);
    private static final EventFilter ALL =
            new EventFilter(OptionalLong.empty(), OptionalLong.empty(), Set.of(), Set.of(CAMERA), EventSeverity.INFO);

    /** Of a log with one event a second, newest first, by pages as long as pages may be. */
    private static EventLog log(int events) {
        return log(events, Integer.MAX_VALUE);
    }

    /** @param pages after which its database is away */
    private static EventLog log(int events, int pages) {
        AtomicInteger told = new AtomicInteger();
        return (EventLog) Proxy.newProxyInstance(
                MotionToldTest.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (told.incrementAndGet() > pages) {
                        throw new StoreException("The database is away.", new IllegalStateException());
                    }
                    EventQuery query = (EventQuery) arguments[0];
                    long from = query.after().map(EventQuery.Position::startUs).orElse((long) events) - 1;
                    return LongStream.iterate(from, second -> second >= 0, second -> second - 1)
                            .limit(query.limit())
                            .mapToObj(MotionToldTest::event)
                            .toList();
                });
    }

    private static Event event(long startUs) {
        EventFact fact = EventFact.of(
                EventSource.camera(CAMERA, "main"),
                EventKinds.CAMERA_MOTION,
                EventSeverity.INFO,
                "",
                EventAttributes.NONE);
        return new Event(new UUID(2, startUs), CAMERA, 1, fact, EventSpan.pulse(startUs));
    }

    private static Told<Long> told(EventLog log) {
        return MotionTold.newest(log, ALL, Integer.MAX_VALUE, event -> Optional.of(event.startUs()));
    }

    @Test
    void aWeekOfABusyCameraIsReadToItsBeginning() {
        Told<Long> week = told(log(3_500));
        assertThat(week.items()).hasSize(3_500).isSorted();
        assertThat(week.leftOut()).isFalse();
        assertThat(told(log(2_000)))
                .isEqualTo(new Told<>(LongStream.range(0, 2_000).boxed().toList(), false));
        assertThat(told(log(0))).isEqualTo(new Told<>(List.of(), false));
    }

    @Test
    void whatWasReadIsToldThoughTheDatabaseIsAwayThenAndThatThereMayBeMore() {
        Told<Long> begun = told(log(3_500, 2));
        assertThat(begun.items()).hasSize(2_000).startsWith(1_500L);
        assertThat(begun.leftOut()).isTrue();
        assertThat(told(log(3_500, 0))).isEqualTo(new Told<>(List.of(), true));
    }

    @Test
    void howManyAreReadHasABoundAndWhatLiesBeforeItIsSaidToBeMissing() {
        assertThat(told(log(MotionTold.EVENTS_MAX)).leftOut()).isFalse();
        Told<Long> more = told(log(MotionTold.EVENTS_MAX + 1));
        assertThat(more.items()).hasSize(MotionTold.EVENTS_MAX).startsWith(1L);
        assertThat(more.leftOut()).isTrue();
    }

    @Test
    void ofTheManyThatAreReadTheNewestAreTold() {
        Told<Long> odd = MotionTold.newest(
                log(3_500), ALL, 10, event -> Optional.of(event.startUs()).filter(second -> second % 2 == 1));
        assertThat(odd.items()).hasSize(10).startsWith(3_481L).endsWith(3_499L);
        assertThat(odd.leftOut()).isTrue();
        Told<Long> few = MotionTold.newest(
                log(3_500), ALL, 10, event -> Optional.of(event.startUs()).filter(second -> second < 10));
        assertThat(few.items()).hasSize(10);
        assertThat(few.leftOut()).as("exactly as many").isFalse();
    }
}
