// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;

/** The event feed: what holds first, then what changes; it notices when it is dead. */
class AxisEventsTest extends AxisScene {
    private static final String PROFILE = "Camera1Profile1";

    @AfterEach
    void quiet() {
        device.events().set(DeviceState.Kind.MOTION, 0, false);
        device.ports().set(1, false);
    }

    @Test
    void aFeedSaysWhatHoldsThenSynchronisedThenEachChange() throws Exception {
        device.ports().set(1, true);
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            List<DeviceEvent> first = until(feed, DeviceEvent.Form.SYNCHRONISED);
            assertThat(first.stream().filter(event -> event.form() == DeviceEvent.Form.ON))
                    .containsExactly(DeviceEvent.on(DeviceEvent.INPUT, "input/1"));
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            device.ports().set(2, true);
            device.events().set(DeviceState.Kind.VIRTUAL_INPUT, 0, true);
            device.events().pulse(3);
            assertThat(take(feed, 5))
                    .containsExactly(
                            DeviceEvent.on(DeviceEvent.MOTION, PROFILE),
                            DeviceEvent.off(DeviceEvent.MOTION, PROFILE),
                            DeviceEvent.on("axis.output", "output/2"),
                            DeviceEvent.on("axis.virtual_input", "virtual/1"),
                            DeviceEvent.pulse("axis.pulse", "simulator.pulse.3"));
            assertThat(feed.next(1_000)).isEmpty();
        } finally {
            device.ports().set(2, false);
            device.events().set(DeviceState.Kind.VIRTUAL_INPUT, 0, false);
        }
    }

    @Test
    void whatWasStuckEndsWithTheNextFeed() throws Exception {
        camera.set(FaultKind.EVENTS_STUCK);
        try (CameraSession session = open()) {
            DeviceEvents events = capability(session, DeviceEvents.class);
            DeviceEvents.Feed feed = events.subscribe();
            until(feed, DeviceEvent.Form.SYNCHRONISED);
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            assertThat(until(feed, DeviceEvent.Form.ON)).contains(DeviceEvent.on(DeviceEvent.MOTION, PROFILE));
            assertThat(untilSilent(feed, 1_000))
                    .as("its end is not told")
                    .doesNotContain(DeviceEvent.off(DeviceEvent.MOTION, PROFILE));
            feed.close();
            DeviceEvents.Feed anew = events.subscribe();
            assertThat(until(anew, DeviceEvent.Form.SYNCHRONISED))
                    .as("motion does not hold any more")
                    .noneMatch(event -> event.form() == DeviceEvent.Form.ON);
            anew.close();
        }
    }

    @Test
    void aSilentStreamIsGivenUp() throws Exception {
        try (HttpClients clients = new HttpClients("test-http")) {
            AxisHttp http = http(clients, TIMEOUT_MS);
            AxisFeed.Patience longer = new AxisFeed.Patience(200, 30_000, 200, 30_000);
            try (AxisFeed feed = AxisFeed.open(http, Optional.of(Set.of()), longer)) {
                until(feed, DeviceEvent.Form.SYNCHRONISED);
                // Of a slow machine the last states come when all seem to have been said.
                assertThat(untilSilent(feed, 1_500))
                        .as("nothing happens, but pings are answered")
                        .allMatch(event -> event.form() == DeviceEvent.Form.OFF);
            }
            AxisFeed.Patience patience = new AxisFeed.Patience(200, 30_000, 200, 800);
            try (AxisFeed feed = AxisFeed.open(http, Optional.of(Set.of()), patience)) {
                camera.set(FaultKind.EVENTS_SILENT);
                assertEnds(feed, "has been dead");
            }
            assertThatThrownBy(() -> AxisFeed.open(http(clients, BRIEF_MS), Optional.of(Set.of()), patience)
                            .close())
                    .as("a new one is not confirmed")
                    .isInstanceOf(DriverException.class)
                    .hasMessageContaining("does not confirm");
        }
    }

    private static AxisHttp http(HttpClients clients, int timeoutMs) throws DriverException {
        return new AxisHttp(new DeviceHttp(
                clients.get(true),
                java.net.URI.create(farm.httpUri(1)),
                Optional.of(new Credentials("root", "pass")),
                timeoutMs));
    }

    @Test
    void aStormCostsNothingButTime() throws Exception {
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, DeviceEvent.Form.SYNCHRONISED);
            camera.set(FaultKind.EVENT_STORM.fault(5_000));
            int told = 0;
            while (told < 10_000) {
                List<DeviceEvent> events = feed.next(30_000);
                assertThat(events).isNotEmpty().hasSizeLessThanOrEqualTo(DeviceEvents.Feed.EVENTS_MAX);
                told += events.size();
            }
            camera.clearFaults();
            // A storm is of motion only; when it is over the camera tells all its states, motion first.
            DeviceEvent last = null;
            boolean over = false;
            while (!over) {
                List<DeviceEvent> events = feed.next(30_000);
                assertThat(events).as("the truth follows").isNotEmpty();
                for (DeviceEvent event : events) {
                    last = event.kind().equals(DeviceEvent.MOTION) ? event : last;
                    over |= event.kind().equals(DeviceEvent.INPUT);
                }
            }
            assertThat(last).as("ends as it is").isEqualTo(DeviceEvent.off(DeviceEvent.MOTION, PROFILE));
        }
    }

    @Test
    void aRebootEndsTheFeedAndAFullCameraIsBusy() throws Exception {
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, DeviceEvent.Form.SYNCHRONISED);
            camera.set(FaultKind.REBOOT);
            assertEnds(feed, "opened anew");
        }
        camera.clearFaults();
        camera.set(FaultKind.SESSION_LIMIT.fault(0));
        try (CameraSession session = open()) {
            DeviceEvents events = capability(session, DeviceEvents.class);
            assertThatThrownBy(events::subscribe)
                    .isInstanceOfSatisfying(DriverException.class, busy -> assertThat(busy.kind())
                            .isEqualTo(Kind.BUSY));
        }
    }

    private static void assertEnds(DeviceEvents.Feed feed, String words) {
        assertThatThrownBy(() -> {
                    while (true) {
                        feed.next(1_000);
                    }
                })
                .isInstanceOfSatisfying(
                        DriverException.class, end -> assertThat(end.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining(words);
    }

    private static List<DeviceEvent> until(DeviceEvents.Feed feed, DeviceEvent.Form form) throws Exception {
        List<DeviceEvent> events = new ArrayList<>();
        while (events.stream().noneMatch(event -> event.form() == form)) {
            List<DeviceEvent> next = feed.next(30_000);
            assertThat(next).as("after " + events).isNotEmpty();
            events.addAll(next);
        }
        return events;
    }

    /** {@return what is said until nothing is for so long} */
    private static List<DeviceEvent> untilSilent(DeviceEvents.Feed feed, int ms) throws Exception {
        List<DeviceEvent> events = new ArrayList<>();
        List<DeviceEvent> next = feed.next(ms);
        while (!next.isEmpty()) {
            events.addAll(next);
            next = feed.next(ms);
        }
        return events;
    }

    private static List<DeviceEvent> take(DeviceEvents.Feed feed, int count) throws Exception {
        List<DeviceEvent> events = new ArrayList<>();
        while (events.size() < count) {
            List<DeviceEvent> next = feed.next(30_000);
            assertThat(next).as("after " + events).isNotEmpty();
            events.addAll(next);
        }
        return events;
    }
}
