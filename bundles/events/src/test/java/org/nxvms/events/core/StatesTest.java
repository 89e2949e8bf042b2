// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.event.EventSpan.EndReason;

/** A state is on as long as somebody says so, and never longer. */
class StatesTest {
    private static final EventSource CAMERA = EventSource.camera(new UUID(1, 1), "");
    private static final String MOTION = "camera.motion";
    private static final long IDLE_NS = TimeUnit.HOURS.toNanos(1);

    private long nowNs = 1_000;
    private long nowUs = 1_700_000_000_000_000L;
    private final States states = new States(new UUID(7, 7), new Numbers(() -> nowUs), () -> nowUs, () -> nowNs);
    private final List<Event> changes = new ArrayList<>();
    /** When the states want to be asked again, as of the last tick. */
    private long waitNs;

    private void pass(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
        nowUs += ms * 1_000;
    }

    private Event hold(String detail, EventSeverity severity) {
        EventFact fact = EventFact.of(CAMERA, MOTION, severity, detail, EventAttributes.NONE);
        return hold(fact);
    }

    private Event hold(EventFact fact) {
        return states.hold(new Said.Hold(fact, nowUs, 30, Said.UNHEARD), changes)
                .orElseThrow();
    }

    private List<Event> tick() {
        changes.clear();
        waitNs = states.tick(changes, IDLE_NS);
        return List.copyOf(changes);
    }

    @Test
    void itBeginsOnceHoweverOftenItIsSaid() {
        Event begun = hold("something moves", EventSeverity.INFO);
        for (int i = 0; i < 100; i++) {
            pass(1_000);
            assertThat(hold("something moves", EventSeverity.INFO)).isEqualTo(begun);
            assertThat(states.open()).containsExactly(begun);
        }
        assertThat(changes).containsExactly(begun);
        Event ended = states.end(CAMERA, MOTION, nowUs).orElseThrow();
        assertThat(ended.id()).isEqualTo(begun.id());
        assertThat(ended.span()).isEqualTo(begun.span().ended(nowUs, EndReason.OVER));
        assertThat(states.open()).isEmpty();
        assertThat(states.end(CAMERA, MOTION, nowUs)).isEmpty();
    }

    @Test
    void itLapsesWhenNobodySaysItAgain() {
        Event begun = hold("", EventSeverity.INFO);
        pass(29_999);
        assertThat(tick()).isEmpty();
        pass(1);
        assertThat(tick()).singleElement().satisfies(ended -> {
            assertThat(ended.id()).isEqualTo(begun.id());
            assertThat(ended.span().endReason()).contains(EndReason.LAPSED);
            assertThat(ended.endUs()).hasValue(nowUs);
            assertThat(ended.sequence()).isGreaterThan(begun.sequence());
        });
        assertThat(states.open()).isEmpty();
    }

    @Test
    void itTellsWhenTimeBringsAboutMoreSoThatNobodyAsksAllTheTime() {
        tick();
        assertThat(waitNs).isEqualTo(IDLE_NS);
        hold("0", EventSeverity.INFO);
        tick();
        assertThat(waitNs).isEqualTo(TimeUnit.SECONDS.toNanos(30));
        pass(400);
        hold("1", EventSeverity.INFO);
        assertThat(tick()).isEmpty();
        assertThat(waitNs).isEqualTo(TimeUnit.MILLISECONDS.toNanos(600));
        pass(600);
        assertThat(tick()).extracting(event -> event.fact().detail()).containsExactly("1");
        assertThat(waitNs).isEqualTo(TimeUnit.MILLISECONDS.toNanos(29_400));
        pass(29_400);
        assertThat(tick()).hasSize(1);
        assertThat(waitNs).isEqualTo(IDLE_NS);
    }

    @Test
    void whatAnEarlierProcessLeftOnGoesOnWhenItIsSaidAgain() {
        Event before = new Event(
                Numbers.id(5),
                new UUID(7, 7),
                5,
                EventFact.of(CAMERA, MOTION, EventSeverity.INFO, "", EventAttributes.NONE),
                EventSpan.open(5));
        states.restore(before, 60, changes);
        assertThat(states.open()).containsExactly(before);
        pass(59_000);
        assertThat(hold("", EventSeverity.INFO)).isEqualTo(before);
        pass(29_000);
        assertThat(tick()).isEmpty();
        pass(2_000);
        assertThat(tick())
                .singleElement()
                .satisfies(ended -> assertThat(ended.span().endReason()).contains(EndReason.LAPSED));
    }

