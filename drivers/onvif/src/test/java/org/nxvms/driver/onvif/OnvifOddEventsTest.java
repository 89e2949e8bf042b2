// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.onvif.SoapClient.Sender;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;

/** Devices whose events come as the standard has it, or not, where those of the simulated ones do not. */
class OnvifOddEventsTest {
    private final OnvifDriver driver = new OnvifDriver();
    private ScriptedDevice device;

    @BeforeEach
    void start() throws Exception {
        device = new ScriptedDevice();
    }

    @AfterEach
    void stop() {
        device.close();
        driver.close();
    }

    @Test
    void whatAPullPointIsKnownByIsSaidBackAsSuch() throws Exception {
        device.has(Service.EVENTS, "/onvif/events")
                .answers(
                        "CreatePullPointSubscription",
                        "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://10.0.0.1/onvif/pull"
                                + "</Address><ReferenceParameters><d:Id xmlns:d=\"urn:d\" xmlns:t=\"urn:t\">t:7</d:Id>"
                                + "</ReferenceParameters></SubscriptionReference></CreatePullPointSubscriptionResponse>")
                .answers("PullMessages", "<PullMessagesResponse/>");
        try (CameraSession session = driver.open(device.target());
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            OnvifEventsTest.until(feed, DeviceEvent.synchronised());
        }
        assertThat(device.asked("<o:PullMessages ")).isNotEmpty().allSatisfy(request -> assertThat(request)
                .contains("xmlns:t=\"urn:t\"", ":IsReferenceParameter=\"true\"", ">t:7</x:Id>"));
    }

    /** {@return parameters of a pull point, each of which names some namespaces by their prefixes} */
    private static String parameters(int count, int namespaces, int chars) {
        String declared = IntStream.range(0, namespaces)
                .mapToObj(number -> " xmlns:n" + number + "=\"urn:" + number + "a".repeat(chars) + "\"")
                .collect(Collectors.joining());
        String named = IntStream.range(0, namespaces)
                .mapToObj(number -> "n" + number + ":x")
                .collect(Collectors.joining(" "));
        return "<SubscriptionReference" + declared
                + "><Address>http://10.0.0.1/onvif/pull</Address><ReferenceParameters>"
                + ("<Id>" + named + "</Id>").repeat(count) + "</ReferenceParameters></SubscriptionReference>";
    }

    @ParameterizedTest
    @CsvSource({"20,100,900", "21,1,1"})
    void whatADeviceWantsSaidBackIsBounded(int count, int namespaces, int chars) throws Exception {
        device.has(Service.EVENTS, "/onvif/events")
                .answers(
                        "CreatePullPointSubscription",
                        "<CreatePullPointSubscriptionResponse>" + parameters(count, namespaces, chars)
                                + "</CreatePullPointSubscriptionResponse>")
                .answers("PullMessages", "<PullMessagesResponse/>");
        try (CameraSession session = driver.open(device.target(Map.of("events", "pull")))) {
            DeviceEvents events = session.capability(DeviceEvents.class).orElseThrow();
            OnvifDriverTest.assertKind(DriverException.Kind.PROTOCOL, "too much", events::subscribe);
        }
    }

