// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.health.Losses.Loss;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.test.kit.TestCamera;

/** What is missing of the last day. */
class LossesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final long HOUR_US = 3_600_000_000L;
    private static final long NOW_US = NOW.toEpochMilli() * 1_000;
    private static final UUID GATE = new UUID(1, 1);
    private static final UUID YARD = new UUID(1, 2);

    private final List<Gap> gaps = new ArrayList<>();
    private final List<Object> asked = new ArrayList<>();
    private boolean away;

    private final Archive archive = (Archive) Proxy.newProxyInstance(
            LossesTest.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                if (away) {
                    throw new StoreException("The database is away.", new IllegalStateException());
                }
                Collection<?> streams = (Collection<?>) arguments[0];
                asked.addAll(streams);
                return gaps.stream()
                        .filter(gap -> streams.stream().anyMatch(stream -> ((StreamId) stream)
                                .cameraId()
                                .equals(gap.stream().cameraId())))
                        .limit(Losses.GAPS_MAX)
                        .toList();
            });

    private static Gap gap(StreamId stream, double fromHours, OptionalLong toUs, GapCause cause) {
        return new Gap(UUID.randomUUID(), stream, NOW_US + (long) (fromHours * HOUR_US), toUs, cause, "");
    }

    private static OptionalLong at(double hours) {
        return OptionalLong.of(NOW_US + (long) (hours * HOUR_US));
    }

    private Map<UUID, Loss> losses() {
        List<Camera> cameras =
                List.of(TestCamera.of(GATE).camera(), TestCamera.of(YARD).camera());
        return Losses.ofLastDay(archive, cameras, NOW).orElseThrow();
    }

    @Test
    void whatWasWantedAndIsMissingCountsWithinTheDay() {
        StreamId gate = StreamId.main(GATE);
        gaps.add(gap(gate, -30, at(-23), GapCause.SERVER_DOWN));
        gaps.add(gap(gate, -2, at(-1.5), GapCause.PACKET_LOSS));
        gaps.add(gap(gate, -0.25, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE));

        assertThat(losses()).isEqualTo(Map.of(GATE, new Loss(3, HOUR_US + HOUR_US / 2 + HOUR_US / 4), YARD, Loss.NONE));
        assertThat(asked).containsExactlyInAnyOrder(gate, StreamId.main(YARD));
    }

    @Test
    void whatNobodyAskedForAndWhatWasRemovedIsNoLoss() {
        for (GapCause cause : List.of(
                GapCause.NOT_SCHEDULED,
                GapCause.NO_EVENT,
                GapCause.DELETED_BY_RETENTION,
                GapCause.DELETED_BY_USER,
                GapCause.CLOCK_JUMP)) {
            gaps.add(gap(StreamId.main(GATE), -2, at(-1), cause));
        }
        assertThat(losses()).isEqualTo(Map.of(GATE, Loss.NONE, YARD, Loss.NONE));
    }

    /** As when some flap all day. */
    @Test
    void whereGapsAreCutNoCameraIsSaidToMissLess() {
        // Whichever come first: nobody says which of too many are told.
        for (int i = 0; i < Losses.GAPS_MAX + 10; i++) {
            gaps.add(gap(StreamId.main(i % 2 == 0 ? GATE : YARD), -2, at(-1), GapCause.PACKET_LOSS));
        }
        List<Camera> cameras = new ArrayList<>();
        cameras.add(TestCamera.of(GATE).camera());
        cameras.add(TestCamera.of(YARD).camera());
        for (int i = 2; i <= Losses.TOGETHER; i++) {
            cameras.add(TestCamera.of(new UUID(2, i)).camera());
        }
        assertThat(Losses.ofLastDay(archive, cameras, NOW).orElseThrow())
                .as("of the next cameras all is known")
                .isEqualTo(Map.of(new UUID(2, Losses.TOGETHER), Loss.NONE));
    }

    @Test
    void ofSeveralStreamsTheOneThatMissesMostCounts() {
        gaps.add(gap(StreamId.main(YARD), -2, at(-1), GapCause.DISK_SLOW));
        gaps.add(gap(StreamId.sub(YARD), -4, at(-1), GapCause.DISK_SLOW));
        assertThat(losses()).isEqualTo(Map.of(GATE, Loss.NONE, YARD, new Loss(1, 3 * HOUR_US)));
    }

    @Test
    void whileItCannotBeToldItIsNotToldAsNothing() {
        away = true;
        assertThat(Losses.ofLastDay(archive, List.of(TestCamera.of(GATE).camera()), NOW))
                .isEmpty();
        assertThat(Losses.ofLastDay(null, List.of(), NOW)).isEmpty();
    }
}