    @Test
    void whatAnEarlierProcessLeftOnEndsWhenItsSourceIsGone() {
        Event before = new Event(
                Numbers.id(5),
                new UUID(7, 7),
                5,
                EventFact.of(CAMERA, MOTION, EventSeverity.INFO, "", EventAttributes.NONE),
                EventSpan.open(5));
        states.restore(before, 60, changes);
        pass(60_000);
        assertThat(tick()).singleElement().satisfies(ended -> {
            assertThat(ended.id()).isEqualTo(before.id());
            assertThat(ended.span().endReason()).contains(EndReason.SOURCE_GONE);
        });
    }

    @Test
    void aStateThatBeganAnewBeforeTheOldOneWasKnownEndsTheOldOne() {
        Event fresh = hold("", EventSeverity.INFO);
        Event before = new Event(Numbers.id(5), new UUID(7, 7), 5, fresh.fact(), EventSpan.open(5));
        changes.clear();
        states.restore(before, 60, changes);
        assertThat(changes).singleElement().satisfies(ended -> {
            assertThat(ended.id()).isEqualTo(before.id());
            assertThat(ended.span()).isEqualTo(before.span().ended(fresh.startUs(), EndReason.SOURCE_GONE));
        });
        assertThat(states.open()).containsExactly(fresh);
    }

    @Test
    void aDetailThatKeepsChangingIsPublishedOnceASecondAndTheLastOneCounts() {
        hold("0", EventSeverity.INFO);
        for (int i = 1; i <= 50; i++) {
            pass(100);
            hold(String.valueOf(i), EventSeverity.INFO);
            states.tick(changes, IDLE_NS);
        }
        assertThat(changes).hasSize(6);
        pass(1_000);
        states.tick(changes, IDLE_NS);
        assertThat(states.open())
                .singleElement()
                .satisfies(event -> assertThat(event.fact().detail()).isEqualTo("50"));
    }

    @Test
    void aWorseSeverityIsPublishedAtOnce() {
        hold("", EventSeverity.WARNING);
        hold("", EventSeverity.CRITICAL);
        assertThat(changes).extracting(Event::severity).containsExactly(EventSeverity.WARNING, EventSeverity.CRITICAL);
    }

    @Test
    void anotherCorrelationIsAnotherOccurrence() {
        EventFact fact = EventFact.of(CAMERA, MOTION, EventSeverity.INFO, "", EventAttributes.NONE);
        Event first = hold(fact.correlated(new UUID(0, 1)));
        pass(5_000);
        Event second = hold(fact.correlated(new UUID(0, 2)));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(changes).hasSize(3);
        assertThat(changes.get(1).id()).isEqualTo(first.id());
        assertThat(changes.get(1).endUs()).hasValue(second.startUs());
        assertThat(states.open()).containsExactly(second);
    }

    @Test
    void aFaultyPublisherCannotFillTheMemory() {
        for (int i = 0; i < States.OPEN_MAX; i++) {
            EventFact fact = EventFact.of(
                    EventSource.camera(new UUID(1, 1), "input/" + i),
                    MOTION,
                    EventSeverity.INFO,
                    "",
                    EventAttributes.NONE);
            assertThat(states.hold(new Said.Hold(fact, nowUs, 30, Said.UNHEARD), changes))
                    .isPresent();
        }
        EventFact more = EventFact.of(CAMERA, MOTION, EventSeverity.INFO, "", EventAttributes.NONE);
        assertThat(states.hold(new Said.Hold(more, nowUs, 30, Said.UNHEARD), changes))
                .isEqualTo(Optional.empty());
    }

    @Test
    void numbersAndIdsRiseWhateverTheClockDoes() {
        long[] clock = {1_700_000_000_000_999L};
        Numbers numbers = new Numbers(() -> clock[0]);
        long last = numbers.next();
        String id = Numbers.id(last).toString();
        for (int i = 0; i < 10_000; i++) {
            clock[0] += i % 7 == 0 ? -3_600_000_000L : i % 5 * 300;
            long next = numbers.next();
            String nextId = Numbers.id(next).toString();
            assertThat(next).isGreaterThan(last);
            assertThat(nextId).isGreaterThan(id);
            last = next;
            id = nextId;
        }
        assertThat(Numbers.id(last).version()).isEqualTo(7);
        assertThat(Numbers.id(last).variant()).isEqualTo(2);
    }
}
