// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.ingest.IngestStatus;

/** What drivers are asked, and what their answers change. */
class InquiryTest {
    private static final String ADDRESS = "rtsp://cam/1";

    private final FakeDriver driver = new FakeDriver("rtsp");

    @Test
    void replacingDriversDisturbsNoStream() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();
        FakeDriver newer = new FakeDriver("rtsp");

        house.install(newer, "1.1.0");
        assertThat(newer.opened).as("the newest version serves").hasSize(1);
        house.uninstall(driver);
        house.loop.advance(Duration.ofMinutes(5));
        house.uninstall(newer);
        house.loop.advance(Duration.ofMinutes(5));

        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.recorder.disturbances).isEmpty();
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(house.status(camera).driverPresent()).isFalse();

        house.install(new FakeDriver("rtsp"), "1.2.0");
        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.status(camera).driverPresent()).isTrue();
    }

    @Test
    void anOlderVersionBesideANewerOneIsNotAsked() {
        House house = new House().withAll().install(driver, "2.0.0");
        house.add(draft(ADDRESS));
        FakeDriver older = new FakeDriver("rtsp");

        house.install(older, "1.9.0");
        assertThat(older.opened).isEmpty();

        house.uninstall(driver);
        assertThat(older.opened).as("it serves once the newer one is gone").hasSize(1);
    }

    @Test
    void aDriverThatNamesAnotherEndpointMovesTheStream() {
        House house = new House().withAll().install(driver, "1.0.0");
        house.add(draft(ADDRESS));
        house.ingest.disturbances.clear();
        FakeDriver other = new FakeDriver("rtsp");
        other.query = "?profile=2";

        house.install(other, "1.1.0");

        assertThat(house.ingest.disturbances).containsExactly("replace main rtsp://cam/1?profile=2");
    }

    @Test
    void anotherAddressNeverRecordsTheOldDevice() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.disturbances.clear();
        driver.behaviour = target -> {
            throw new DriverException(Kind.UNREACHABLE, "Connection refused.");
        };

        Camera moved = house.change(camera, draft("rtsp://elsewhere/1"));

        assertThat(house.ingest.disturbances).containsExactly("release main CAMERA_UNREACHABLE Connection refused.");
        assertThat(house.status(moved).state()).isEqualTo(CameraStatus.State.OFFLINE);
        assertThat(house.status(moved).detail()).isEqualTo("Connection refused.");
        assertThat(house.store.rows.get(camera.id()).endpoints()).isEmpty();

        driver.behaviour = target -> {};
        house.loop.advance(Duration.ofSeconds(10));
        assertThat(house.ingest.disturbances).endsWith("start main rtsp://elsewhere/1");
    }

    @Test
    void aFailingContactLeavesAKnownStreamAlone() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.disturbances.clear();
        FakeDriver bad = new FakeDriver("rtsp");
        bad.behaviour = target -> {
            throw new NoClassDefFoundError("vendor/Protocol");
        };

        house.install(bad, "1.1.0");
        house.loop.advance(Duration.ofMinutes(10));

        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void aStreamThatStaysAwayMakesTheDriverBeAskedAgain() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        house.ingest.fail(
                house.main(camera), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "No answer from cam.");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.OFFLINE);
        assertThat(house.status(camera).detail()).isEqualTo("No answer from cam.");

        house.loop.advance(Duration.ofSeconds(25));
        assertThat(driver.opened).hasSize(1);
        driver.query = "?moved";
        house.loop.advance(Duration.ofSeconds(25));

        assertThat(driver.opened).hasSize(2);
        assertThat(house.ingest.disturbances).endsWith("replace main rtsp://cam/1?moved");
    }

    @Test
    void whatTheDeviceDidNotAnswerAboutIsAskedForAgain() {
        driver.device = Optional.of(new FakeDevice());
        driver.silent = Set.of(Ptz.class);
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS));
        assertThat(capabilities(house, camera)).contains("snapshot").doesNotContain("ptz");

        house.loop.advance(Duration.ofMinutes(2));
        assertThat(capabilities(house, camera)).doesNotContain("ptz");
        driver.silent = Set.of();
        house.loop.advance(Duration.ofMinutes(2));
        assertThat(capabilities(house, camera)).contains("ptz");

        FakeDriver newer = new FakeDriver("rtsp");
        newer.device = driver.device;
        newer.silent = Set.of(Ptz.class);
        house.uninstall(driver);
        house.install(newer, "1.1.0");
        assertThat(newer.opened).isNotEmpty();
        assertThat(capabilities(house, camera)).as("as it was known before").contains("ptz");
    }

    private static List<String> capabilities(House house, Camera camera) {
        return house.status(camera).device().orElseThrow().capabilities();
    }

    @Test
    void aRecordedStreamThatTheDeviceLacksIsSaid() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(
                ADDRESS,
                Optional.empty(),
                true,
                new RecordingSettings(RecordingSettings.Mode.CONTINUOUS, EnumSet.allOf(StreamRole.class), 30)));

        CameraStatus status = house.status(camera);

        assertThat(status.state()).isEqualTo(CameraStatus.State.UNSUPPORTED);
        assertThat(status.detail()).contains("sub stream", "sub address", "recording settings");
        assertThat(house.recorder.disturbances).containsExactly("record main 30");
    }

    @Test
    void aSubStreamThatIsNotOfferedAnyMoreIsReleased() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));
        house.ingest.disturbances.clear();

        house.change(camera, draft(ADDRESS));

        assertThat(house.ingest.disturbances)
                .containsExactly("release sub NOT_SCHEDULED The device does not offer this stream any more.");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    /** A device that restarts, or whose profile is being edited, names only some of its streams for a moment. */
    @Test
    void aRecordedStreamThatTheDriverLeavesOutForAMomentGoesOn() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();
        FakeDriver forgetful = new FakeDriver("rtsp");
        forgetful.hidden.add(StreamRole.MAIN);

        house.install(forgetful, "1.1.0");
        house.loop.advance(Duration.ofMinutes(10));
        assertThat(house.ingest.disturbances)
                .as("pictures count more than lists")
                .isEmpty();
        assertThat(forgetful.opened.size()).as("it is asked again").isBetween(5, 20);
        forgetful.hidden.clear();
        house.loop.advance(Duration.ofMinutes(2));
        int asked = forgetful.opened.size();
        house.loop.advance(Duration.ofMinutes(10));

        assertThat(forgetful.opened).as("all is well again").hasSize(asked);
        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.recorder.disturbances).isEmpty();
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void aRecordedStreamThatIsGoneForGoodIsAGapWithTheDevicesCauseAndNotTheSchedules() {
        House house = new House().withAll().install(driver, "1.0.0");
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true));
        house.ingest.disturbances.clear();
        house.recorder.disturbances.clear();
        driver.hidden.add(StreamRole.MAIN);
        house.ingest.fail(
                house.main(camera), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "Path not known.");

        house.loop.advance(Duration.ofMinutes(3));

        assertThat(house.ingest.disturbances)
                .containsExactly("release main UNSUPPORTED The device does not offer this stream any more.");
        assertThat(house.recorder.disturbances).as("the wish stays").isEmpty();
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.UNSUPPORTED);

        driver.hidden.clear();
        house.loop.advance(Duration.ofMinutes(2));
        assertThat(house.ingest.disturbances).endsWith("start main rtsp://cam/1");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }
}
