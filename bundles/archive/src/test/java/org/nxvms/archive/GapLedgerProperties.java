// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;

/**
 * Whatever happens to a camera and to the server, each second between the first and the last footage is footage or lies
 * in exactly one gap. The model is a row of seconds.
 */
class GapLedgerProperties {
    private static final long SECOND = Footage.SECOND_US;

    /** What happens next, and for how many seconds. */
    record Event(Kind kind, int seconds, GapCause cause) {}

    enum Kind {
        FOOTAGE,
        CAMERA_GONE,
        VOLUME_HANGS,
        CAUSE_CHANGES,
        RUN_LOST,
        FILLED,
        CLEAN_RESTART,
        CRASH,
        RECORDER_AWAY
    }

    @Provide
    Arbitrary<List<Event>> days() {
        Arbitrary<Event> event = Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(3, 9),
                        Arbitraries.of(GapCause.CAMERA_UNREACHABLE, GapCause.AUTH, GapCause.DISK_FULL))
                .as(Event::new);
        return event.list().ofMinSize(1).ofMaxSize(25);
    }

    @Property(tries = 500)
    void eachSecondIsFootageOrExplainedOnce(@ForAll("days") List<Event> day) {
        Day model = new Day();
        model.footage(3);
        for (Event event : day) {
            switch (event.kind()) {
                case FOOTAGE -> model.footage(event.seconds());
                case CAMERA_GONE -> model.cameraGone(event.seconds(), event.cause());
                case VOLUME_HANGS -> model.volumeHangs(event.seconds());
                case CAUSE_CHANGES -> model.causeChanges(event.seconds(), event.cause());
                case RUN_LOST -> model.runLost(event.seconds(), event.cause());
                case FILLED -> model.filled(event.seconds());
                case CLEAN_RESTART -> model.restart(event.seconds(), true);
                case CRASH -> model.restart(event.seconds(), false);
                case RECORDER_AWAY -> model.silence(event.seconds());
            }
        }
        model.footage(1);
        model.check();
    }

    /** The world beside the ledger: time, footage, and what is stored of gaps. */
    private static final class Day implements GapLedger.Sink {
        private final Map<UUID, Gap> stored = new HashMap<>();
        private final List<Long> recorded = new ArrayList<>();
        private final boolean[] footage = new boolean[1000];
        private GapLedger ledger = new GapLedger(this);
        private int now;
        private int footageEnd;

        @Override
        public void save(Gap gap) {
            stored.put(gap.id(), gap);
        }

        @Override
        public void drop(Gap gap) {
            stored.remove(gap.id());
        }

        void footage(int seconds) {
            ledger.runStarts(Footage.CAMERA, now * SECOND);
            run(seconds);
        }

        private void run(int seconds) {
            for (int i = 0; i < seconds; i++) {
                recorded.add((long) now);
                footage[now++] = true;
                ledger.footage(Footage.CAMERA, (now - 1) * SECOND, now * SECOND);
            }
            footageEnd = now;
        }

        /** It is told as a gap while it lasts, and all is written when it is over. */
        void volumeHangs(int seconds) {
            footage(1);
            ledger.gap(Footage.CAMERA, now * SECOND, GapCause.DISK_SLOW, "");
            run(seconds);
        }

        /** No volume takes anything, for one reason and then for another, and the ring holds all but the first second. */
        void causeChanges(int seconds, GapCause cause) {
            footage(1);
            ledger.gap(Footage.CAMERA, now * SECOND, GapCause.DISK_SLOW, "");
            ledger.gap(Footage.CAMERA, (now + seconds / 2) * SECOND, cause, "");
            ledger.gap(Footage.CAMERA, (now + seconds - 1) * SECOND, GapCause.VOLUME_ABSENT, "");
            now++;
            footage(seconds);
        }

        void cameraGone(int seconds, GapCause cause) {
            ledger.gap(Footage.CAMERA, now * SECOND, cause, "");
            now += seconds;
        }

        /** A run is opened after a gap, and its first fragment does not get onto the disk. */
        void runLost(int seconds, GapCause cause) {
            cameraGone(seconds, cause);
            ledger.runStarts(Footage.CAMERA, now * SECOND);
            now++;
            ledger.gap(Footage.CAMERA, footageEnd * SECOND, GapCause.DISK_SLOW, "");
            now += seconds;
        }

        /** What the camera has of the first gap that is over is put there: from its beginning, within it, or to its end. */
        void filled(int seconds) {
            stored.values().stream()
                    .filter(gap -> gap.toUs().isPresent() && gap.toUs().getAsLong() <= footageEnd * SECOND)
                    .min(Comparator.comparingLong(Gap::fromUs))
                    .ifPresent(gap -> {
                        int end = (int) (gap.toUs().getAsLong() / SECOND);
                        int from = Math.min(end - 1, (int) (gap.fromUs() / SECOND) + seconds % 3);
                        int to = Math.min(end, from + seconds - 2);
                        // A crash may have it told twice.
                        for (int i = 0; i < 1 + seconds % 2; i++) {
                            List<Gap> known = List.copyOf(stored.values());
                            ledger.filled(Footage.CAMERA, from * SECOND, to * SECOND, known);
                        }
                        Arrays.fill(footage, from, to, true);
                    });
        }

        void silence(int seconds) {
            now += seconds;
        }

        void restart(int seconds, boolean clean) {
            if (clean) {
                ledger.shutdown(now * SECOND);
            }
            now += seconds;
            ledger = new GapLedger(this);
            stored.values().stream()
                    .filter(gap -> gap.toUs().isEmpty())
                    .toList()
                    .forEach(ledger::restore);
            ledger.previousEnd(Footage.CAMERA, footageEnd * SECOND);
        }

        void check() {
            int[] explained = new int[now];
            for (Gap gap : stored.values()) {
                assertThat(gap.toUs()).as("open gap behind footage: " + gap).isPresent();
                int from = (int) (gap.fromUs() / SECOND);
                int to = (int) (gap.toUs().getAsLong() / SECOND);
                for (int i = from; i < to; i++) {
                    explained[i]++;
                }
            }
            for (int i = 0; i < now; i++) {
                assertThat(explained[i])
                        .as("second " + i + " of footage " + recorded + ", gaps " + stored.values() + ", "
                                + Arrays.toString(explained))
                        .isEqualTo(footage[i] ? 0 : 1);
            }
        }
    }

    @Example
    void whoDecidedThatNothingIsWantedIsToldAndWordsOfAFaultMayChange() {
        Day model = new Day();
        model.footage(3);
        model.ledger.gap(Footage.CAMERA, 3 * SECOND, GapCause.NOT_SCHEDULED, "");
        model.ledger.gap(Footage.CAMERA, 5 * SECOND, GapCause.NOT_SCHEDULED, "switched off");
        model.ledger.gap(Footage.CAMERA, 6 * SECOND, GapCause.NOT_SCHEDULED, "switched off");
        model.ledger.gap(Footage.CAMERA, 7 * SECOND, GapCause.AUTH, "refused");
        model.ledger.gap(Footage.CAMERA, 8 * SECOND, GapCause.AUTH, "refused again");
        assertThat(model.stored.values())
                .extracting(Gap::fromUs, Gap::cause, Gap::detail)
                .containsExactlyInAnyOrder(
                        tuple(3 * SECOND, GapCause.NOT_SCHEDULED, ""),
                        tuple(5 * SECOND, GapCause.NOT_SCHEDULED, "switched off"),
                        tuple(7 * SECOND, GapCause.AUTH, "refused"));
    }

    @Property(tries = 100)
    void removedFootageIsOneGrowingGap(@ForAll("days") List<Event> chunks) {
        Day model = new Day();
        long at = 0;
        for (Event chunk : chunks) {
            model.ledger.removed(Footage.CAMERA, at * SECOND, (at + chunk.seconds()) * SECOND, Optional.empty());
            at += chunk.seconds();
        }
        assertThat(model.stored.values()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(GapCause.DELETED_BY_RETENTION);
            assertThat(gap.fromUs()).isZero();
        });
        assertThat(model.stored.values().iterator().next().toUs()).hasValue(at * SECOND);
    }
}