    /** One whose pull point is told without a port. */
    private ScriptedDevice withPullPoint() {
        return device.has(Service.EVENTS, "/onvif/events")
                .answers(
                        "CreatePullPointSubscription",
                        "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://10.0.0.1/onvif/pull"
                                + "</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeviceThatGivesFewMessagesAtOnceIsAskedForFew(boolean fault) throws Exception {
        String few = "<o:MessageLimit>2<";
        if (fault) {
            withPullPoint().refusesWithout("PullMessages", few, "<PullMessagesResponse/>");
        } else {
            withPullPoint().knowsOnlyWith("PullMessages", few, "<PullMessagesResponse/>");
        }
        int before;
        try (CameraSession session = driver.open(device.target());
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            assertThat(OnvifEventsTest.until(feed, DeviceEvent.synchronised()))
                    .containsExactly(DeviceEvent.synchronised());
            before = device.asked("MessageLimit>100<").size();
            feed.next(100);
        }
        assertThat(device.asked("MessageLimit>100<"))
                .as("more is asked for in the beginning only")
                .isNotEmpty()
                .hasSize(before);
    }

    @Test
    void aDeviceThatGivesNothingForAMomentIsAskedForAllThen() throws Exception {
        withPullPoint().refusesWithout("PullMessages", "never asked for", "");
        try (CameraSession session = driver.open(device.target());
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            OnvifDriverTest.assertKind(
                    DriverException.Kind.PROTOCOL, "PullMessages", () -> feed.next(OnvifScene.TIMEOUT_MS));
            device.answers("PullMessages", "<PullMessagesResponse/>");
            OnvifEventsTest.until(feed, DeviceEvent.synchronised());
        }
        assertThat(device.asked("<o:MessageLimit>2<"))
                .as("few are asked for once, which did not help")
                .hasSize(1);
    }

    @Test
    void whatIsNoTopicTakesNoTime() throws Exception {
        String xml = "<NotificationMessage><Topic>" + "w".repeat(1_500_000)
                + "</Topic><Message><Message/></Message></NotificationMessage>";
        XmlNode told = XmlNode.read(xml.getBytes(StandardCharsets.UTF_8));
        // Read as a topic it would take hours.
        assertThat(Topics.events(told, Set.of(), List.of())).isEmpty();
    }

    @Test
    void aDeviceThatAlwaysSaysWhatNobodyWantsToKnowIsNotAskedWithoutAPause() throws Exception {
        Chatter chatter = new Chatter();
        FeedState state = new FeedState(Set.of(), () -> Quirks.NONE, FeedState.Patience.USUAL, chatter.quietSeconds());
        try (HttpClients clients = new HttpClients("test-http")) {
            DeviceHttp http =
                    new DeviceHttp(clients.get(true), URI.create("http://127.0.0.1"), Optional.empty(), 1_000);
            try (OnvifFeed feed = new OnvifFeed(chatter, http, state)) {
                assertThat(feed.next(1_000)).isEmpty();
            }
        }
        assertThat(chatter.asked.get()).as("20 times a second at most").isLessThan(40);
    }

    @Test
    void aDeviceThatTellsMoreThanItWasAskedForOrAtOnceAlwaysIsPausedAndCut() throws Exception {
        XmlNode moves = XmlNode.read(
                """
                <NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message><Message><Data>\
                <SimpleItem Name="State" Value="true"/></Data></Message></Message></NotificationMessage>"""
                        .getBytes(StandardCharsets.UTF_8));
        FeedState state = new FeedState(Set.of(), () -> Quirks.NONE, FeedState.Patience.USUAL, 1);
        state.due(Long.MAX_VALUE);
        state.ask(10_000);
        FeedState.Said much = state.said(Collections.nCopies(3_000, moves), 10_000, true);
        assertThat(much.events()).hasSize(DeviceEvents.Feed.EVENTS_MAX - 1);
        assertThat(much.pauseMs()).isEqualTo(FeedState.Patience.USUAL.idleMs());
        long paused = 0;
        for (int i = 0; i < 20; i++) {
            state.ask(10_000);
            paused += state.said(List.of(moves), 10_000, false).pauseMs();
        }
        assertThat(paused).as("some of them came at once").isPositive();
    }

    private static final class Chatter implements Subscription {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public CompletableFuture<List<XmlNode>> take(int seconds, Sender by) {
            asked.incrementAndGet();
            String xml = "<NotificationMessage><Topic>tns1:Monitoring/ProcessorUsage</Topic></NotificationMessage>";
            return Later.of(() -> List.of(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8))));
        }

        @Override
        public int quietSeconds() {
            return 1;
        }

        @Override
        public long grantedMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public int messagesMax() {
            return Integer.MAX_VALUE;
        }

        @Override
        public CompletableFuture<Void> synchronise(Sender by) {
            return CompletableFuture.completedFuture(null);
        }

        /** It never ends. */
        @Override
        public CompletableFuture<Void> renew(Sender by) {
            return CompletableFuture.completedFuture(null);
        }

        /** Nobody else is asked. */
        @Override
        public CompletableFuture<Void> end(Sender by) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void wake() {
            // It never waits.
        }
    }
}
