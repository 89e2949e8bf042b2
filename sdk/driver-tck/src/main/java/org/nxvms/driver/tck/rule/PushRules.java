// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Brought;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.driver.tck.stage.Stage;

/** Drivers to which devices deliver by themselves (PushEndpoints), by HTTP; that it works at all the rules on events say. */
final class PushRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "push.optional",
                    "While the server takes no deliveries, the driver opens sessions and names the same streams.",
                    PushRules::optional),
            Rule.of(
                    "push.closed",
                    "What was opened for a device's deliveries is closed with the feed, and with the session.",
                    PushRules::closed),
            Rule.of(
                    "push.garbage",
                    "A delivery that makes no sense is answered, tells nothing, and ends no feed.",
                    PushRules::garbage));

    private static final int WAIT_MS = 1_000;
    private static final long OPEN_MS = 20_000;
    private static final long CLOSE_MS = 20_000;
    private static final int DELIVERIES = 3;
    private static final int GARBAGE_BYTES = 2_000;
    /** All that a device has to say when it is asked is said by then. */
    private static final long STILL_MS = 20_000;

    private static final int ANSWERED_MS = 8_000;
    private static final int NO_ANSWER = 504;

    private PushRules() {}

    private static void requirePushing(Brought brought) {
        if (!brought.usesPush()) {
            throw new NotTried("the driver takes no deliveries");
        }
    }

    private static void optional(Scene scene) throws Exception {
        requirePushing(scene.brought());
        DeviceTarget target = scene.device().target();
        Object before = streams(scene.driver(), target);
        try (Stage without = Stage.withoutPush();
                Brought alone = without.bring(scene.bytes())) {
            CameraDriver driver = alone.start();
            Expect.that(
                    before.equals(streams(driver, target)), "Without push endpoints the driver names other streams.");
        }
    }

    private static Object streams(CameraDriver driver, DeviceTarget target) throws Exception {
        return Calls.within("A session", 2L * TestDevice.WELL_MS, () -> {
                    try (CameraSession session = driver.open(target)) {
                        session.identity();
                        return session.streams();
                    }
                })
                .get();
    }

    private static Feed subscribe(Scene scene, CameraSession session) throws Exception {
        DeviceEvents events = scene.require(session, DeviceEvents.class);
        return scene.ask("subscribe()", events::subscribe).get();
    }

    /** {@return where devices can deliver to now} */
    private static List<URI> addresses(Scene scene) throws Exception {
        return scene.brought().pushAddresses();
    }

    private static void requireOpen(Scene scene) throws Exception {
        if (!Expect.soon(OPEN_MS, () -> !addresses(scene).isEmpty())) {
            throw new NotTried("the driver opened nothing for a feed of events");
        }
    }

    private static void closed(Scene scene) throws Exception {
        requirePushing(scene.brought());
        CameraSession session = scene.session();
        Feed feed = subscribe(scene, session);
        requireOpen(scene);
        Calls.act("Feed.close()", TestDevice.WELL_MS, feed::close).get();
        Expect.that(
                Expect.soon(CLOSE_MS, () -> addresses(scene).isEmpty()),
                "After the feed was closed the device can still deliver.");
        subscribe(scene, session);
        requireOpen(scene);
        Calls.act("close() of the session", TestDevice.WELL_MS, session::close).get();
        Expect.that(
                Expect.soon(CLOSE_MS, () -> addresses(scene).isEmpty()),
                "After the session was closed the device can still deliver.");
    }

    private static void garbage(Scene scene) throws Exception {
        requirePushing(scene.brought());
        // What happens at a real device meanwhile could not be told from what the delivery says.
        scene.inside();
        try (Feed feed = subscribe(scene, scene.session())) {
            requireOpen(scene);
            // First what the device itself says; nothing happens at it from then on.
            long still = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STILL_MS);
            while (!next(feed).isEmpty()) {
                Expect.that(
                        System.nanoTime() < still,
                        "The feed tells events for " + STILL_MS / 1_000 + " s while nothing happens at the device.");
            }
            for (int seed = 0; seed < DELIVERIES; seed++) {
                byte[] nonsense = new byte[GARBAGE_BYTES];
                new Random(seed).nextBytes(nonsense);
                URI address = addresses(scene).stream()
                        .findFirst()
                        .orElseThrow(() -> new NotTried("the driver takes deliveries for a moment only"));
                Running<Integer> delivery = Calls.begin("A delivery", deliver(address, nonsense));
                while (!delivery.isOver()) {
                    List<DeviceEvent> said = next(feed);
                    Expect.that(said.isEmpty(), "A delivery of random bytes tells " + said.size() + " events.");
                }
                int status = delivery.within(ANSWERED_MS).get();
                Expect.that(status != NO_ANSWER, "A delivery of random bytes is not answered.");
            }
        }
    }

    private static List<DeviceEvent> next(Feed feed) throws Exception {
        return Feeds.ask("next(" + WAIT_MS + ")", feed, WAIT_MS).get();
    }

    private static Callable<Integer> deliver(URI address, byte[] body) {
        return () -> {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            try {
                connection.setRequestMethod("POST");
                connection.setRequestProperty("Connection", "close");
                connection.setReadTimeout(ANSWERED_MS);
                connection.setDoOutput(true);
                connection.getOutputStream().write(body);
                return connection.getResponseCode();
            } catch (IOException nothing) {
                return NO_ANSWER;
            } finally {
                connection.disconnect();
            }
        };
    }
}
