// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.FakeIngest;
import org.nxvms.cameras.fake.FakeRecorder;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.ingest.IngestStatus;

/** What ingest and recorder are told while cameras, drivers and neighbours come, change and go. */
class SupervisorTest {
    private static final String ADDRESS = "rtsp://cam/1";

    private final FakeDriver driver = new FakeDriver("rtsp");

    @Test
    void aNewCameraIsFetchedRecordedAndRemembered() {
        House house = new House().withAll().install(driver, "1.0.0");

        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));

        assertThat(house.ingest.disturbances).containsExactly("start main rtsp://cam/1", "start sub rtsp://cam/2");
        assertThat(house.recorder.disturbances).containsExactly("record main 30");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(house.status(camera).driverPresent()).isTrue();
        assertThat(driver.openSessions()).as("contact is closed again").isZero();
        String remembered = house.store.rows.get(camera.id()).endpoints().orElseThrow();
        assertThat(remembered).startsWith("v1.").doesNotContain("geheim", "cam/1");
        assertThat(house.secrets.openEndpoints(camera.id(), remembered))
                .extracting(offer -> offer.endpoint().uri().toString())
                .containsExactly("rtsp://cam/1", "rtsp://cam/2");
    }

    /** At boot nothing may wait for a driver, nor for a device that does not answer. */
    @Test
    void aKnownCameraStartsWithoutItsDriver() {
        House before = new House().withAll().install(driver, "1.0.0");
        Camera camera = before.add(draft(ADDRESS));
        House boot = before.replaced();
        boot.ingest.release(boot.main(camera), GapCause.SERVER_DOWN, "");
        boot.ingest.disturbances.clear();

        boot.withAll();

        assertThat(boot.ingest.disturbances).containsExactly("start main rtsp://cam/1");
        CameraStatus status = boot.status(camera);
        assertThat(status.state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(status.driverPresent()).isFalse();
    }

    /** The wishes outlive the bundle that said them. */
    @Test
    void replacingThisBundleDisturbsNoStream() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();

        House next = house.replaced();
        // The order in which services are bound is anybody's guess; the vault comes late.
        next.withIngest().withRecorder().withStore();
        next.loop.advance(Duration.ofSeconds(10));
        next.withHub().withVault().install(new FakeDriver("rtsp"), "1.0.0");
        next.loop.advance(Duration.ofMinutes(2));

        assertThat(next.ingest.disturbances).isEmpty();
        assertThat(next.recorder.disturbances).isEmpty();
        assertThat(next.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void anIngestOrRecorderThatComesBackIsToldEverythingAgain() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        FakeIngest newIngest = new FakeIngest();
        FakeRecorder newRecorder = new FakeRecorder();

        house.supervisor.ingestRemoved(100);
        house.supervisor.recorderGone(house.recorder);
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.OFFLINE);
        assertThat(house.status(camera).detail()).contains("No ingest for rtsp");
        house.supervisor.ingestAdded(101, Set.of("rtsp"), newIngest);
        house.supervisor.recorder(newRecorder);
        house.loop.run();

        assertThat(newIngest.disturbances).containsExactly("start main rtsp://cam/1");
        assertThat(newRecorder.disturbances).containsExactly("record main 30");
        assertThat(house.ingest.disturbances).containsExactly("start main rtsp://cam/1");
    }

    @Test
    void switchingOffEndsStreamsWithACauseAndSwitchingOnStartsThemAtOnce() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();

        Camera off = house.change(camera, draft(ADDRESS, Optional.empty(), false));

        assertThat(house.ingest.disturbances).containsExactly("release main NOT_SCHEDULED The camera is switched off.");
        assertThat(house.recorder.disturbances)
                .containsExactly("release main NOT_SCHEDULED The camera is switched off.");
        assertThat(house.status(off).state()).isEqualTo(CameraStatus.State.DISABLED);
        house.change(off, draft(ADDRESS));
        assertThat(house.ingest.disturbances).endsWith("start main rtsp://cam/1");
        assertThat(house.status(off).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void aRemovedCameraIsReleasedAndForgotten() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        Camera other = house.add(draft("rtsp://cam2/1"));
        house.hub.count(house.main(camera), 10, 1_000, 1);
        house.hub.count(house.main(other), 10, 1_000, 1);
        house.ingest.disturbances.clear();

        assertThat(house.book.delete(camera.id(), Optional.empty())).isTrue();
        house.loop.run();

        assertThat(house.ingest.disturbances).containsExactly("release main NOT_SCHEDULED The camera was removed.");
        assertThat(house.supervisor.status(camera.id())).isEmpty();
        assertThat(house.hub.statistics(house.main(camera)))
                .as("the recorder reads the tail first")
                .isPresent();
        house.loop.advance(Duration.ofSeconds(11));
        assertThat(house.hub.statistics(house.main(camera))).isEmpty();
        assertThat(house.hub.statistics(house.main(other))).isPresent();
        assertThat(house.status(other).state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(house.book.delete(camera.id(), Optional.empty())).isFalse();
    }

    @Test
    void recordingSettingsReachTheRecorderAlone() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();
        int asked = driver.opened.size();

        Camera both = house.change(
                camera,
                draft(
                        ADDRESS,
                        Optional.of("rtsp://cam/2"),
                        true,
                        new RecordingSettings(RecordingSettings.Mode.CONTINUOUS, EnumSet.allOf(StreamRole.class), 7)));
        house.change(
                both,
                draft(
                        ADDRESS,
                        Optional.of("rtsp://cam/2"),
                        true,
                        new RecordingSettings(RecordingSettings.Mode.OFF, Set.of(), 7)));

        assertThat(house.recorder.disturbances)
                .containsExactly(
                        "record main 7",
                        "record sub 7",
                        "release main NOT_SCHEDULED The stream is not to be recorded.",
                        "release sub NOT_SCHEDULED The stream is not to be recorded.");
        assertThat(house.ingest.disturbances).isEmpty();
        // The password was typed again, so that the sealed text differs and the driver may be asked.
        assertThat(driver.opened.size()).isLessThanOrEqualTo(asked + 2);
        assertThat(house.status(both).state()).isEqualTo(CameraStatus.State.LIVE);
    }

    @Test
    void wishesOfUnknownCamerasEndOnceTheCamerasAreKnown() {
        House house = new House().withHub().withIngest().withRecorder().withVault();
        StreamId stray = StreamId.main(UUID.randomUUID());
        house.ingest.ensure(stray, StreamEndpoint.rtspOverTcp(java.net.URI.create(ADDRESS), Optional.empty()));
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(house.ingest.status(stray)).as("not known whether it is one").isPresent();

        house.withStore();

        assertThat(house.ingest.disturbances).endsWith("release main NOT_SCHEDULED The camera was removed.");
    }

    @Test
    void aStoreThatFailsIsReadAgain() {
        House house =
                new House().withHub().withIngest().withRecorder().withVault().install(driver, "1.0.0");
        house.store.broken = true;
        house.withStore();
        house.loop.advance(Duration.ofSeconds(5));
        assertThat(house.store.loads).isBetween(2, 4);
        assertThat(house.book.loaded()).isFalse();

        house.store.broken = false;
        house.loop.advance(Duration.ofSeconds(3));
        assertThat(house.book.loaded()).isTrue();
    }

    @Test
    void endpointsFoundWhileTheStoreFailsAreStoredLater() {
        House house = new House().withAll();
        Camera camera = house.add(draft(ADDRESS));
        house.store.broken = true;
        house.install(driver, "1.0.0");
        assertThat(house.ingest.disturbances).containsExactly("start main rtsp://cam/1");

        house.store.broken = false;
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(house.store.rows.get(camera.id()).endpoints()).isPresent();
    }

    @Test
    void withoutADriverAndWithoutKnownStreamsTheStatusSaysWhatToDo() {
        House house = new House().withAll();
        Camera camera = house.add(draft(ADDRESS));

        CameraStatus status = house.status(camera);

        assertThat(status.driverPresent()).isFalse();
        assertThat(status.state()).isEqualTo(CameraStatus.State.UNSUPPORTED);
        assertThat(status.detail()).contains("driver rtsp is not installed", "install");
        assertThat(house.recorder.disturbances)
                .as("the time without pictures is on record")
                .containsExactly("record main 30");
    }

    @Test
    void statusFollowsIngestAndRecorder() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        StreamId main = house.main(camera);

        house.recorder.fail(main, GapCause.DISK_FULL);
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.NOT_RECORDING);
        assertThat(house.status(camera).cause()).contains(GapCause.DISK_FULL);

        house.ingest.fail(main, IngestStatus.State.WAITING, GapCause.AUTH, "Wrong password.");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.UNAUTHORIZED);

        house.ingest.fail(main, IngestStatus.State.WAITING, GapCause.UNSUPPORTED, "MPEG-4 Part 2.");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.UNSUPPORTED);
        Instant since = house.status(camera).since();
        house.loop.advance(Duration.ofSeconds(30));
        assertThat(house.status(camera).since()).as("the state has not changed").isEqualTo(since);
    }

    @Test
    void aStateBeganWhenItChangedNotWhenSomebodyAsked() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.fail(house.main(camera), IngestStatus.State.WAITING, GapCause.AUTH, "Wrong password.");
        Instant failed = house.loop.now();
        house.loop.advance(Duration.ofMinutes(3));
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.UNAUTHORIZED);
        assertThat(house.status(camera).since()).isBetween(failed, failed.plusMillis(Supervisor.TICK_MS));

        Camera off = house.change(camera, draft(ADDRESS, Optional.empty(), false));
        Instant switchedOff = house.loop.now();
        house.loop.advance(Duration.ofMinutes(3));
        assertThat(house.status(off).since()).isEqualTo(switchedOff);
    }

    @Test
    void ratesComeFromTheHubsCounters() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        StreamId main = house.main(camera);
        house.hub.count(main, 1_000, 10_000_000, 1_700_000_000_000_000L);
        house.loop.advance(Duration.ofSeconds(2));
        house.hub.count(main, 1_050, 11_000_000, 1_700_000_002_000_000L);
        house.loop.advance(Duration.ofSeconds(2));

        CameraStatus.Stream stream = house.status(camera).streams().get(0);

        assertThat(stream.framesPerSecond()).isEqualTo(25.0);
        assertThat(stream.bitrateBps()).isEqualTo(4_000_000);
        assertThat(stream.lastFrame()).contains(java.time.Instant.ofEpochSecond(1_700_000_002));
        assertThat(stream.format()).contains(FakeIngest.FORMAT);
    }
}
