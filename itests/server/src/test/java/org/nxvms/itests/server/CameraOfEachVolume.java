// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** A camera for each volume of a server, which names it, and what is recorded of each. */
final class CameraOfEachVolume {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final CameraFarm farm;
    private final RecordedFrames frames;
    private final Map<String, String> ids = new LinkedHashMap<>();
    private Api api;

    /** @param volumes the folder in which all volumes are */
    CameraOfEachVolume(CameraFarm farm, Path volumes) {
        this.farm = farm;
        this.frames = new RecordedFrames(volumes, farm.clip().main());
    }

    /** From now on the server is asked by this. */
    void by(Api another) {
        api = another;
    }

    void add(List<String> volumes) {
        for (String volume : volumes) {
            Map<String, Object> draft = Map.of(
                    "name",
                    "On " + volume,
                    "driver",
                    "rtsp",
                    "address",
                    Farms.main(farm, ids.size() + 1),
                    "recording",
                    Map.of("mode", "continuous", "volumes", List.of(volume)));
            ids.put(
                    volume,
                    api.post("/api/v1/cameras", draft)
                            .expect(201)
                            .json()
                            .get("id")
                            .asText());
        }
    }

    String id(String volume) {
        return ids.get(volume);
    }

    /** {@return a moment in the run of each: what breaks it off from now on makes another one of the time behind it} */
    Instant amidRuns() {
        Instant moment = Instant.now();
        areRecordedUntil(moment.plusSeconds(1));
        return moment;
    }

    /** Also when there is footage of the day after, since the clock was wrong. */
    void areRecordedUntil(Instant until) {
        Waiting.until("all are recorded until " + until, 40, () -> ids.values().stream()
                .noneMatch(
                        camera -> api.segments(camera, until, until.plus(SOON)).isEmpty()));
    }

    /** Up to a moment until which all are recorded. */
    void assertNothingIsMissing(Instant from, Instant to) {
        assertWhole(from, to);
        ids.forEach((volume, camera) -> assertThat(api.gaps(camera, from, to))
                .as("gaps of the camera on " + volume)
                .isEmpty());
    }

    void assertWhole(Instant from, Instant to) {
        ids.forEach((volume, camera) -> {
            // What is lost at the very beginning is seen only beside what was there before.
            RecordedFrames.Found found = frames.of(camera, from.minusSeconds(2), to);
            assertThat(found.missing()).as("frames missing on " + volume).isZero();
            assertThat(found.first()).as("first on " + volume).isBefore(from.minusSeconds(1));
            assertThat(found.last()).as("last on " + volume).isAfter(to.minusSeconds(1));
            assertThat(found.soundLateMsMax()).as("sound on " + volume).isLessThan(200);
        });
    }

    RecordedFrames.Found frames(String volume, Instant from, Instant to) {
        return frames.of(id(volume), from, to);
    }

    List<JsonNode> gaps(String volume, Instant from) {
        return api.gaps(id(volume), from, Instant.now());
    }

    List<String> runs(String volume, Instant from) {
        return api.segments(id(volume), from, Instant.now()).stream()
                .map(segment -> segment.get("runId").asText())
                .distinct()
                .toList();
    }

    /** {@return the segments of the last hour} */
    Set<String> footage() {
        Set<String> segments = new TreeSet<>();
        ids.values().forEach(camera -> api.segments(camera, Instant.now().minus(HOUR), Instant.now())
                .forEach(segment -> segments.add(segment.get("id").asText())));
        return segments;
    }
}
