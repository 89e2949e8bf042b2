// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;

/** What happens at a device without pull points is heard, too: it posts it to the server. */
class OnvifPushTest extends OnvifScene {
    private static final DeviceEvent MOVES = DeviceEvent.on(DeviceEvent.MOTION, "MyMotionDetectorRule");
    private static final DeviceEvent RESTS = DeviceEvent.off(DeviceEvent.MOTION, "MyMotionDetectorRule");
    private static final FeedState.Patience OFTEN = new FeedState.Patience(10_000, 1, 500, 100);

    private TestDoor door;
    private HttpClients clients;

    @BeforeEach
    void openDoor() throws Exception {
        door = new TestDoor();
        clients = new HttpClients("test-http");
        driver.push = door;
    }

    @AfterEach
    void closeDoor() {
        driver.push = null;
        clients.close();
        door.close();
        device.events().set(DeviceState.Kind.MOTION, 0, false);
    }

    private Services services() throws Exception {
        Optional<Credentials> login = Optional.of(new Credentials("root", "pass"));
        SoapClient soap = new SoapClient(
                new DeviceHttp(clients.get(true), URI.create(farm.httpUri(1)), login, TIMEOUT_MS),
                Services.DEVICE_PATH,
                login);
        soap.learnTime();
        return Services.ask(soap, Services.DEVICE_PATH);
    }

    /** {@return a feed that renews often, and soon believes that all states were said} */
    private OnvifFeed feed() throws Exception {
        Services services = services();
        PushedNotifications pushed =
                PushedNotifications.create(services, door.http(target(Map.of()), "events", PushedNotifications.LIMITS));
        return new OnvifFeed(
                pushed, services.http(), new FeedState(Set.of(), () -> Quirks.NONE, OFTEN, PullPoint.QUIET_SECONDS));
    }

    @Test
    void aDeviceThatCannotBeAskedDeliversByItself() throws Exception {
        camera.set(FaultKind.NO_PULL_POINT);
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (CameraSession session = OnvifScene.open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            assertThat(OnvifEventsTest.until(feed, DeviceEvent.synchronised()))
                    .contains(MOVES, DeviceEvent.off("onvif.relay", "output/relay_2"));
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            OnvifEventsTest.until(feed, RESTS);
        }
    }

    @Test
    void deliveriesAreWaitedForWithoutAThread() throws Exception {
        try (OnvifFeed feed = feed()) {
            OnvifEventsTest.until(feed, RESTS);
            CompletableFuture<List<DeviceEvent>> answer = feed.nextAsync(30_000).toCompletableFuture();
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            // What other states there are may be on its way still.
            while (!answer.get(60, TimeUnit.SECONDS).contains(MOVES)) {
                answer = feed.nextAsync(30_000).toCompletableFuture();
            }
        }
        assertThat(door.waits).hasValue(0);
    }

