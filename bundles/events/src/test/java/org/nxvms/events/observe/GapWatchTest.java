// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Each gap that matters is said once, with its start, its end and its cause. */
class GapWatchTest {
    private static final StreamId GATE = StreamId.main(new UUID(1, 1));
    private static final long SECOND_US = 1_000_000;

    private long nowUs = 100 * SECOND_US;
    private final List<String> said = new ArrayList<>();
    private final List<EventSeverity> severities = new ArrayList<>();
    private final Set<UUID> known = new HashSet<>(Set.of(GATE.cameraId()));
    private final List<Event> before = new ArrayList<>();
    private final GapWatch watch = new GapWatch(new Notes(), new Log(), () -> nowUs);

    private final class Notes implements EventPublisher {
        @Override
        public boolean pulse(EventFact fact, long atUs) {
            throw new AssertionError("a gap is no pulse");
        }

        @Override
        public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
            String text = "hold " + fact.attributes().text("cause").orElseThrow() + " since " + sinceUs / SECOND_US;
            if (!said.contains(text)) {
                said.add(text);
            }
            return true;
        }

        @Override
        public boolean past(EventFact fact, long startUs, long endUs) {
            severities.add(fact.severity());
            return said.add("past " + fact.attributes().text("cause").orElseThrow() + " " + startUs / SECOND_US + ".."
                    + endUs / SECOND_US);
        }

        @Override
        public boolean end(EventSource source, String kind, long endUs) {
            assertThat(source).isEqualTo(EventSource.stream(GATE));
            return said.add("end " + endUs / SECOND_US);
        }
    }

    private final class Log implements EventLog {
        @Override
        public List<Event> find(EventQuery query) {
            throw new AssertionError("the database is not asked");
        }

        @Override
        public Optional<Event> get(UUID id) {
            throw new AssertionError("the database is not asked");
        }

        @Override
        public List<Event> open(EventFilter filter) {
            return before.stream().filter(filter::fits).toList();
        }

        @Override
        public List<EventKindInfo> kinds() {
            return List.of();
        }

        @Override
        public List<Event> changesAfter(long sequence, int limit) {
            throw new AssertionError("nobody follows");
        }

        @Override
        public long lastSequence() {
            throw new AssertionError("nobody follows");
        }

        @Override
        public long countSettled(EventFilter filter, long afterSequence, long throughSequence) {
            throw new AssertionError("nobody counts");
        }

        @Override
        public EventFigures figures() {
            throw new AssertionError("nobody counts");
        }
    }

    private static Gap gap(int id, long from, Long to, GapCause cause) {
        return new Gap(
                new UUID(0, id),
                GATE,
                from * SECOND_US,
                to == null ? OptionalLong.empty() : OptionalLong.of(to * SECOND_US),
                cause,
                "");
    }

    private void look(long second) {
        nowUs = second * SECOND_US;
        watch.look(known::contains);
    }

    @Test
    void aGapIsSaidOnceItMattersAndEndsWhereItEnds() {
        watch.changed(gap(1, 100, null, GapCause.CAMERA_UNREACHABLE));
        look(101);
        look(102);
        assertThat(said).isEmpty();
        look(103);
        look(104);
        assertThat(said).containsExactly("hold camera_unreachable since 100");
        watch.changed(gap(1, 100, 108L, GapCause.CAMERA_UNREACHABLE));
        look(109);
        look(110);
        // Told again, as after a rebuild: nothing new.
        watch.changed(gap(1, 100, 108L, GapCause.CAMERA_UNREACHABLE));
        look(111);
        assertThat(said).containsExactly("hold camera_unreachable since 100", "end 108");
    }

    /** A rebuild reads journals of volumes, also of cameras that a database which was lost knew. */
    @Test
    void aGapOfACameraThatNobodyKnowsIsOver() {
        watch.changed(gap(1, 100, null, GapCause.CAMERA_UNREACHABLE));
        look(105);
        known.clear();
        look(110);
        look(111);
        watch.changed(gap(2, 120, null, GapCause.AUTH));
        look(130);
        assertThat(said).containsExactly("hold camera_unreachable since 100", "end 110");
    }

    @Test
    void aShortGapAndOneThatWasNoneAreNotSaid() {
        watch.changed(gap(1, 100, null, GapCause.CAMERA_UNREACHABLE));
        watch.changed(gap(1, 100, 102L, GapCause.CAMERA_UNREACHABLE));
        watch.changed(gap(2, 105, null, GapCause.STREAM_STALLED));
        watch.dropped(gap(2, 105, null, GapCause.STREAM_STALLED));
        look(120);
        assertThat(said).isEmpty();
    }

    @Test
    void whatNobodyWantedRecordedIsNoEvent() {
        watch.changed(gap(1, 100, null, GapCause.NOT_SCHEDULED));
        watch.changed(gap(2, 10, 50L, GapCause.DELETED_BY_RETENTION));
        look(200);
        assertThat(said).isEmpty();
    }

    @Test
    void anotherCauseIsAnotherEvent() {
        watch.changed(gap(1, 100, null, GapCause.STREAM_STALLED));
        look(105);
        watch.changed(gap(1, 100, 110L, GapCause.STREAM_STALLED));
        watch.changed(gap(2, 110, null, GapCause.CAMERA_UNREACHABLE));
        look(115);
        assertThat(said)
                .containsExactly("hold stream_stalled since 100", "end 110", "hold camera_unreachable since 110");
    }

    @Test
    void aGapThatIsFoundAsAWholeIsAPastState() {
        watch.changed(gap(2, 90, null, GapCause.CAMERA_UNREACHABLE));
        look(100);
        watch.changed(gap(1, 10, 50L, GapCause.SERVER_DOWN));
        look(101);
        assertThat(said).containsExactly("hold camera_unreachable since 90", "past server_down 10..50");
    }

    @Test
    void aServerThatWasDownIsNoAlarmOfEachCamera() {
        watch.changed(gap(1, 10, 50L, GapCause.SERVER_DOWN));
        watch.changed(gap(2, 60, 70L, GapCause.DISK_FULL));
        look(101);
        assertThat(severities).containsExactly(EventSeverity.WARNING, EventSeverity.CRITICAL);
    }

    @Test
    void aGapThatAnEarlierProcessLeftOpenEndsToo() {
        EventFact fact = EventFact.of(
                        EventSource.stream(GATE),
                        "recording.gap",
                        EventSeverity.CRITICAL,
                        "",
                        org.nxvms.platform.api.event.EventAttributes.NONE)
                .correlated(new UUID(0, 1));
        before.add(new Event(new UUID(9, 9), new UUID(7, 7), 1, fact, EventSpan.open(50 * SECOND_US)));
        watch.changed(gap(1, 50, 99L, GapCause.SERVER_DOWN));
        look(100);
        assertThat(said).containsExactly("end 99");
    }
}
