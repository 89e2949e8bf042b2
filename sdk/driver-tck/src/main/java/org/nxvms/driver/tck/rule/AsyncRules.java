// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.simulator.fault.FaultKind;

/**
 * Feeds that hold no thread while they wait (DeviceEvents.AsyncFeed). What they tell the rules on events say: those ask them
 * without a thread, too.
 */
final class AsyncRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "events.async-returns",
                    "A feed that needs no thread returns at once when it is asked and when it is closed, whatever the"
                            + " device does.",
                    AsyncRules::returns),
            Rule.of(
                    "events.async-closed",
                    "Closed while an answer is outstanding it fails that one at once, is done in time, and says the"
                            + " same when closed again.",
                    AsyncRules::closed),
            Rule.of(
                    "events.async-waited-for",
                    "It says the same to who waits for it with a thread.",
                    AsyncRules::waitedFor));

    private static final int WAIT_MS = 1_000;
    private static final int LONG_MS = 60_000;
    /** Shorter than any wait for a device; longer than a busy machine pauses, of a few tries. */
    private static final int AT_ONCE_MS = 750;

    private static final int CLOSED_MS_MAX = 30_000;
    private static final int SYNCHRONISE_MS = 30_000;
    private static final int ANSWERS_MAX = 100;

    private AsyncRules() {}

    private static AsyncFeed subscribe(Scene scene, DeviceEvents events) throws Exception {
        Feed feed = EventRules.subscribe(scene, events);
        if (feed instanceof AsyncFeed async) {
            return async;
        }
        Calls.act("Feed.close()", TestDevice.WELL_MS, feed::close).get();
        throw new NotTried("the driver's feeds wait with a thread");
    }

    /** The quickest of a few counts: the others are the machine's. */
    private static void returns(Scene scene) throws Exception {
        DeviceEvents events = EventRules.events(scene);
        long askedMs = Long.MAX_VALUE;
        long closedMs = Long.MAX_VALUE;
        for (int tries = 0; tries < Expect.TRIES && Math.max(askedMs, closedMs) > AT_ONCE_MS; tries++) {
            AsyncFeed feed = subscribe(scene, events);
            EventRules.untilSynchronised(feed);
            if (scene.device().camera().isPresent()) {
                scene.sick(FaultKind.EVENTS_SILENT.fault());
            }
            Answer<CompletionStage<List<DeviceEvent>>> asked =
                    Calls.within("nextAsync(" + LONG_MS + ")", AT_ONCE_MS, () -> feed.nextAsync(LONG_MS));
            asked.get();
            askedMs = Math.min(askedMs, asked.elapsedMs());
            Answer<CompletionStage<Void>> closed = Calls.within("closeAsync()", AT_ONCE_MS, feed::closeAsync);
            closedMs = Math.min(closedMs, closed.elapsedMs());
            CompletionStage<Void> done = closed.get();
            Calls.act("What closeAsync() answered", CLOSED_MS_MAX, () -> Feeds.get(done))
                    .get();
            if (scene.device().camera().isPresent()) {
                scene.camera().clearFaults();
            }
        }
        Expect.that(askedMs <= AT_ONCE_MS, "nextAsync() took " + askedMs + " ms, instead of answering later.");
        Expect.that(closedMs <= AT_ONCE_MS, "closeAsync() took " + closedMs + " ms, instead of answering later.");
    }

    private static void closed(Scene scene) throws Exception {
        DeviceEvents events = EventRules.events(scene);
        AsyncFeed feed = subscribe(scene, events);
        EventRules.untilSynchronised(feed);
        // What is said in this moment is taken, so that the next answer waits.
        for (int more = 1;
                !Feeds.ask("nextAsync(" + WAIT_MS + ")", feed, WAIT_MS).get().isEmpty();
                more++) {
            if (more == ANSWERS_MAX) {
                throw new NotTried("something happens at the device all the time");
            }
        }
        CompletionStage<List<DeviceEvent>> outstanding = feed.nextAsync(LONG_MS);
        CompletionStage<Void> closing = feed.closeAsync();
        Answer<List<DeviceEvent>> ended =
                Calls.within("The outstanding answer, after closeAsync()", 0, () -> Feeds.get(outstanding));
        Expect.kind(ended.failure(), "Of an answer that is outstanding at closeAsync()", Kind.CLOSED);
        Calls.act("What closeAsync() answered", CLOSED_MS_MAX, () -> Feeds.get(closing))
                .get();
        Calls.act("closeAsync(), called again", CLOSED_MS_MAX, () -> Feeds.get(feed.closeAsync()))
                .get();
        Answer<List<DeviceEvent>> late = Feeds.ask("nextAsync() after closeAsync()", feed, WAIT_MS);
        Expect.kind(late.failure(), "After closeAsync()", Kind.CLOSED);
        // Its place at the device is free.
        AsyncFeed another = subscribe(scene, events);
        EventRules.untilSynchronised(another);
        Calls.act("close()", CLOSED_MS_MAX, another::close).get();
    }

    private static void waitedFor(Scene scene) throws Exception {
        AsyncFeed feed = subscribe(scene, EventRules.events(scene));
        List<DeviceEvent> said = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SYNCHRONISE_MS);
        while (!said.contains(DeviceEvent.synchronised()) && System.nanoTime() < end) {
            said.addAll(Calls.within("next(" + WAIT_MS + ")", WAIT_MS + TestDevice.WELL_MS, () -> feed.next(WAIT_MS))
                    .get());
        }
        Expect.that(
                said.contains(DeviceEvent.synchronised()),
                "To who waits with a thread, the feed does not say within 30 s that all states were said.");
        Calls.act("close()", CLOSED_MS_MAX, feed::close).get();
        Answer<List<DeviceEvent>> late =
                Calls.within("next() after close()", WAIT_MS + TestDevice.WELL_MS, () -> feed.next(WAIT_MS));
        Expect.kind(late.failure(), "After close()", Kind.CLOSED);
    }
}
