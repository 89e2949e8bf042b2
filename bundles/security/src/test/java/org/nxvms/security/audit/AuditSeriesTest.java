// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.security.MemoryAuditStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.TestIdentity;
import org.nxvms.test.kit.Awaiting;

/** Who watches an hour of footage, or moves a camera about, is in the audit without filling it. */
class AuditSeriesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID GATE = new UUID(0, 7);
    private static final UUID YARD = new UUID(0, 8);

    @TempDir
    private Path folder;

    private final MemoryAuditStore store = new MemoryAuditStore();
    private final MovingClock clock = new MovingClock();
    private ChainedTrail trail;

    @BeforeEach
    void start() throws Exception {
        trail = new ChainedTrail(new TestIdentity(folder), clock);
        trail.setStore(store);
    }

    @AfterEach
    void stop() {
        trail.stop();
    }

    private static AuditNote.Actor user(long id) {
        return new AuditNote.Actor(Optional.of(new UUID(1, id)), "user" + id, Optional.empty(), "192.0.2.7");
    }

    private void sees(long user, UUID camera, String way, int fromSecond) {
        Instant from = NOON.plusSeconds(fromSecond);
        trail.noteOften(AuditNote.footageViewed(user(user), camera, way, from, Optional.of(from.plusMillis(1_500))));
    }

    private boolean isStored() {
        try {
            return trail.flush();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private List<AuditNote> stored() throws Exception {
        assertThat(trail.flush()).isTrue();
        return store.rows.stream().map(AuditEntry::note).toList();
    }

    @Test
    void theFirstTimeIsNotedAtOnceAndTheRestAtTheEndWithAllThatWasSeen() throws Exception {
        sees(1, GATE, "segments", 60);
        assertThat(stored()).singleElement().satisfies(note -> {
            assertThat(note.action()).isEqualTo("footage.viewed");
            assertThat(note.subject()).isEqualTo("camera/" + GATE);
            assertThat(note.after())
                    .containsOnly(
                            Map.entry("way", "segments"),
                            Map.entry("from", "2026-03-01T12:01:00Z"),
                            Map.entry("to", "2026-03-01T12:01:01.500Z"));
        });

        sees(1, GATE, "segments", 0);
        clock.pass(Duration.ofMinutes(4));
        sees(1, GATE, "segments", 120);
        sees(1, GATE, "segments", 30);
        clock.pass(Duration.ofMinutes(4));
        assertThat(stored()).as("it may go on").hasSize(1);

        clock.pass(Duration.ofMinutes(1));
        assertThat(stored()).hasSize(2);
        assertThat(stored().get(1).after())
                .containsOnly(
                        Map.entry("way", "segments"),
                        Map.entry("more", "3"),
                        Map.entry("from", "2026-03-01T12:00:00Z"),
                        Map.entry("to", "2026-03-01T12:02:01.500Z"));
        assertThat(trail.verify().isWhole()).isTrue();
    }

    @Test
    void whatWasDoneOnceHasOneEntryAndWhatBeginsAnewABeginning() throws Exception {
        sees(1, GATE, "segments", 0);
        clock.pass(Duration.ofMinutes(6));
        assertThat(stored()).hasSize(1);
        sees(1, GATE, "segments", 300);
        assertThat(stored()).hasSize(2);
        assertThat(stored()).noneMatch(note -> note.after().containsKey("more"));
    }

    @Test
    void anotherUserCameraOrWayIsAnotherSeries() throws Exception {
        for (int second = 0; second < 20; second++) {
            sees(1, GATE, "segments", second);
            sees(2, GATE, "segments", second);
            sees(1, YARD, "segments", second);
            sees(1, GATE, "thumbnail", second);
        }
        assertThat(stored()).hasSize(4);
        trail.stop();
        assertThat(store.rows)
                .as("what is counted is told when the server stops")
                .hasSize(8);
        start();
        assertThat(trail.verify().isWhole()).isTrue();
    }

    @Test
    void whoGoesOnAllDayIsToldOfEachHour() throws Exception {
        for (int minute = 0; minute < 3 * 60; minute++) {
            sees(1, GATE, "segments", minute * 60);
            clock.pass(Duration.ofMinutes(1));
        }
        assertThat(stored()).hasSize(6);
    }

    /** Who read the clock before, and comes after, would take a series that has just begun for one of before the clock was set back. */
    @Test
    void theClockIsReadWhenNobodyElseIsThere() {
        Series series = new Series();
        List<Boolean> alone = new ArrayList<>();
        AuditNote note = AuditNote.footageViewed(user(1), GATE, "segments", NOON, Optional.of(NOON));
        Supplier<Instant> time = () -> {
            alone.add(Thread.holdsLock(series));
            return NOON;
        };
        assertThat(series.taken(note, time)).containsExactly(note);
        assertThat(series.over(time)).isEmpty();
        assertThat(alone).containsExactly(true, true);
    }

    @Test
    void aClockThatIsSetBackHidesNothing() throws Exception {
        sees(1, GATE, "segments", 0);
        sees(1, GATE, "segments", 1);
        clock.pass(Duration.ofHours(-1));
        sees(1, GATE, "segments", 2);
        assertThat(stored()).hasSize(3);
        assertThat(stored().get(1).after()).containsEntry("more", "1");
    }

    @Test
    void whoIsRefusedIsNotedAsEverywhere() throws Exception {
        for (int i = 0; i < 50; i++) {
            trail.noteOften(AuditNote.footageRefused(user(1), GATE, "segments"));
        }
        assertThat(stored()).singleElement().matches(note -> !note.done());
    }

    @Test
    void ofMoreFieldsThanFindRoomItIsSaidHowManyAreLeftOut() throws Exception {
        Map<String, String> fields = new TreeMap<>();
        for (int i = 10; i < 30; i++) {
            fields.put("field" + i, "x");
        }
        trail.note(new AuditNote("camera.changed", true, user(1), "camera/" + GATE, Map.of(), fields));
        assertThat(stored().get(0).after())
                .hasSize(12)
                .containsKeys("field10", "field20")
                .containsEntry("...", "9 more");
    }

    @Test
    void manySeriesAtOnceAreBoundedAndNoneIsForgotten() throws Exception {
        int many = Series.RUNNING_MAX + 100;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < many; i++) {
                sees(1, new UUID(9, i), "segments", round);
                sees(1, new UUID(9, i), "segments", round + 1);
                if (i % 1_000 == 0) {
                    stored();
                }
            }
        }
        // Five thousand entries, for which who stops does not wait longer than half a minute.
        clock.pass(Series.SILENCE);
        Awaiting.until("all is stored", this::isStored);
        trail.stop();
        long first = store.rows.stream()
                .filter(row -> !row.note().after().containsKey("more"))
                .count();
        long counted = store.rows.stream()
                .map(row -> row.note().after().get("more"))
                .filter(more -> more != null)
                .mapToLong(Long::parseLong)
                .sum();
        assertThat(first + counted)
                .as("each look is a note of its own, or counted")
                .isEqualTo(4L * many);
        start();
    }
}
