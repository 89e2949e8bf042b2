// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.device.Encoders.Setup;
import org.nxvms.simulator.device.Encoders.Size;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/**
 * Sick cameras beside healthy ones: each costs itself a gap with the right cause and comes back without help; nobody else
 * loses a picture, and memory stays within its bounds.
 */
class CameraFaultsTest {
    /** No more than a story has to wait, and more than a busy machine keeps a healthy camera waiting. */
    private static final Map<String, Object> IMPATIENT = Map.of(
            "stallTimeoutMs", 5000, "firstKeyTimeoutMs", 8000, "connectTimeoutMs", 1000, "answerTimeoutMs", 1500);

    /** A run has its time by the arrival of its first picture: on a busy machine that is late, or that of the run before was. */
    private static final long LATE_US_MAX = 20_000_000;

    private Stage stage;

    @AfterEach
    void stop() {
        stage.close();
    }

    /** A fault of a playing camera, and how its run must end, in words by a pattern. */
    private record Story(Fault fault, Transport transport, GapCause cause, String words) {}

    private static Story story(Fault fault, GapCause cause, String words) {
        return new Story(fault, Transport.TCP, cause, words);
    }

    private static final List<Story> STORIES = List.of(
            // Who writes before he reads that it is closed learns it that way.
            story(FaultKind.REBOOT.fault(3), GapCause.CAMERA_UNREACHABLE, "closed the connection|connection .* broke"),
            story(FaultKind.HALF_OPEN.fault(), GapCause.STREAM_STALLED, "stopped sending"),
            story(FaultKind.STALL.fault(0), GapCause.STREAM_STALLED, "stopped sending"),
            story(FaultKind.SLOW_DRIP.fault(500), GapCause.STREAM_STALLED, "stopped sending"),
            story(FaultKind.ENDLESS_NAL.fault(20_000), GapCause.STREAM_STALLED, "time stamps stand still"),
            story(FaultKind.TIMESTAMP_FREEZE.fault(), GapCause.STREAM_STALLED, "time stamps stand still"),
            new Story(FaultKind.DROP_PACKETS.fault(2), Transport.UDP, GapCause.PACKET_LOSS, "were lost"),
            new Story(FaultKind.STALL.fault(0), Transport.UDP, GapCause.STREAM_STALLED, "stopped sending"),
            new Story(FaultKind.HALF_OPEN.fault(), Transport.UDP, GapCause.STREAM_STALLED, "stopped sending"));

    @Test
    void eachFaultCostsItsCameraAGapWithTheRightCauseAndNobodyElseAnything() throws Exception {
        int healthyTcp = STORIES.size() + 1;
        int healthyUdp = STORIES.size() + 2;
        stage = new Stage(STORIES.size() + 2, IMPATIENT);
        Watch tcp = stage.fetch(healthyTcp, Transport.TCP);
        Watch udp = stage.fetch(healthyUdp, Transport.UDP);
        List<Watch> sick = new ArrayList<>();
        for (int i = 0; i < STORIES.size(); i++) {
            sick.add(stage.fetch(i + 1, STORIES.get(i).transport()));
        }
        stage.await("everybody", () -> sick.stream().allMatch(watch -> watch.pictures.size() > 5));
        for (int i = 0; i < STORIES.size(); i++) {
            stage.farm.camera(i + 1).set(STORIES.get(i).fault());
        }
        stage.await("every gap", () -> sick.stream().allMatch(watch -> watch.ends() > 0));
        for (int i = 0; i < STORIES.size(); i++) {
            Story story = STORIES.get(i);
            assertThat(sick.get(i).runs.stream()
                            .filter(run -> run.startsWith("end"))
                            .findFirst()
                            .orElseThrow())
                    .as(story.toString())
                    .startsWith("end " + story.cause() + " ")
                    .containsPattern(story.words());
            if (story.fault().kind() != FaultKind.REBOOT) {
                stage.farm.camera(i + 1).clearFaults();
            }
        }
        long cleared = System.nanoTime();
        List<Integer> before = sick.stream().map(watch -> watch.pictures.size()).toList();
        stage.await("everybody again", () -> {
            for (int i = 0; i < sick.size(); i++) {
                if (sick.get(i).pictures.size() < before.get(i) + 5
                        || stage.status(i + 1).state() != IngestStatus.State.STREAMING) {
                    return false;
                }
            }
            return true;
        });
        assertThat((System.nanoTime() - cleared) / 1e9)
                .as("seconds until all are back")
                .isLessThan(60);
        assertUndisturbed(tcp, udp);
        assertBounded();
    }

    private static void assertUndisturbed(Watch... others) {
        for (Watch healthy : others) {
            assertThat(healthy.breaks()).isEmpty();
            assertThat(healthy.runs).hasSize(1);
            assertThat(healthy.lapped).isZero();
        }
    }

    private void assertBounded() {
        for (StreamStatistics each : stage.hub.statistics()) {
            assertThat(each.ringBytes()).as(each.stream().toString()).isLessThan(64L << 20);
        }
    }

