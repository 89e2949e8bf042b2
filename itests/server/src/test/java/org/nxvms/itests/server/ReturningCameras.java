// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.Camera;

/**
 * A site of cameras whose switch loses its power for some seconds: all are away and return at once, before the pauses between
 * their connects have grown and spread.
 */
final class ReturningCameras implements AutoCloseable {
    /** The site of promise 15 by {@code -Dnxvms.returningCameras=200}. */
    private static final int CAMERAS = Integer.getInteger("nxvms.returningCameras", 60);

    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);
    /** So much of a second's connects is let in at once after a pause. */
    private static final double AT_ONCE = 0.25;
    /** What is reserved for a stream before it is known how much it sends: five seconds of 4 Mbit/s. */
    private static final double RING_BYTES_MAX = 3 << 20;

    private final Api api;
    private final int connectsPerSecondMax;
    private final CameraFarm farm;
    private final List<String> ids = new ArrayList<>();
    private Instant gone = Instant.MAX;
    private Instant back = Instant.MAX;

    /** Adds them, well. */
    ReturningCameras(Api api, int connectsPerSecondMax) throws IOException {
        this.api = api;
        this.connectsPerSecondMax = connectsPerSecondMax;
        farm = Farms.start(CAMERAS);
        for (Camera camera : farm.cameras()) {
            ids.add(api.addCamera("Site " + camera.number(), camera.uri(Camera.Role.SUB)));
        }
    }

    boolean areRecordedUntil(Instant time) {
        return ids.stream().allMatch(id -> api.lastFootage(id).isAfter(time));
    }

    void goAway() {
        gone = Instant.now();
        farm.cameras().forEach(camera -> camera.set(FaultKind.REFUSE_CONNECTION));
        farm.cameras().forEach(Camera::disconnectAll);
        Waiting.until("the site is dark", 20, () -> playing() == 0);
        Waiting.until("each is missed", 30, () -> ids.stream()
                .allMatch(id -> causes(id).contains("camera_unreachable")));
    }

    private long playing() {
        return farm.cameras().stream()
                .filter(camera -> camera.status().playing() > 0)
                .count();
    }

    /** All are there again; they are fetched without help, at no moment more of them than the rate lets in (promise 15). */
    void comeBack() {
        back = Instant.now();
        farm.cameras().forEach(Camera::clearFaults);
        Waiting.until("all of the site send again", seconds(within()) + 20, () -> {
            long playing = playing();
            double sinceBack = Duration.between(back, Instant.now()).toMillis() / 1000.0;
            assertThat((double) playing)
                    .as("cameras that send after %.1f s", sinceBack)
                    .isLessThanOrEqualTo(connectsPerSecondMax * (sinceBack + AT_ONCE) + 1);
            return playing == CAMERAS;
        });
    }

    /** Within ten seconds (promise 1) and the time that the rate of connects takes; for no other reason than they were away. */
    void assertEachLostItsAbsenceOnly() {
        Waiting.until("all of the site are recorded again", 30, () -> areRecordedUntil(back.plus(within())));
        Map<String, Double> rings = api.metric("nxvms_stream_ring_bytes");
        for (String id : ids) {
            Instant from = api.segments(id, back, Instant.now()).stream()
                    .map(segment -> Instant.ofEpochMilli(segment.get("startMs").asLong()))
                    .min(Instant::compareTo)
                    .orElseThrow();
            assertThat(from).as("recorded again").isBefore(back.plus(within()));
            assertThat(causes(id)).as("causes").containsOnly("camera_unreachable");
            assertThat(rings.entrySet().stream()
                            .filter(ring -> ring.getKey().contains(id))
                            .mapToDouble(Map.Entry::getValue)
                            .sum())
                    .as("ring bytes of a camera that came back")
                    .isBetween(1.0, RING_BYTES_MAX);
        }
    }

    private static int seconds(Duration duration) {
        return (int) duration.toSeconds();
    }

    private Duration within() {
        return BACK_WITHIN.plusSeconds(CAMERAS / connectsPerSecondMax + 1);
    }

    private Set<String> causes(String id) {
        return api.gaps(id, gone, Instant.now()).stream()
                .map(gap -> gap.get("cause").asText())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        ids.forEach(id -> api.delete("/api/v1/cameras/" + id));
        farm.close();
    }
}
