// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvent.Form;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;

/** What happens at a device: nothing is lost unseen, nothing stays on for ever (DeviceEvents). */
final class EventRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "events.first-states",
                    "A new feed says first which states hold, then that this was all; then each change.",
                    EventRules::firstStates),
            Rule.of(
                    "events.synchronised-once",
                    "That all was said is said once, within 30 s.",
                    EventRules::synchronisedOnce),
            Rule.of(
                    "events.new-feed",
                    "A state that ended while nobody listened is not said by the next feed.",
                    EventRules::newFeed),
            Rule.of(
                    "events.device-clock",
                    "A device whose clock is wrong by a year, or jumps, tells its events all the same.",
                    EventRules::deviceClock),
            Rule.of(
                    "events.kinds",
                    "Kinds are the platform's words, or begin with the driver's id.",
                    EventRules::kinds),
            Rule.of(
                    "events.waits",
                    "Where nothing happens, next() waits as long as it was told to.",
                    EventRules::waits),
            Rule.of("events.interrupt", "next() ends when it is interrupted.", EventRules::interrupt),
            Rule.of(
                    "events.breaks-off",
                    "A feed whose device goes away fails, so that another one is begun.",
                    EventRules::breaksOff),
            Rule.of(
                    "events.dead",
                    "So does a feed whose device falls silent without going away, within 30 s.",
                    EventRules::dead),
            Rule.of(
                    "events.storm",
                    "In a storm of events the driver hands out at most 1000 at a time, and ends with what is so.",
                    EventRules::storm),
            Rule.of(
                    "events.closed",
                    "A feed that was closed says nothing any more; close() may be called again.",
                    EventRules::closed));

    private static final int WAIT_MS = 1_000;
    private static final String NEXT = "next(" + WAIT_MS + ")";
    private static final int SYNCHRONISE_MS = 30_000;
    /** A device tells a change in a moment, and a feed notices in some seconds that it has gone; a busy machine adds to it. */
    private static final int TOLD_MS = 30_000;

    private static final int WRONG_DAYS = 366;
    private static final int STORM_PER_SECOND = 2_000;
    private static final int STORM_EVENTS = 3_000;
    private static final int CALLS_MAX = 10_000;
    private static final int LONG_MS = 60_000;
    /** Of answers before one is waited for, and of feeds that had one when they were interrupted. */
    private static final int ANSWERS_MAX = 100;

    private static final int INTERRUPTS_MAX = 5;
    private static final int PART_MAX = 64;
    private static final Set<String> WORDS = Set.of(DeviceEvent.MOTION, DeviceEvent.INPUT, DeviceEvent.TAMPER);

    private EventRules() {}

    static DeviceEvents events(Scene scene) throws Exception {
        return scene.require(scene.session(), DeviceEvents.class);
    }

    static Feed subscribe(Scene scene, DeviceEvents events) throws Exception {
        return scene.ask("subscribe()", events::subscribe).get();
    }

    private static List<DeviceEvent> next(Feed feed) throws Exception {
        List<DeviceEvent> events = Feeds.ask(NEXT, feed, WAIT_MS).get();
        Expect.that(events.size() <= Feed.EVENTS_MAX, "next() handed out " + events.size() + " events at a time.");
        return events;
    }

    /** {@return all that is said until something is, or the time is over} */
    private static List<DeviceEvent> until(Feed feed, int limitMs, Predicate<DeviceEvent> last) throws Exception {
        List<DeviceEvent> said = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (said.stream().noneMatch(last) && System.nanoTime() < end) {
            said.addAll(next(feed));
        }
        return said;
    }

    static List<DeviceEvent> untilSynchronised(Feed feed) throws Exception {
        List<DeviceEvent> said = until(feed, SYNCHRONISE_MS, event -> event.form() == Form.SYNCHRONISED);
        Expect.that(
                said.stream().anyMatch(event -> event.form() == Form.SYNCHRONISED),
                "The feed does not say within 30 s that all states were said.");
        return said;
    }

    private static DeviceEvent motionIn(List<DeviceEvent> said) {
        return said.stream()
                .filter(event -> event.form() == Form.ON)
                .findFirst()
                .orElseThrow(() -> new Broken("Something moves before the camera, and the feed does not say so."));
    }

    private static boolean isEndOf(DeviceEvent event, DeviceEvent state) {
        return event.form() == Form.OFF
                && event.kind().equals(state.kind())
                && event.part().equals(state.part());
    }

    private static void motion(Scene scene, boolean on) throws Exception {
        scene.inside().events().set(DeviceState.Kind.MOTION, 0, on);
    }

    private static void firstStates(Scene scene) throws Exception {
        motion(scene, true);
        DeviceEvents events = events(scene);
        try (Feed feed = subscribe(scene, events)) {
            List<DeviceEvent> first = untilSynchronised(feed);
            int end = first.indexOf(DeviceEvent.synchronised());
            DeviceEvent moving = motionIn(first.subList(0, Math.max(0, end)));
            motion(scene, false);
            Expect.that(
                    until(feed, TOLD_MS, event -> isEndOf(event, moving)).stream()
                            .anyMatch(event -> isEndOf(event, moving)),
                    "Nothing moves any more, and the feed does not say so.");
        }
    }

    private static void synchronisedOnce(Scene scene) throws Exception {
        try (Feed feed = subscribe(scene, events(scene))) {
            List<DeviceEvent> said = new ArrayList<>(untilSynchronised(feed));
            for (int i = 0; i < 3; i++) {
                said.addAll(next(feed));
            }
            Expect.that(
                    said.stream()
                                    .filter(event -> event.form() == Form.SYNCHRONISED)
                                    .count()
                            == 1,
                    "That all states were said is said more than once.");
        }
    }

    private static void newFeed(Scene scene) throws Exception {
        motion(scene, true);
        DeviceEvents events = events(scene);
        DeviceEvent moving;
        try (Feed feed = subscribe(scene, events)) {
            moving = motionIn(untilSynchronised(feed));
        }
        motion(scene, false);
        try (Feed feed = subscribe(scene, events)) {
            Expect.that(
                    !untilSynchronised(feed).contains(moving),
                    "What ended while nobody listened is said to hold by the next feed.");
        }
    }

    private static void deviceClock(Scene scene) throws Exception {
        scene.inside();
        scene.camera().setTime(Instant.now().minus(WRONG_DAYS, ChronoUnit.DAYS));
        motion(scene, true);
        try (Feed feed = subscribe(scene, events(scene))) {
            DeviceEvent moving = motionIn(untilSynchronised(feed));
            scene.sick(FaultKind.CLOCK_JUMP.fault(TimeUnit.DAYS.toSeconds(2 * WRONG_DAYS)));
            motion(scene, false);
            Expect.that(
                    until(feed, TOLD_MS, event -> isEndOf(event, moving)).stream()
                            .anyMatch(event -> isEndOf(event, moving)),
                    "After the device's clock jumped nothing moves any more, and the feed does not say so.");
        }
    }

    private static void kinds(Scene scene) throws Exception {
        Device inside = scene.inside();
        DeviceEvents events = events(scene);
        String prefix = scene.driver().info().id().replace('-', '_') + ".";
        try (Feed feed = subscribe(scene, events)) {
            List<DeviceEvent> said = new ArrayList<>(untilSynchronised(feed));
            inside.ports().list().forEach(port -> inside.ports().set(port.index(), true));
            inside.events().set(DeviceState.Kind.VIRTUAL_INPUT, 0, true);
            motion(scene, true);
            inside.events().pulse(1);
            said.addAll(until(feed, TOLD_MS, event -> true));
            for (int i = 0; i < 2; i++) {
                said.addAll(next(feed));
            }
            Set<String> kinds = new HashSet<>();
            for (DeviceEvent event : said) {
                if (event.form() != Form.SYNCHRONISED) {
                    kinds.add(event.kind());
                    Expect.that(
                            WORDS.contains(event.kind()) || event.kind().startsWith(prefix),
                            "The event kind '" + event.kind() + "' is none of the platform's and does not begin with "
                                    + prefix);
                    Expect.that(
                            event.part().length() <= 2 * PART_MAX
                                    && event.part().chars().noneMatch(Character::isISOControl),
                            "The part of an event is too long, or holds control characters.");
                }
            }
            Expect.that(!kinds.isEmpty(), "A lot happens at the device, and the feed says nothing.");
        }
    }

    private static void waits(Scene scene) throws Exception {
        try (Feed feed = subscribe(scene, events(scene))) {
            untilSynchronised(feed);
            for (int i = 0; i < 2; i++) {
                Answer<List<DeviceEvent>> answer = Feeds.ask(NEXT, feed, WAIT_MS);
                Expect.that(
                        !answer.get().isEmpty() || answer.elapsedMs() >= WAIT_MS / 2,
                        "next(" + WAIT_MS + ") returned nothing after " + answer.elapsedMs()
                                + " ms: the platform calls again at once, and so keeps a core busy.");
            }
        }
    }

    private static void interrupt(Scene scene) throws Exception {
        DeviceEvents events = events(scene);
        for (int tries = 0; tries < INTERRUPTS_MAX; tries++) {
            try (Feed feed = subscribe(scene, events)) {
                untilSynchronised(feed);
                if (endsByInterrupt(feed)) {
                    return;
                }
            }
        }
        throw new NotTried("something happens at the device all the time");
    }

    /** {@return whether a call that waited ended with nothing to tell: one that had an answer may not have heard it} */
    private static boolean endsByInterrupt(Feed feed) throws Exception {
        for (int calls = 0; calls < ANSWERS_MAX; calls++) {
            Running<List<DeviceEvent>> call = Calls.begin("next(" + LONG_MS + ")", () -> feed.next(LONG_MS));
            boolean waits = Expect.soon(Calls.GRACE_MS, () -> call.waits() || call.isOver());
            Expect.pause(100);
            if (waits && !call.isOver()) {
                Answer<List<DeviceEvent>> ended = call.interrupt();
                if (ended.failed() && !(ended.thrown() instanceof InterruptedException)) {
                    ended.failure();
                }
                return ended.failed() || ended.get().isEmpty();
            }
            call.within(0).get();
        }
        return false;
    }

    private static void requireFails(Feed feed, int limitMs, String when) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (System.nanoTime() < end) {
            Answer<List<DeviceEvent>> answer = Feeds.ask(NEXT, feed, WAIT_MS);
            if (answer.failed()) {
                DriverException failure = answer.failure();
                Expect.kind(failure, when, Kind.UNREACHABLE, Kind.PROTOCOL, Kind.CLOSED);
                return;
            }
        }
        throw new Broken(
                when + " the feed does not fail within " + limitMs / 1000 + " s: nobody learns that it is dead.");
    }

    private static void breaksOff(Scene scene) throws Exception {
        scene.inside();
        try (Feed feed = subscribe(scene, events(scene))) {
            untilSynchronised(feed);
            scene.sick(FaultKind.REFUSE_CONNECTION.fault());
            requireFails(feed, TOLD_MS, "When the device goes away,");
        }
    }

    private static void dead(Scene scene) throws Exception {
        scene.inside();
        if (!scene.isFull()) {
            throw new NotTried("takes half a minute: in a full run only");
        }
        try (Feed feed = subscribe(scene, events(scene))) {
            untilSynchronised(feed);
            scene.sick(FaultKind.EVENTS_SILENT.fault());
            requireFails(feed, SYNCHRONISE_MS + Calls.GRACE_MS, "When the device falls silent,");
        }
    }

    private static void storm(Scene scene) throws Exception {
        scene.inside();
        CameraSession session = scene.session();
        DeviceEvents events = scene.require(session, DeviceEvents.class);
        try (Feed feed = subscribe(scene, events)) {
            untilSynchronised(feed);
            scene.sick(FaultKind.EVENT_STORM.fault(STORM_PER_SECOND));
            int told = 0;
            for (int calls = 0; told < STORM_EVENTS && calls < CALLS_MAX; calls++) {
                told += next(feed).size();
            }
            scene.camera().clearFaults();
            DeviceEvent last = null;
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TOLD_MS);
            boolean ends = false;
            while (!ends && System.nanoTime() < end) {
                List<DeviceEvent> more = next(feed);
                for (DeviceEvent event : more) {
                    last = event.form() == Form.ON || event.form() == Form.OFF ? event : last;
                }
                ends = more.isEmpty() && last != null && last.form() == Form.OFF;
            }
            Expect.that(
                    last != null && last.form() == Form.OFF,
                    "After the storm nothing moves, and the last that the feed says is " + last + ".");
        }
    }

    private static void closed(Scene scene) throws Exception {
        DeviceEvents events = events(scene);
        Feed feed = subscribe(scene, events);
        Calls.act("Feed.close()", TestDevice.WELL_MS, feed::close).get();
        Calls.act("Feed.close(), called again", TestDevice.WELL_MS, feed::close).get();
        Answer<List<DeviceEvent>> answer = Feeds.ask("next() after close()", feed, WAIT_MS);
        Expect.kind(answer.failure(), "After close()", Kind.CLOSED);
        try (Feed another = subscribe(scene, events)) {
            untilSynchronised(another);
        }
    }
}