    /** It accepts connections and reads, and that is all. */
    @Test
    void aCameraThatNoLongerAnswersIsFetchedWhenItDoes() throws Exception {
        stage = new Stage(2, IMPATIENT);
        Watch mute = stage.fetch(1, Transport.TCP);
        Watch healthy = stage.fetch(2, Transport.TCP);
        stage.await("both", () -> mute.pictures.size() > 2 && healthy.pictures.size() > 2);
        stage.farm.camera(1).set(FaultKind.SILENT);
        stage.farm.camera(1).disconnectAll();
        stage.await("the refusal", () -> stage.status(1).detail().contains("does not answer OPTIONS"));
        assertThat(stage.status(1).cause()).contains(GapCause.CAMERA_UNREACHABLE);
        assertThat(mute.lastEnd()).startsWith("end CAMERA_UNREACHABLE");
        stage.farm.camera(1).clearFaults();
        stage.awaitPictures(mute, 5);
        assertUndisturbed(healthy);
        assertBounded();
    }

    @Test
    void parameterSetsThatChangeBeginARunAndLoseNoTime() throws Exception {
        stage = new Stage(2, IMPATIENT);
        Watch changing = stage.fetch(1, Transport.TCP);
        Watch healthy = stage.fetch(2, Transport.UDP);
        stage.await("both", () -> changing.pictures.size() > 2 && healthy.pictures.size() > 2);
        stage.farm.camera(1).set(FaultKind.RESOLUTION_CHANGE);
        stage.await("the other size", () -> changing.runs.size() == 2);
        stage.awaitPictures(changing, 20);
        assertThat(changing.runs).as("one after the other, without a gap").allMatch(run -> run.startsWith("start"));
        for (int i = 1; i < changing.pictures.size(); i++) {
            assertTimeGoesOn(changing.pictures.get(i - 1), changing.pictures.get(i), 79_000);
        }
        assertUndisturbed(healthy);
        assertBounded();
    }

    private static void assertTimeGoesOn(Watch.Seen last, Watch.Seen next, long mostUs) {
        boolean sameRun = last.run() == next.run();
        assertThat(next.wallUs() - last.wallUs())
                .as("time between two pictures of run %d and run %d", last.run(), next.run())
                .isBetween(sameRun ? 0 : -LATE_US_MAX, sameRun ? mostUs : LATE_US_MAX);
    }

    /** As somebody sets it by ONVIF: another size, half the pictures, another profile, in the running session. */
    @Test
    void anEncoderThatIsSetBeginsARunAndLosesNoTime() throws Exception {
        stage = new Stage(1, IMPATIENT);
        Watch healthy = stage.fetch(1, Transport.TCP);
        try (CameraFarm farm = CameraFarm.builder()
                .clip(Stage.CLIP)
                .data(Stage.DATA)
                .settings(number -> CameraSettings.DEFAULT)
                .dialect(OnvifDialect::new)
                .start()) {
            Watch changing = stage.fetch(2, farm.camera(1).uri(Camera.Role.MAIN), Map.of(), Transport.TCP);
            stage.await("both", () -> changing.pictures.size() > 2 && healthy.pictures.size() > 2);
            Setup smaller = new Setup(new Size(320, 180), 12.5, 300, true, 5, 10, "Main");
            assertThat(farm.device(1).encoders().set(Camera.Role.MAIN, smaller)).isEmpty();
            stage.await("the other pictures", () -> changing.runs.size() == 2);
            stage.awaitPictures(changing, 20);
            assertThat(changing.runs).as("one after the other, without a gap").allMatch(run -> run.startsWith("start"));
            for (int i = 1; i < changing.pictures.size(); i++) {
                Watch.Seen last = changing.pictures.get(i - 1);
                Watch.Seen next = changing.pictures.get(i);
                // Of 40 ms and then of 80: a picture of the new ones is none of those that are known.
                assertTimeGoesOn(last, next, last.frame() >= 0 ? 79_000 : 119_000);
            }
            assertUndisturbed(healthy);
            assertBounded();
        }
    }

    /** The hostile ones are a farm of their own: a hundred times the bit rate keeps a simulator busy, and is to keep us so. */
    @Test
    void aHostileCameraIsHeldWithinItsMemory() throws Exception {
        stage = new Stage(1, IMPATIENT);
        try (CameraFarm hostile = Stage.farm(2, CameraSettings.DEFAULT)) {
            Watch healthy = stage.fetch(1, Transport.TCP);
            Watch loud = stage.fetch(2, hostile.camera(1).uri(Camera.Role.MAIN), Map.of(), Transport.TCP);
            Watch noisy = stage.fetch(3, hostile.camera(2).uri(Camera.Role.MAIN), Map.of(), Transport.TCP);
            List<Watch> all = List.of(healthy, loud, noisy);
            stage.await("all", () -> all.stream().allMatch(watch -> watch.pictures.size() > 2));
            hostile.camera(1).set(FaultKind.BITRATE.fault(100));
            hostile.camera(2).set(FaultKind.GARBAGE.fault(3));
            hostile.camera(2).set(FaultKind.CORRUPT_RTP.fault(2));
            stage.awaitPictures(healthy, 100);

            assertBounded();
            assertThat(noisy.pictures).as("what comes of noise").allMatch(seen -> seen.frame() >= 0);
            hostile.cameras().forEach(Camera::clearFaults);
            stage.awaitPictures(loud, 5);
            stage.awaitPictures(noisy, 5);
            for (Watch sick : List.of(loud, noisy)) {
                assertThat(sick.runs).as("a gap says why").noneMatch(run -> run.startsWith("end UNKNOWN"));
            }
            assertUndisturbed(healthy);
        }
    }

