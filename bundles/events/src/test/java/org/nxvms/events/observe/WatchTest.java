// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.events.fake.Notebook;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.storage.spi.Volume;
import org.nxvms.test.kit.TestCamera;

/** What a look finds changed is said once; what was there before the first look is no news. */
class WatchTest {
    private static final long SECOND_US = 1_000_000;

    /** Cameras whose streams arrive. */
    private static final Set<UUID> NONE = Set.of();

    private static final Set<String> INSTALLED = Set.of("rtsp");

    private static final DriverInfo DRIVER = new DriverInfo("rtsp", "RTSP", "any", "", List.of("rtsp"), false);

    private long nowUs = 1_000 * SECOND_US;
    private final Notebook notes = new Notebook();

    @SuppressWarnings("unchecked")
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            Object answer = answers.get(method.getName());
            if (answer == null) {
                throw new AssertionError(method + " is not asked");
            }
            return answer;
        });
    }

    private static StreamIngest ingest(IngestStatus.State state, Optional<GapCause> cause, long sinceS) {
        IngestStatus status = new IngestStatus(
                StreamId.main(new UUID(1, 1)),
                StreamEndpoint.rtspOverTcp(URI.create("rtsp://192.0.2.1/"), Optional.empty()),
                state,
                cause,
                "",
                Instant.ofEpochSecond(sinceS),
                Optional.empty(),
                0,
                Optional.empty(),
                0);
        return answering(StreamIngest.class, Map.of("statuses", List.of(status)));
    }

    @Test
    void aStreamIsDownFromItsLossUntilItArrivesAgain() {
        StreamWatch watch = new StreamWatch(notes, () -> nowUs);
        watch.look(List.of(ingest(IngestStatus.State.CONNECTING, Optional.empty(), 999)));
        watch.look(List.of(ingest(IngestStatus.State.STREAMING, Optional.empty(), 1_000)));
        assertThat(notes.take()).isEmpty();
        watch.look(List.of(ingest(IngestStatus.State.WAITING, Optional.of(GapCause.CAMERA_UNREACHABLE), 1_001)));
        watch.look(List.of(ingest(IngestStatus.State.CONNECTING, Optional.of(GapCause.CAMERA_UNREACHABLE), 1_009)));
        assertThat(notes.take()).containsExactly("on stream.down since 1001 {cause=camera_unreachable}");
        watch.look(List.of(ingest(IngestStatus.State.STREAMING, Optional.empty(), 1_020)));
        assertThat(notes.take()).containsExactly("off stream.down at 1020");
    }

    @Test
    void aStreamThatIsNoLongerWishedIsNotDown() {
        StreamWatch watch = new StreamWatch(notes, () -> nowUs);
        watch.look(List.of(ingest(IngestStatus.State.WAITING, Optional.of(GapCause.STREAM_STALLED), 990)));
        watch.look(List.of());
        assertThat(notes.take())
                .containsExactly("on stream.down since 990 {cause=stream_stalled}", "off stream.down at 1000");
    }

    @Test
    void refusedCredentialsAreTheCamerasToSay() {
        StreamWatch watch = new StreamWatch(notes, () -> nowUs);
        watch.look(List.of(ingest(IngestStatus.State.WAITING, Optional.of(GapCause.CAMERA_UNREACHABLE), 980)));
        watch.look(List.of(ingest(IngestStatus.State.WAITING, Optional.of(GapCause.AUTH), 990)));
        watch.look(List.of(ingest(IngestStatus.State.WAITING, Optional.of(GapCause.AUTH), 990)));
        assertThat(notes.take())
                .containsExactly("on stream.down since 980 {cause=camera_unreachable}", "off stream.down at 1000");
    }

    private static Volume volume(int id, Volume.Status status) {
        return answering(
                Volume.class, Map.of("id", new UUID(4, id), "name", "v" + id, "status", status, "statusDetail", "why"));
    }

    @Test
    void aVolumeThatFailsComesOrGoesIsSaid() {
        VolumeWatch watch = new VolumeWatch(notes, () -> nowUs);
        watch.look(List.of(volume(1, Volume.Status.READY)));
        assertThat(notes.take()).isEmpty();
        nowUs += 20 * SECOND_US;
        watch.look(List.of(volume(1, Volume.Status.ABSENT), volume(2, Volume.Status.READY)));
        assertThat(notes.take())
                .containsExactly("on volume.unavailable since 1020 {name=v1, status=absent}", "volume.added {name=v2}");
        watch.look(List.of(volume(1, Volume.Status.READY)));
        // Its service may come again: it is not gone yet.
        assertThat(notes.take()).containsExactly("off volume.unavailable at 1020");
        nowUs += 11 * SECOND_US;
        watch.look(List.of(volume(1, Volume.Status.READY)));
        assertThat(notes.take()).containsExactly("volume.removed {name=v2}");
    }

    private static Camera camera(int id, long version, String name) {
        return TestCamera.of(new UUID(1, id)).version(version).named(name).camera();
    }

    private static CameraRegistry registry(List<Camera> cameras, CameraStatus.State state) {
        CameraStatus status =
                new CameraStatus(state, Optional.empty(), "", Instant.ofEpochSecond(900), true, List.of());
        return answering(CameraRegistry.class, Map.of("list", cameras, "status", Optional.of(status)));
    }

    @Test
    void camerasThatComeChangeAndGoAreSaid() {
        CameraWatch watch = new CameraWatch(notes, () -> nowUs);
        CameraStatus.State well = CameraStatus.State.RECORDING;
        watch.look(registry(List.of(camera(1, 1, "Gate"), camera(2, 1, "Door")), well), NONE, INSTALLED::contains);
        assertThat(notes.take()).isEmpty();
        watch.look(registry(List.of(camera(1, 2, "Main gate"), camera(3, 1, "Yard")), well), NONE, INSTALLED::contains);
        assertThat(notes.take())
                .containsExactlyInAnyOrder(
                        "camera.changed {before=Gate, changed=name, name=Main gate}",
                        "camera.removed {name=Door}",
                        "camera.added {name=Yard}");
    }

    @Test
    void aChangeSaysWhatWasChangedAndAPasswordWhenNothingElseWas() {
        CameraWatch watch = new CameraWatch(notes, () -> nowUs);
        CameraStatus.State well = CameraStatus.State.RECORDING;
        watch.look(registry(List.of(camera(1, 1, "Gate")), well), NONE, INSTALLED::contains);
        watch.look(registry(List.of(camera(1, 2, "Gate")), well), NONE, INSTALLED::contains);
        assertThat(notes.take()).containsExactly("camera.changed {changed=password, name=Gate}");
    }

    @Test
    void aMissingDriverAndRefusedCredentialsAreStates() {
        CameraWatch watch = new CameraWatch(notes, () -> nowUs);
        List<Camera> cameras = List.of(camera(1, 1, "Gate"));
        watch.look(registry(cameras, CameraStatus.State.UNAUTHORIZED), NONE, driver -> false);
        assertThat(notes.take())
                .containsExactly(
                        "on camera.driver_missing since 1000 {driver=rtsp, name=Gate}",
                        "on camera.unauthorized since 900 {name=Gate}");
        watch.look(registry(cameras, CameraStatus.State.RECORDING), NONE, INSTALLED::contains);
        assertThat(notes.take())
                .containsExactly("off camera.driver_missing at 1000", "off camera.unauthorized at 1000");
    }

    @Test
    void howACameraFaresIsNotAskedWhileAllItsStreamsArrive() {
        CameraWatch watch = new CameraWatch(notes, () -> nowUs);
        CameraRegistry silent = answering(CameraRegistry.class, Map.of("list", List.of(camera(1, 1, "Gate"))));
        watch.look(silent, Set.of(new UUID(1, 1)), INSTALLED::contains);
        assertThat(notes.take()).isEmpty();

        StreamWatch streams = new StreamWatch(notes, () -> nowUs);
        StreamIngest arrives = ingest(IngestStatus.State.STREAMING, Optional.empty(), 1_000);
        StreamIngest refused = ingest(IngestStatus.State.WAITING, Optional.of(GapCause.AUTH), 1_000);
        assertThat(streams.look(List.of(arrives))).containsExactly(new UUID(1, 1));
        assertThat(streams.look(List.of(refused))).isEmpty();
        assertThat(streams.look(List.of(arrives, refused))).as("one of two").isEmpty();
    }

    private static CameraRegistry drivers(String... versions) {
        List<CameraRegistry.InstalledDriver> installed = new ArrayList<>();
        for (String version : versions) {
            installed.add(new CameraRegistry.InstalledDriver(DRIVER, version, "bundle", 0));
        }
        return answering(CameraRegistry.class, Map.of("drivers", installed));
    }

    /** As often as it takes until the drivers are listed. */
    private static void look(DriverWatch watch, CameraRegistry registry) {
        for (int i = 0; i < 5; i++) {
            watch.look(registry);
        }
    }

    @Test
    void aDriverThatIsReplacedIsInstalledAtOnceAndItsOldVersionGoneLater() {
        DriverWatch watch = new DriverWatch(notes, () -> nowUs);
        assertThat(watch.look(drivers("1.0.0"))).accepts("rtsp").rejects("axis");
        nowUs += 60 * SECOND_US;
        look(watch, drivers("1.0.0"));
        assertThat(notes.take()).isEmpty();
        look(watch, drivers("1.1.0"));
        assertThat(notes.take()).containsExactly("driver.installed {version=1.1.0}");
        nowUs += 11 * SECOND_US;
        look(watch, drivers("1.1.0"));
        assertThat(notes.take()).containsExactly("driver.removed {version=1.0.0}");
    }

    @Test
    void aCameraThatIsAddedRightBehindItsDriverMissesNothing() {
        DriverWatch drivers = new DriverWatch(notes, () -> nowUs);
        CameraWatch watch = new CameraWatch(notes, () -> nowUs);
        CameraRegistry before = registry(List.of(), CameraStatus.State.RECORDING);
        watch.look(before, NONE, drivers.look(drivers()));
        nowUs += 60 * SECOND_US;
        CameraRegistry after = registry(List.of(camera(1, 1, "Gate")), CameraStatus.State.RECORDING);
        watch.look(after, NONE, drivers.look(drivers("1.0.0")));
        assertThat(notes.take())
                .containsExactlyInAnyOrder("driver.installed {version=1.0.0}", "camera.added {name=Gate}");
    }
}