    @Test
    void theAdministratorMayChooseHow() throws Exception {
        try (CameraSession session = driver.open(target(Map.of("events", "push")));
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            OnvifEventsTest.until(feed, RESTS);
        }
        assertThat(door.deliveries.get()).as("it came to us").isPositive();
        camera.set(FaultKind.NO_PULL_POINT);
        try (CameraSession session = driver.open(target(Map.of("events", "pull")))) {
            OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "no pull points", () -> capability(session, DeviceEvents.class)
                    .subscribe());
        }
    }

    @Test
    void whileTheServerTakesNoDeliveriesItIsTriedAgainLater() throws Exception {
        camera.set(FaultKind.NO_PULL_POINT);
        driver.push = null;
        try (CameraSession session = OnvifScene.open()) {
            OnvifDriverTest.assertKind(Kind.BUSY, "takes no deliveries", () -> capability(session, DeviceEvents.class)
                    .subscribe());
        }
    }

    @Test
    void anEventThatEndedDuringAnOutageIsOverAfterwards() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (OnvifFeed feed = feed()) {
            OnvifEventsTest.until(feed, MOVES);
            camera.set(FaultKind.REFUSE_CONNECTION);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            OnvifDriverTest.assertKind(
                    Kind.UNREACHABLE, "", () -> OnvifEventsTest.until(feed, DeviceEvent.pulse("x", "")));
        }
        camera.clearFaults();
        try (OnvifFeed feed = feed()) {
            assertThat(OnvifEventsTest.until(feed, RESTS)).doesNotContain(MOVES);
            assertThat(OnvifEventsTest.until(feed, DeviceEvent.synchronised())).doesNotContain(MOVES);
        }
    }

    @Test
    void anEndThatTheDeviceNeverSaidIsLearntWithTheNextRenewal() throws Exception {
        device.events().set(DeviceState.Kind.MOTION, 0, true);
        try (OnvifFeed feed = feed()) {
            OnvifEventsTest.until(feed, MOVES);
            camera.set(FaultKind.EVENTS_STUCK);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            OnvifEventsTest.until(feed, RESTS);
        }
    }

    @Test
    void aSubscriptionThatTheDeviceForgotEndsItsFeed() throws Exception {
        try (OnvifFeed feed = feed()) {
            OnvifEventsTest.until(feed, RESTS);
            camera.set(FaultKind.PULL_POINT_GONE);
            OnvifDriverTest.assertKind(
                    Kind.NOT_FOUND, "refuses", () -> OnvifEventsTest.until(feed, DeviceEvent.pulse("x", "")));
        }
    }

    @Test
    void whatGoesToAnotherAddressOrIsNoEnvelopeIsNotBelieved() throws Exception {
        try (OnvifFeed feed = feed()) {
            OnvifEventsTest.until(feed, RESTS);
            HttpClient stranger = HttpClient.newHttpClient();
            String forged = "<e xmlns=\"e\"><Body><Notify>"
                    + "<NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message><Message><Data>"
                    + "<SimpleItem Name=\"State\" Value=\"true\"/></Data></Message></Message></NotificationMessage>"
                    + "</Notify></Body></e>";
            CompletableFuture<HttpResponse<Void>> answer = stranger.sendAsync(
                    HttpRequest.newBuilder(URI.create(door.address() + "/older"))
                            .POST(BodyPublishers.ofString(forged))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            device.ports().set(2, true);
            assertThat(OnvifEventsTest.until(feed, DeviceEvent.on("onvif.relay", "output/relay_2")))
                    .doesNotContain(DeviceEvent.on(DeviceEvent.MOTION, "alarm"));
            while (!answer.isDone()) {
                assertThat(feed.next(1_000)).doesNotContain(DeviceEvent.on(DeviceEvent.MOTION, "alarm"));
            }
            assertThat(answer.get().statusCode()).isEqualTo(410);
        } finally {
            device.ports().set(2, false);
        }
    }

    @Test
    void aFeedThatIsClosedWhileItWaitsSaysSo() throws Exception {
        OnvifFeed feed = feed();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(feed::close);
        OnvifDriverTest.assertKind(
                Kind.CLOSED, "closed", () -> OnvifEventsTest.until(feed, DeviceEvent.pulse("x", "")));
        closing.get();
    }

    @Test
    void aDeviceThatTakesNoDurationsIsToldMomentsOfItsOwnClock() throws Exception {
        camera.set(FaultKind.CLOCK_JUMP.fault(-31_536_000));
        Services services = services();
        SubscriptionManager manager = pullPoint(services);
        camera.set(FaultKind.ABSOLUTE_TIMES);
        assertThat(Later.now(manager.renew(manager.here())))
                .as("made with a duration")
                .isTrue();
        Later.now(manager.unsubscribe(manager.here()));
        manager = pullPoint(services);
        assertThat(Later.now(manager.renew(manager.here())))
                .as("made with a moment")
                .isTrue();
        Later.now(manager.unsubscribe(manager.here()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void inWhateverWordsADurationIsRefusedAMomentIsTried(int form) throws Exception {
        camera.set(FaultKind.ABSOLUTE_TIMES);
        camera.set(FaultKind.SUBSCRIPTION_FAULTS.fault(form));
        SubscriptionManager manager = pullPoint(services());
        Later.now(manager.unsubscribe(manager.here()));
    }

    @Test
    void whatADeviceGrantsForAShortTimeIsRenewedInTime() throws Exception {
        camera.set(FaultKind.BRIEF_SUBSCRIPTIONS.fault(10));
        Services services = services();
        PushedNotifications pushed =
                PushedNotifications.create(services, door.http(target(Map.of()), "events", PushedNotifications.LIMITS));
        assertThat(pushed.grantedMs()).isEqualTo(10_000);
        FeedState state = new FeedState(Set.of(), () -> Quirks.NONE, FeedState.Patience.USUAL, pushed.quietSeconds());
        try (OnvifFeed feed = new OnvifFeed(pushed, services.http(), state)) {
            OnvifEventsTest.until(feed, DeviceEvent.synchronised());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(12);
            while (System.nanoTime() < end) {
                feed.next(1_000);
            }
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            OnvifEventsTest.until(feed, MOVES);
        }
    }

    private static SubscriptionManager pullPoint(Services services) throws Exception {
        String name = "CreatePullPointSubscription";
        return SubscriptionManager.create(
                services,
                name,
                "http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest",
                time -> Service.EVENTS.operation(
                        name, "<o:InitialTerminationTime>" + time + "</o:InitialTerminationTime>"));
    }
}