    /** Time stamps that jump lose no picture: the run goes on mended, and the next key frame begins another. */
    @Test
    void timeStampsThatJumpBeginANewRunAndLoseNoPicture() throws Exception {
        stage = new Stage(2, IMPATIENT);
        Watch forward = stage.fetch(1, Transport.TCP);
        Watch back = stage.fetch(2, Transport.UDP);
        stage.await("pictures", () -> forward.pictures.size() > 5 && back.pictures.size() > 5);
        stage.farm.camera(1).set(FaultKind.TIMESTAMP_JUMP.fault(3600));
        stage.farm.camera(2).set(FaultKind.TIMESTAMP_JUMP.fault(-100));
        stage.await("new runs", () -> forward.runs.size() == 3 && back.runs.size() == 3);
        stage.awaitPictures(forward, 20);

        for (Watch watch : List.of(forward, back)) {
            assertThat(watch.lastEnd()).startsWith("end CLOCK_JUMP the camera's time stamps jumped by");
            assertThat(watch.breaks()).isEmpty();
            for (int i = 1; i < watch.pictures.size(); i++) {
                assertTimeGoesOn(watch.pictures.get(i - 1), watch.pictures.get(i), 1_000_000);
            }
        }
    }

    @Test
    void aFullCameraSaysSoAndIsFetchedWhenItHasRoom() throws Exception {
        stage = new Stage(1, IMPATIENT);
        stage.farm.camera(1).set(FaultKind.SESSION_LIMIT.fault(0));
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.await("the refusal", () -> {
            IngestStatus now = stage.status(1);
            return now.state() == IngestStatus.State.WAITING
                    && now.detail().contains("453")
                    && now.detail().contains("too many sessions");
        });
        stage.farm.camera(1).clearFaults();
        stage.awaitPictures(watch, 1);
    }

    @Test
    void aKeepAliveThatTheCameraDoesNotKnowIsReplaced() throws Exception {
        stage = new Stage(1, IMPATIENT, CameraSettings.DEFAULT.withSessionTimeoutSeconds(2));
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 1);
        stage.farm.camera(1).set(FaultKind.NO_GET_PARAMETER);
        stage.awaitPictures(watch, 120);
        assertThat(watch.runs).as("no session ended").hasSize(1);
        assertThat(watch.breaks()).isEmpty();
    }

    /** The whole site's switch comes back: everybody is on again soon, and no second sees more connects than its rate. */
    @Test
    void twoHundredCamerasReturningAtOnceKeepTheRateAndAreAllBackSoon() throws Exception {
        int rate = 40;
        int count = 200;
        stage = new Stage(count + 1, Map.of("connectsPerSecondMax", rate));
        for (int number = 1; number <= count; number++) {
            stage.fetch(number, stage.farm.camera(number).uri(Camera.Role.SUB), Map.of(), Transport.TCP);
        }
        stage.await("all", () -> streaming() == count);
        Watch elsewhere = stage.fetch(count + 1, Transport.TCP);
        stage.awaitPictures(elsewhere, 5);
        List<Camera> site = stage.farm.cameras().subList(0, count);
        site.forEach(camera -> camera.set(FaultKind.REFUSE_CONNECTION));
        stage.await("none but the one elsewhere", () -> streaming() == 1);
        site.forEach(Camera::clearFaults);
        long start = System.nanoTime();
        List<Seen> seen = new ArrayList<>();
        stage.await("all again", () -> {
            long before = System.nanoTime();
            long streaming = streaming();
            seen.add(new Seen(before, streaming, System.nanoTime()));
            return streaming == count + 1;
        });
        assertUndisturbed(elsewhere);
        assertBounded();

        assertThat((System.nanoTime() - start) / 1e9)
                .as("seconds until all are back")
                .isLessThan(60);
        for (Seen from : seen) {
            for (Seen to : seen) {
                if (to.beforeNs() > from.beforeNs() && to.afterNs() - from.beforeNs() <= 1_000_000_000L) {
                    assertThat(to.streaming() - from.streaming())
                            .as("back within a second")
                            .isLessThanOrEqualTo(2L * rate);
                }
            }
        }
    }

    /** How many streamed at some moment between two: counting may take its time. */
    private record Seen(long beforeNs, long streaming, long afterNs) {}

    private long streaming() {
        return stage.ingest.statuses().stream()
                .filter(status -> status.state() == IngestStatus.State.STREAMING)
                .count();
    }
}
