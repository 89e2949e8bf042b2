// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollout.Phase;
import org.nxvms.platform.api.camera.DriverRollouts.Order;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.osgi.framework.Version;

/** A new version of a driver takes one camera first, then all, and none when it does worse. */
class RolloutsTest {
    private static final int SOAK_SECONDS = 60;

    private final FakeDriver one = new FakeDriver("rtsp");
    private final FakeDriver two = new FakeDriver("rtsp");
    private final House house = new House().withAll().install(one, "1.0.0");
    private final List<Camera> cameras = new ArrayList<>();
    private long pictures;

    RolloutsTest() {
        for (int i = 0; i < 20; i++) {
            cameras.add(house.add(draft("rtsp://cam" + i + "/1")));
        }
        // What serves has settled.
        house.loop.advance(Duration.ofMillis(Rollouts.SETTLE_MS));
        pass(Duration.ofSeconds(2));
        house.install(two, "2.0.0");
        house.ingest.disturbances.clear();
        one.opened.clear();
        two.opened.clear();
    }

    /** Time in which every camera sends pictures. */
    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= Supervisor.TICK_MS) {
            pictures += 50;
            cameras.forEach(camera -> house.hub.count(StreamId.main(camera.id()), pictures, pictures, 1));
            house.loop.advance(Duration.ofMillis(Math.min(left, Supervisor.TICK_MS)));
        }
    }

    private DriverRollout begin(Optional<UUID> canary) {
        DriverRollout begun = house.supervisor.rollouts().begin(new Order("rtsp", "2.0.0", canary, SOAK_SECONDS));
        house.loop.run();
        return begun;
    }

    private DriverRollout now() {
        return house.supervisor.rollouts().rollout("rtsp").orElseThrow();
    }

    private static String host(FakeDriver driver, int index) {
        return driver.opened.get(index).address().getHost();
    }

    private String versionOf(Camera camera) {
        return house.status(camera).device().orElseThrow().driverVersion();
    }

    @Test
    void aVersionBesideTheOneThatServesServesNobody() {
        house.loop.advance(Duration.ofMinutes(10));

        assertThat(two.opened).isEmpty();
        assertThat(house.chosenVersions).containsEntry("rtsp", Version.parseVersion("1.0.0"));
    }

    @Test
    void whatCameJustNowGoesOnServingWhenThatIsWished() {
        House fresh = new House().withAll().install(one, "1.0.0");
        Camera camera = fresh.add(draft("rtsp://fresh/1"));
        fresh.loop.advance(Duration.ofSeconds(1));
        fresh.supervisor.rollouts().keepServing("rtsp");
        fresh.supervisor.rollouts().keepServing("none");
        one.opened.clear();
        fresh.install(two, "2.0.0");
        fresh.loop.advance(Duration.ofMinutes(1));

        assertThat(two.opened).isEmpty();
        assertThat(fresh.status(camera).device().orElseThrow().driverVersion()).isEqualTo("1.0.0");
        fresh.supervisor.rollouts().keepServing("rtsp");
        assertThat(fresh.chosenVersions).containsEntry("rtsp", Version.parseVersion("1.0.0"));
    }

    @Test
    void oneCameraGoesFirstThenAllAndNoStreamIsTouched() {
        Camera canary = cameras.get(7);
        assertThat(begin(Optional.of(canary.id())).phase()).isEqualTo(Phase.CANARY);
        assertThat(two.opened).hasSize(1);
        assertThat(host(two, 0)).isEqualTo("cam7");
        assertThat(versionOf(canary)).isEqualTo("2.0.0");
        assertThat(versionOf(cameras.get(0))).isEqualTo("1.0.0");

        pass(Duration.ofSeconds(SOAK_SECONDS + 2));
        assertThat(now().phase()).isEqualTo(Phase.ALL);
        assertThat(now().detail()).isEqualTo("20 cameras are served by 2.0.0 and watched for 60 s.");
        assertThat(two.opened).as("the canary is not asked twice").hasSize(20);
        pass(Duration.ofSeconds(SOAK_SECONDS + 2));

        assertThat(now().phase()).isEqualTo(Phase.PROMOTED);
        assertThat(house.chosenVersions).containsEntry("rtsp", Version.parseVersion("2.0.0"));
        assertThat(house.publisher.said()).contains("pulse driver.promoted");
        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(one.opened).isEmpty();
    }

    @Test
    void withoutAWishTheFirstCameraThatIsWellIsTheCanary() {
        house.ingest.fail(
                StreamId.main(cameras.get(0).id()), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "No.");
        UUID canary = begin(Optional.empty()).canary().orElseThrow();

        assertThat(canary).isNotEqualTo(cameras.get(0).id());
    }

    @Test
    void aVersionThatCannotTalkToTheCanaryIsTakenBackAtOnce() {
        two.behaviour = target -> {
            throw new DriverException(Kind.PROTOCOL, "Not such a device.");
        };
        begin(Optional.of(cameras.get(0).id()));
        house.loop.advance(Duration.ofSeconds(3));

        assertThat(now().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(now().detail()).isEqualTo("Camera Gate: it cannot be asked for its streams: Not such a device.");
        assertThat(one.opened).as("the canary is served by the version before").hasSize(1);
        assertThat(versionOf(cameras.get(0))).isEqualTo("1.0.0");
        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.publisher.said()).contains("pulse driver.rolled_back");
        int asked = two.opened.size();
        house.loop.advance(Duration.ofMinutes(10));
        assertThat(two.opened).hasSize(asked);
    }

    @Test
    void aVersionThatNamesNoStreamsAnyMoreOrOffersLessIsTakenBack() {
        house.change(cameras.get(0), draft("rtsp://cam0/1", Optional.of("rtsp://cam0/2"), true));
        two.hidden.add(StreamRole.SUB);
        begin(Optional.of(cameras.get(0).id()));
        house.loop.advance(Duration.ofSeconds(3));
        assertThat(now().detail()).isEqualTo("Camera Gate: the new version does not name the stream sub.");

        two.hidden.clear();
        one.device = Optional.of(new FakeDevice());
        Camera able = house.add(draft("rtsp://able/1"));
        begin(Optional.of(able.id()));
        house.loop.advance(Duration.ofSeconds(3));
        assertThat(now().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(now().detail()).contains("does not offer", "ptz", "events");
    }

    @Test
    void aVersionWhoseStreamsBringNoPicturesIsTakenBack() {
        two.query = "?profile=9";
        Camera canary = cameras.get(3);
        begin(Optional.of(canary.id()));
        assertThat(house.ingest.disturbances).containsExactly("replace main rtsp://cam3/1?profile=9");
        house.ingest.fail(StreamId.main(canary.id()), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "404.");

        pass(Duration.ofMillis(Fitness.STREAM_MS_MAX));
        assertThat(now().phase()).as("it may take a moment").isEqualTo(Phase.CANARY);
        pass(Duration.ofSeconds(4));
        assertThat(now().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(now().detail()).isEqualTo("Camera Gate: no pictures arrive of the stream main.");
        assertThat(house.ingest.disturbances).endsWith("replace main rtsp://cam3/1");
    }

    @Test
    void aStreamThatIsSaidToFlowButBringsNothingCountsAsNone() {
        begin(Optional.of(cameras.get(3).id()));
        // Connected, but no picture is counted.
        house.loop.advance(Duration.ofSeconds(SOAK_SECONDS + 2));

        assertThat(now().detail()).isEqualTo("Camera Gate: no pictures arrive of the stream main.");
    }

    @Test
    void aHangingVersionIsTakenBack() {
        House slow = new House(task -> {});
        slow.withAll().install(one, "1.0.0");
        Camera canary = slow.add(draft("rtsp://cam/1"));
        slow.loop.advance(Duration.ofMillis(Rollouts.SETTLE_MS));
        slow.install(two, "2.0.0");
        slow.supervisor.rollouts().begin(new Order("rtsp", "2.0.0", Optional.of(canary.id()), SOAK_SECONDS));
        slow.loop.advance(Duration.ofSeconds(SOAK_SECONDS));

        DriverRollout end = slow.supervisor.rollouts().rollout("rtsp").orElseThrow();
        assertThat(end.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(end.detail()).contains("has not answered");
    }

    @Test
    void whatFailsWithManyCamerasIsTakenBackFromAllOfThem() {
        begin(Optional.of(cameras.get(0).id()));
        two.behaviour = target -> {
            if (target.address().getHost().equals("cam9")) {
                throw new DriverException(Kind.UNSUPPORTED, "No such firmware.");
            }
        };
        pass(Duration.ofSeconds(SOAK_SECONDS));
        assertThat(now().phase()).isEqualTo(Phase.ALL);
        one.opened.clear();
        pass(Duration.ofSeconds(4));

        assertThat(now().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(now().detail()).contains("No such firmware.");
        assertThat(one.opened).as("all are back, the canary too").hasSize(20);
        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.chosenVersions).containsEntry("rtsp", Version.parseVersion("1.0.0"));
    }

    @Test
    void aCameraOrTwoThatFailByChanceAtThatMomentAreNotTheVersionsDoing() {
        begin(Optional.of(cameras.get(0).id()));
        two.behaviour = target -> {
            if (target.address().getHost().matches("cam(8|9)")) {
                throw new DriverException(Kind.UNREACHABLE, "No route.");
            }
        };
        pass(Duration.ofSeconds(2 * SOAK_SECONDS + 6));

        assertThat(now().phase()).isEqualTo(Phase.PROMOTED);
        assertThat(now().findings()).hasSize(2).allMatch(finding -> finding.contains("No route."));
    }

    @Test
    void moreOfThemAre() {
        begin(Optional.of(cameras.get(0).id()));
        two.behaviour = target -> {
            if (target.address().getHost().matches("cam[789]")) {
                throw new DriverException(Kind.UNREACHABLE, "No route.");
            }
        };
        pass(Duration.ofSeconds(SOAK_SECONDS + 6));

        assertThat(now().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(now().detail()).isEqualTo("3 of 20 cameras fare worse than before.");
    }

    @Test
    void aVersionThatIsRemovedWhileItIsTriedIsTakenBackAndTheOtherWayRoundItStays() {
        begin(Optional.of(cameras.get(0).id()));
        house.uninstall(two);
        house.loop.advance(Duration.ofSeconds(3));
        assertThat(now().detail()).isEqualTo("Version 2.0.0 is not installed any more.");
        assertThat(versionOf(cameras.get(0))).isEqualTo("1.0.0");

        house.install(two, "2.0.0");
        begin(Optional.of(cameras.get(0).id()));
        house.uninstall(one);
        house.loop.advance(Duration.ofSeconds(3));
        assertThat(now().phase()).isEqualTo(Phase.PROMOTED);
        assertThat(versionOf(cameras.get(5))).isEqualTo("2.0.0");
    }

    /** What is kept of a rollout, or of a login that was refused, must not keep a driver's classes in memory. */
    @Test
    void aDriverThatIsGoneIsForgottenWhole() {
        WeakReference<FakeDriver> gone = triedAndRemoved();

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (gone.get() != null) {
            assertThat(System.nanoTime()).as("it is held by something").isLessThan(end);
            System.gc();
        }
        assertThat(now().to()).isEqualTo("3.0.0");
    }

    private WeakReference<FakeDriver> triedAndRemoved() {
        FakeDriver three = new FakeDriver("rtsp");
        house.install(three, "3.0.0");
        Camera canary = cameras.get(0);
        house.supervisor.rollouts().begin(new Order("rtsp", "3.0.0", Optional.of(canary.id()), SOAK_SECONDS));
        house.loop.run();
        three.behaviour = target -> {
            throw new DriverException(Kind.AUTH, "No.");
        };
        assertThatThrownBy(() -> house.control.identity(canary.id())).isInstanceOf(DriverException.class);
        assertThat(three.opened).hasSize(2);
        house.uninstall(three);
        house.loop.advance(Duration.ofMinutes(2));
        return new WeakReference<>(three);
    }

    @Test
    void aCameraThatIsAddedWhileAllAreTriedGoesBackToo() {
        begin(Optional.of(cameras.get(0).id()));
        pass(Duration.ofSeconds(SOAK_SECONDS));
        assertThat(now().phase()).isEqualTo(Phase.ALL);
        Camera added = house.add(draft("rtsp://added/1"));
        assertThat(versionOf(added)).isEqualTo("2.0.0");

        house.supervisor.rollouts().giveUp("rtsp");
        house.loop.run();
        assertThat(versionOf(added)).isEqualTo("1.0.0");
    }

    /** Pictures count more than lists: what was missing before is not the new version's doing. */
    @Test
    void aStreamThatWasMissingBeforeIsNotHeldAgainstTheNewVersion() {
        one.hidden.add(StreamRole.SUB);
        two.hidden.add(StreamRole.SUB);
        Camera canary = cameras.get(0);
        one.hidden.clear();
        house.change(
                canary,
                draft(
                        "rtsp://cam0/1",
                        Optional.of("rtsp://cam0/2"),
                        true,
                        new RecordingSettings(RecordingSettings.Mode.CONTINUOUS, EnumSet.allOf(StreamRole.class), 30)));
        one.hidden.add(StreamRole.SUB);
        house.uninstall(one);
        house.install(one, "1.0.0");
        pass(Duration.ofSeconds(2));

        begin(Optional.of(canary.id()));
        pass(Duration.ofSeconds(4));
        assertThat(now().phase()).as(now().detail()).isEqualTo(Phase.CANARY);
    }

    /** At a start a plugin may come later than others. */
    @Test
    void aChosenVersionThatComesLateServesAgain() {
        House fresh = new House().withAll();
        fresh.shelf.choose("rtsp", Version.parseVersion("1.0.0"));
        fresh.install(two, "2.0.0");
        Camera camera = fresh.add(draft("rtsp://cam/1"));
        fresh.loop.advance(Duration.ofMinutes(2));
        assertThat(fresh.status(camera).device().orElseThrow().driverVersion()).isEqualTo("2.0.0");

        fresh.install(one, "1.0.0");
        assertThat(fresh.status(camera).device().orElseThrow().driverVersion()).isEqualTo("1.0.0");
    }

    @Test
    void aRolloutIsGivenUpByHand() {
        begin(Optional.of(cameras.get(0).id()));
        assertThat(house.supervisor.rollouts().giveUp("rtsp").phase()).isEqualTo(Phase.ROLLED_BACK);
        house.loop.run();

        assertThat(versionOf(cameras.get(0))).isEqualTo("1.0.0");
        assertThatThrownBy(() -> house.supervisor.rollouts().giveUp("rtsp")).isInstanceOf(IllegalStateException.class);
        begin(Optional.of(cameras.get(0).id()));
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        Rollouts rollouts = house.supervisor.rollouts();
        assertThatThrownBy(() -> rollouts.begin(new Order("acme", "1.0.0", Optional.empty(), SOAK_SECONDS)))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessageContaining("installed: rtsp");
        assertThatThrownBy(() -> rollouts.begin(new Order("rtsp", "3.0.0", Optional.empty(), SOAK_SECONDS)))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessageContaining("2.0.0, 1.0.0");
        assertThatThrownBy(() -> rollouts.begin(new Order("rtsp", "1.0.0", Optional.empty(), SOAK_SECONDS)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("serves already");
        assertThatThrownBy(() -> rollouts.begin(new Order("rtsp", "2.0.0", Optional.of(new UUID(1, 1)), SOAK_SECONDS)))
                .isInstanceOf(IllegalArgumentException.class);
        begin(Optional.empty());
        assertThatThrownBy(() -> begin(Optional.empty()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("under way");
    }

    @Test
    void aVersionThatServesAndIsReplacedInPlaceIsFollowedByItsSuccessor() {
        FakeDriver three = new FakeDriver("rtsp");
        house.uninstall(one);
        assertThat(versionOf(cameras.get(0))).as("somebody must").isEqualTo("2.0.0");
        house.install(three, "3.0.0");
        house.loop.advance(Duration.ofMillis(Rollouts.SETTLE_MS));

        assertThat(house.chosenVersions).containsEntry("rtsp", Version.parseVersion("3.0.0"));
        assertThat(versionOf(cameras.get(0))).isEqualTo("3.0.0");
    }
}
