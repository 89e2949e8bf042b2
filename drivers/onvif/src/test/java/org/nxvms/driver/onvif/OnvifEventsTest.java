// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;

/** What happens at a device is heard, whatever its pull points do; and what topics mean. */
class OnvifEventsTest extends OnvifScene {
    private static final DeviceEvent MOVES = DeviceEvent.on(DeviceEvent.MOTION, "MyMotionDetectorRule");
    private static final DeviceEvent RESTS = DeviceEvent.off(DeviceEvent.MOTION, "MyMotionDetectorRule");

    @Test
    void statesComeFirstThenWhatChanges() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        device.ports().set(1, true);
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            assertThat(until(feed, DeviceEvent.synchronised()))
                    .contains(MOVES, DeviceEvent.on(DeviceEvent.INPUT, "input/input_1"))
                    .contains(DeviceEvent.off("onvif.relay", "output/relay_2"));
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            until(feed, RESTS);
            device.ports().set(2, true);
            until(feed, DeviceEvent.on("onvif.relay", "output/relay_2"));
        } finally {
            device.ports().set(1, false);
            device.ports().set(2, false);
        }
    }

    @Test
    void statesAreHeardInNamespacesThatNobodyKnows() throws Exception {
        camera.set(FaultKind.OTHER_NAMESPACES);
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            assertThat(until(feed, DeviceEvent.synchronised())).contains(MOVES);
        } finally {
            device.events().set(DeviceState.Kind.MOTION, 0, false);
        }
    }

    @Test
    void anEventThatEndedDuringAnOutageIsOverAfterwards() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, MOVES);
            camera.set(FaultKind.REFUSE_CONNECTION);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            OnvifDriverTest.assertKind(Kind.UNREACHABLE, "", () -> until(feed, RESTS));
        }
        camera.clearFaults();
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            assertThat(until(feed, DeviceEvent.synchronised())).contains(RESTS).doesNotContain(MOVES);
        }
    }

    @Test
    void anEndThatTheDeviceNeverSaidIsLearntWithTheNextRenewal() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (HttpClients clients = new HttpClients("test-http")) {
            DeviceHttp http = new DeviceHttp(
                    clients.get(true),
                    java.net.URI.create(farm.httpUri(1)),
                    Optional.of(new Credentials("root", "pass")),
                    TIMEOUT_MS);
            SoapClient soap = new SoapClient(http, Services.DEVICE_PATH, Optional.of(new Credentials("root", "pass")));
            soap.learnTime();
            PullPoint pullPoint = PullPoint.create(Services.ask(soap, Services.DEVICE_PATH));
            FeedState.Patience often = new FeedState.Patience(10_000, 1, 500, 100);
            FeedState state = new FeedState(Set.of(), () -> Quirks.NONE, often, PullPoint.QUIET_SECONDS);
            try (OnvifFeed feed = new OnvifFeed(pullPoint, soap.http(), state)) {
                until(feed, DeviceEvent.synchronised());
                camera.set(FaultKind.EVENTS_STUCK);
                device.events().set(DeviceState.Kind.MOTION, 0, false);
                until(feed, RESTS);
            }
        }
    }

    @Test
    void aPullPointThatTheDeviceForgotEndsItsFeed() throws Exception {
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, DeviceEvent.synchronised());
            camera.set(FaultKind.PULL_POINT_GONE);
            OnvifDriverTest.assertKind(
                    Kind.NOT_FOUND, "refuses", () -> until(feed, DeviceEvent.on(DeviceEvent.TAMPER, "")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aPullPointThatTheDeviceForgotIsForgottenInWhateverWordsItSaysSo(int form) throws Exception {
        camera.set(FaultKind.SUBSCRIPTION_FAULTS.fault(form));
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, DeviceEvent.synchronised());
            camera.set(FaultKind.PULL_POINT_GONE);
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "", () -> until(feed, DeviceEvent.on(DeviceEvent.TAMPER, "")));
        }
    }

    @Test
    void placesAtTheDeviceAreGivenBack() throws Exception {
        try (CameraSession session = open()) {
            DeviceEvents events = capability(session, DeviceEvents.class);
            camera.set(FaultKind.PULL_POINT_GONE); // those of other tests, whose device went away before the goodbye
            DeviceEvents.Feed first = events.subscribe();
            camera.clearFaults();
            first.close();
            camera.set(FaultKind.SESSION_LIMIT.fault(1));
            for (int i = 0; i < 3; i++) {
                try (DeviceEvents.Feed feed = events.subscribe()) {
                    until(feed, DeviceEvent.synchronised());
                }
            }
            try (CameraSession other = open();
                    DeviceEvents.Feed feed = events.subscribe()) {
                until(feed, DeviceEvent.synchronised());
                OnvifDriverTest.assertKind(Kind.BUSY, "too many", () -> capability(other, DeviceEvents.class)
                        .subscribe());
            }
        }
    }

    @Test
    void theStateOfAPortIsThatWhichIsHeardAndNoneIsGuessed() throws Exception {
        try (CameraSession session = open();
                CameraSession other = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            until(feed, DeviceEvent.synchronised());
            camera.set(FaultKind.SESSION_LIMIT.fault(1)); // the feed's own place
            device.ports().set(1, true);
            until(feed, DeviceEvent.on(DeviceEvent.INPUT, "input/input_1"));
            DigitalIo io = capability(session, DigitalIo.class);
            assertThat(io.ports())
                    .filteredOn(port -> port.id().equals("input_1"))
                    .extracting(DigitalIo.Port::on)
                    .containsExactly(true);
            io.set("relay_2", true);
            assertThat(io.ports())
                    .filteredOn(port -> port.id().equals("relay_2"))
                    .extracting(DigitalIo.Port::on)
                    .containsExactly(true);
            OnvifDriverTest.assertKind(Kind.BUSY, "too many", () -> capability(other, DigitalIo.class)
                    .ports());
        } finally {
            device.ports().set(1, false);
            device.ports().set(2, false);
        }
    }

    @Test
    void topicsOfManyMakersMeanTheSame() throws Exception {
        Map<String, DeviceEvent> words = Map.of(
                message("tns1:RuleEngine/CellMotionDetector/Motion", "Rule", "r 1", "IsMotion", "true"),
                DeviceEvent.on(DeviceEvent.MOTION, "r_1"),
                message("tns1:VideoSource/MotionAlarm", "Source", "v1", "State", "1"),
                DeviceEvent.on(DeviceEvent.MOTION, "alarm"),
                message("a:RuleEngine/b:TamperDetector/Tamper", "Rule", "t", "IsTamper", "false"),
                DeviceEvent.off(DeviceEvent.TAMPER, "t"),
                message("tns1:VideoSource/ImageTooDark/ImagingService", "Source", "v1", "State", "true"),
                DeviceEvent.on(DeviceEvent.TAMPER, "dark"),
                message("tns1:Device/Trigger/Relay", "RelayToken", "0", "LogicalState", "active"),
                DeviceEvent.on("onvif.relay", "output/0"),
                message("tns1:RuleEngine/LineDetector/Crossed", "Rule", "l", "ObjectId", "7"),
                DeviceEvent.pulse("onvif.line_crossed", "l"));
        for (Map.Entry<String, DeviceEvent> word : words.entrySet()) {
            assertThat(events(word.getKey(), Set.of())).as(word.getKey()).containsExactly(word.getValue());
        }
        assertThat(events(message("tns1:Monitoring/ProcessorUsage", "Token", "x", "Value", "7"), Set.of()))
                .isEmpty();
        assertThat(events(message("tns1:VideoSource/MotionAlarm", "Source", "v2", "State", "true"), Set.of("v2")))
                .as("of another channel of the device")
                .isEmpty();
        assertThat(events(message("tns1:VideoSource/MotionAlarm", "Source", "v1", "State", "maybe"), Set.of()))
                .isEmpty();
    }

    @Test
    void whatHappensOnceIsNotToldAgainWhenItEnds() throws Exception {
        String loiters = message("tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering", "Rule", "l", "ObjectId", "7");
        assertThat(events(loiters, Set.of())).containsExactly(DeviceEvent.pulse("onvif.loitering", "l"));
        assertThat(events(loiters.replace("\"Changed\"", "\"Deleted\""), Set.of()))
                .isEmpty();
        assertThat(events(
                        message("tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering", "Rule", "l", "State", "false"),
                        Set.of()))
                .isEmpty();
    }

    @Test
    void servicesThatTellTheSameDoNotContradictEachOther() throws Exception {
        assertThat(events(
                        message("tns1:VideoSource/ImageTooDark/AnalyticsService", "Source", "v1", "State", "true"),
                        Set.of()))
                .containsExactly(DeviceEvent.on(DeviceEvent.TAMPER, "dark/AnalyticsService"));
    }

    private static String message(String topic, String source, String token, String data, String value) {
        return """
                <wsnt:NotificationMessage xmlns:wsnt="w"><wsnt:Topic Dialect="d"> %s </wsnt:Topic><wsnt:Message>
                <tt:Message xmlns:tt="t" UtcTime="2026-01-01T00:00:00Z" PropertyOperation="Changed">
                <tt:Source><tt:SimpleItem Name="%s" Value="%s"/></tt:Source>
                <tt:Data><tt:SimpleItem Name="%s" Value="%s"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>"""
                .formatted(topic, source, token, data, value);
    }

    private static List<DeviceEvent> events(String xml, Set<String> others) throws Exception {
        return Topics.events(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8)), others, List.of());
    }

    /** {@return all that was said up to an event} */
    static List<DeviceEvent> until(DeviceEvents.Feed feed, DeviceEvent last) throws Exception {
        List<DeviceEvent> said = new ArrayList<>();
        long end = System.nanoTime() + 60_000_000_000L;
        while (!said.contains(last)) {
            assertThat(System.nanoTime()).as("%s is not said: %s", last, said).isLessThan(end);
            said.addAll(feed.next(5_000));
        }
        return said;
    }
}
