// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.simulator.fault.FaultKind.BITRATE;
import static org.nxvms.simulator.fault.FaultKind.CORRUPT_RTP;
import static org.nxvms.simulator.fault.FaultKind.DROP_PACKETS;
import static org.nxvms.simulator.fault.FaultKind.ENDLESS_NAL;
import static org.nxvms.simulator.fault.FaultKind.GARBAGE;
import static org.nxvms.simulator.fault.FaultKind.HALF_OPEN;
import static org.nxvms.simulator.fault.FaultKind.REBOOT;
import static org.nxvms.simulator.fault.FaultKind.REORDER;
import static org.nxvms.simulator.fault.FaultKind.RESOLUTION_CHANGE;
import static org.nxvms.simulator.fault.FaultKind.SILENT;
import static org.nxvms.simulator.fault.FaultKind.SLOW_DRIP;
import static org.nxvms.simulator.fault.FaultKind.STALL;
import static org.nxvms.simulator.fault.FaultKind.TIMESTAMP_FREEZE;
import static org.nxvms.simulator.fault.FaultKind.TIMESTAMP_JUMP;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.rtsp.Camera;

/**
 * A camera for each way in which cameras are sick (ingest.md, "Faults"), all at the same time. On a farm of their own: what
 * they do keeps its simulator busy.
 */
final class SickCameras implements AutoCloseable {
    /** How long a camera may think, by the settings of these tests. */
    static final int ANSWER_MS_MAX = 4_000;

    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    private enum Loses {
        /** Nothing: every frame is in the archive. */
        NOTHING,
        /** Time, with this cause and no other. */
        TIME,
        /** What it loses depends on what can be made of its bytes; each gap has a cause. */
        WHAT_IT_SPOILS
    }

    private record Sickness(String transport, Loses loses, String cause, List<Fault> faults) {
        static Sickness gap(String cause, Fault fault) {
            return new Sickness("tcp", Loses.TIME, cause, List.of(fault));
        }
    }

    private static final List<Sickness> ALL = List.of(
            Sickness.gap("camera_unreachable", REBOOT.fault(2)),
            Sickness.gap("camera_unreachable", SILENT.fault()),
            Sickness.gap("stream_stalled", HALF_OPEN.fault()),
            Sickness.gap("stream_stalled", STALL.fault(0)),
            Sickness.gap("stream_stalled", SLOW_DRIP.fault(2_000)),
            Sickness.gap("stream_stalled", ENDLESS_NAL.fault(20_000)),
            Sickness.gap("stream_stalled", TIMESTAMP_FREEZE.fault()),
            new Sickness("udp", Loses.TIME, "packet_loss", List.of(DROP_PACKETS.fault(2))),
            new Sickness("udp", Loses.NOTHING, "", List.of(REORDER.fault(5))),
            new Sickness("tcp", Loses.NOTHING, "clock_jump", List.of(TIMESTAMP_JUMP.fault(3_600))),
            new Sickness("tcp", Loses.WHAT_IT_SPOILS, "", List.of(RESOLUTION_CHANGE.fault())),
            new Sickness("tcp", Loses.WHAT_IT_SPOILS, "", List.of(GARBAGE.fault(3), CORRUPT_RTP.fault(2))),
            new Sickness("tcp", Loses.WHAT_IT_SPOILS, "", List.of(BITRATE.fault(100))));

    private final Api api;
    private final CameraFarm farm;
    private final RecordedFrames frames;
    private final List<String> ids = new ArrayList<>();
    private Instant fellSick = Instant.MAX;

    /** Adds them, well. */
    SickCameras(Api api, Path volumes) throws IOException {
        this.api = api;
        farm = Farms.start(ALL.size());
        frames = new RecordedFrames(volumes, farm.clip().sub());
        for (int i = 0; i < ALL.size(); i++) {
            ids.add(api.post(
                            "/api/v1/cameras",
                            Map.of(
                                    "name",
                                    String.valueOf(ALL.get(i).faults()),
                                    "driver",
                                    "rtsp",
                                    "address",
                                    farm.camera(i + 1).uri(Camera.Role.SUB),
                                    "settings",
                                    Map.of("transport", ALL.get(i).transport())))
                    .expect(201)
                    .json()
                    .get("id")
                    .asText());
        }
    }

    boolean areRecordedUntil(Instant time) {
        return ids.stream().allMatch(id -> api.lastFootage(id).isAfter(time));
    }

    void fallSick() {
        fellSick = Instant.now();
        for (int i = 0; i < ALL.size(); i++) {
            Camera camera = farm.camera(i + 1);
            ALL.get(i).faults().forEach(camera::set);
            if (ALL.get(i).faults().get(0).kind() == SILENT) {
                camera.disconnectAll();
            }
        }
    }

    /** {@return those of which it is not yet said why they send nothing} */
    List<Fault> unexplained() {
        List<Fault> waiting = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            Sickness sickness = ALL.get(i);
            if (sickness.loses() == Loses.TIME && !causes(ids.get(i)).contains(sickness.cause())) {
                waiting.addAll(sickness.faults());
            }
        }
        return waiting;
    }

    /** All are well again; each is recorded within ten seconds, without help (promise 1). */
    void recover() {
        farm.cameras().forEach(Camera::clearFaults);
        Instant well = Instant.now();
        Waiting.until("each is recorded again", 2 * (int) BACK_WITHIN.toSeconds(), () -> areRecordedUntil(well));
        for (String id : ids) {
            Instant from = api.segments(id, well, Instant.now()).stream()
                    .map(segment -> Instant.ofEpochMilli(segment.get("startMs").asLong()))
                    .min(Instant::compareTo)
                    .orElseThrow();
            // What a silent camera was asked before it was well is answered by nobody, and waited for first.
            boolean wasSilent = sickness(id).faults().get(0).kind() == SILENT;
            assertThat(from)
                    .as("recorded again: " + sickness(id))
                    .isBefore(well.plus(BACK_WITHIN).plusMillis(wasSilent ? ANSWER_MS_MAX : 0));
        }
    }

    void assertEachLostWhatItHadTo(Instant to) {
        for (String id : ids) {
            Sickness sickness = sickness(id);
            switch (sickness.loses()) {
                case TIME ->
                    // What was held up comes late and all at once, so that time seems to jump; and a camera that is
                    // asked again may be late a second time.
                    assertThat(causes(id))
                            .as("causes of " + sickness)
                            .contains(sickness.cause())
                            .isSubsetOf(sickness.cause(), "clock_jump", "camera_unreachable", "stream_stalled");
                case WHAT_IT_SPOILS ->
                    assertThat(causes(id)).as("causes of " + sickness).doesNotContain("unknown", "server_down");
                case NOTHING -> {
                    Set<String> causes = causes(id);
                    // Datagrams that a busy machine drops are told as what they are.
                    boolean told = sickness.transport().equals("udp") && causes.remove("packet_loss");
                    assertThat(causes).as("causes of " + sickness).isSubsetOf(sickness.cause());
                    if (!told) {
                        assertThat(frames.of(id, fellSick.minusSeconds(1), to).missing())
                                .as("frames missing of " + sickness)
                                .isZero();
                    }
                }
            }
        }
    }

    private Sickness sickness(String id) {
        return ALL.get(ids.indexOf(id));
    }

    private Set<String> causes(String id) {
        Set<String> causes = new TreeSet<>();
        api.gaps(id, fellSick, Instant.now())
                .forEach(gap -> causes.add(gap.get("cause").asText()));
        return causes;
    }

    @Override
    public void close() {
        ids.forEach(id -> api.delete("/api/v1/cameras/" + id));
        farm.close();
    }
}
