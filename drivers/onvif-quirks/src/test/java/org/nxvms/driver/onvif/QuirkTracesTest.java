// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.onvif.quirks.BundledQuirks;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace.Axis;

/** Each quirk, on the trace of a device that has it: what goes wrong while it is not known, and goes well when it is. */
class QuirkTracesTest {
    private static final Credentials LOGIN = new Credentials("root", "pass");
    private static final int TIMEOUT_MS = 30_000;
    private static final int LONG_MS = 60_000;

    /** What happens at a device, with and without its quirk. */
    private interface Story {
        void tell(TraceServer device, OnvifDriver driver, boolean known) throws Exception;
    }

    private static final Map<String, Story> STORIES = Map.of(
            "tapo-closes-long-pulls", QuirkTracesTest::aPullIsShortEnoughToBeAnswered,
            "tapo-smart-events", QuirkTracesTest::peopleAndVehiclesAreHeardOf,
            "reolink-ai-events", QuirkTracesTest::theDoorbellIsHeard,
            "bosch-moves-without-timeout", QuirkTracesTest::theHeadMoves,
            "bosch-3000i-takes-no-renewal", QuirkTracesTest::nothingIsAskedThatIsRefused);

    static List<Quirk> quirks() throws Exception {
        return QuirkFile.parse(new BundledQuirks().document());
    }

    static Stream<String> ids() throws Exception {
        return quirks().stream().map(Quirk::id);
    }

    @Test
    void eachTraceIsOfAQuirk() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(QuirkTracesTest.class
                        .getResource("/traces/common.trace")
                        .toURI())
                .getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("common"), ids())
                            .map(name -> name + ".trace")
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("ids")
    void aQuirkThatIsKnownMakesTheDifference(String id) throws Exception {
        assertThat(STORIES).as("each quirk has its story").containsKey(id);
        for (boolean known : List.of(false, true)) {
            OnvifDriver driver = new OnvifDriver();
            try (TraceServer device = new TraceServer(id)) {
                if (known) {
                    driver.addData(new BundledQuirks(), Map.of("service.id", 1L, "service.bundleid", 1L));
                }
                try (CameraSession session = open(device, driver)) {
                    assertThat(quirks().stream()
                                    .filter(quirk -> quirk.id().equals(id))
                                    .allMatch(quirk -> quirk.isOf(identity(session))))
                            .as("the trace is of a device that has it")
                            .isTrue();
                }
                STORIES.get(id).tell(device, driver, known);
            } finally {
                driver.close();
            }
        }
    }

    private static CameraSession open(TraceServer device, OnvifDriver driver) throws DriverException {
        return driver.open(new DeviceTarget(
                URI.create(device.address()), Optional.empty(), Optional.of(LOGIN), Map.of(), TIMEOUT_MS));
    }

    private static DeviceIdentity identity(CameraSession session) {
        try {
            return session.identity();
        } catch (DriverException closed) {
            throw new AssertionError(closed);
        }
    }

    private static void aPullIsShortEnoughToBeAnswered(TraceServer device, OnvifDriver driver, boolean known)
            throws Exception {
        try (CameraSession session = open(device, driver);
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            assertThat(feed.next(LONG_MS)).containsExactly(DeviceEvent.synchronised());
            if (known) {
                assertThat(feed.next(LONG_MS))
                        .containsExactly(DeviceEvent.on(DeviceEvent.MOTION, "MyMotionDetectorRule"));
            } else {
                assertThatThrownBy(() -> feed.next(LONG_MS))
                        .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                                .isEqualTo(DriverException.Kind.UNREACHABLE));
            }
        }
    }

    private static void peopleAndVehiclesAreHeardOf(TraceServer device, OnvifDriver driver, boolean known)
            throws Exception {
        List<DeviceEvent> heard = heard(device, driver);
        if (known) {
            assertThat(heard)
                    .contains(
                            DeviceEvent.on("onvif.person", "MyPeopleDetectorRule"),
                            DeviceEvent.on("onvif.vehicle", "MyPeopleDetectorRule"),
                            DeviceEvent.off("onvif.animal", "MyPeopleDetectorRule"));
        } else {
            assertThat(heard).containsExactly(DeviceEvent.synchronised());
        }
    }

    private static void theDoorbellIsHeard(TraceServer device, OnvifDriver driver, boolean known) throws Exception {
        List<DeviceEvent> heard = heard(device, driver);
        DeviceEvent motion = DeviceEvent.on(DeviceEvent.MOTION, "alarm");
        if (known) {
            assertThat(heard)
                    .contains(
                            DeviceEvent.on("onvif.doorbell", ""),
                            DeviceEvent.on("onvif.person", ""),
                            DeviceEvent.off("onvif.animal", ""),
                            motion);
        } else {
            assertThat(heard).containsExactly(motion, DeviceEvent.synchronised());
        }
    }

    /** {@return all that was said until all states were} */
    private static List<DeviceEvent> heard(TraceServer device, OnvifDriver driver) throws Exception {
        List<DeviceEvent> heard = new ArrayList<>();
        try (CameraSession session = open(device, driver);
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            while (!heard.contains(DeviceEvent.synchronised())) {
                heard.addAll(feed.next(LONG_MS));
            }
        }
        return heard;
    }

    private static void theHeadMoves(TraceServer device, OnvifDriver driver, boolean known) throws Exception {
        try (CameraSession session = open(device, driver)) {
            Ptz ptz = session.capability(Ptz.class).orElseThrow();
            if (known) {
                ptz.move(Map.of(Axis.PAN, 0.5), 1_000);
                assertThat(device.asked("ContinuousMove")).hasSize(1);
            } else {
                assertThatThrownBy(() -> ptz.move(Map.of(Axis.PAN, 0.5), 1_000)).hasMessageContaining("not supported");
            }
        }
    }

    private static void nothingIsAskedThatIsRefused(TraceServer device, OnvifDriver driver, boolean known)
            throws Exception {
        DeviceIdentity identity;
        try (CameraSession session = open(device, driver)) {
            identity = session.identity();
        }
        QuirkBook book = new QuirkBook();
        if (known) {
            book.add(1, new BundledQuirks().document(), "a test");
        }
        try (HttpClients clients = new HttpClients("test-http")) {
            DeviceHttp http =
                    new DeviceHttp(clients.get(true), URI.create(device.address()), Optional.of(LOGIN), TIMEOUT_MS);
            SoapClient soap = new SoapClient(http, Services.DEVICE_PATH, Optional.of(LOGIN));
            PullPoint pullPoint = PullPoint.create(Services.ask(soap, Services.DEVICE_PATH));
            FeedState.Patience often = new FeedState.Patience(10_000, 1, 1, 1);
            FeedState state = new FeedState(Set.of(), () -> book.of(identity), often, PullPoint.QUIET_SECONDS);
            try (OnvifFeed feed = new OnvifFeed(pullPoint, http, state)) {
                while (device.asked("PullMessages").size() < 20) {
                    feed.next(100);
                }
            }
            if (known) {
                assertThat(device.asked("SetSynchronizationPoint")).isEmpty();
                assertThat(device.asked("Renew")).isEmpty();
            } else {
                assertThat(device.asked("SetSynchronizationPoint")).isNotEmpty();
                assertThat(device.asked("Renew")).isNotEmpty();
            }
        }
    }
}
