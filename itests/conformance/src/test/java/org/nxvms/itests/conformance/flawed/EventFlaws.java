// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvent.Form;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;

/** Feeds that say too little, too much, or go on when nobody speaks any more. */
final class EventFlaws {
    static final Map<String, Flaw> BY_RULE = Map.ofEntries(
            Map.entry("events.first-states", EventFlaws::withoutFirst),
            Map.entry("events.synchronised-once", EventFlaws::againAndAgain),
            Map.entry("events.new-feed", EventFlaws::neverForgets),
            Map.entry("events.device-clock", EventFlaws::distrustful),
            Map.entry("events.kinds", EventFlaws::wordsOfItsOwn),
            Map.entry("events.waits", EventFlaws::hasty),
            Map.entry("events.interrupt", visit -> visit.is("Feed.next") ? ErrorFlaws.deaf(visit) : visit.go()),
            Map.entry("events.breaks-off", EventFlaws::hopeful),
            Map.entry("events.dead", EventFlaws::hopeful),
            Map.entry("events.storm", EventFlaws::allAtOnce),
            Map.entry("events.closed", visit -> visit.is("Feed.close") ? null : visit.go()));

    private static final long HOUR_SECONDS = 3_600;

    private EventFlaws() {}

    @SuppressWarnings("unchecked")
    private static List<DeviceEvent> next(Visit visit) throws Throwable {
        return new ArrayList<>((List<DeviceEvent>) visit.go());
    }

    private static Object withoutFirst(Visit visit) throws Throwable {
        if (!visit.is("Feed.next")) {
            return visit.go();
        }
        List<DeviceEvent> events = next(visit);
        events.removeIf(event -> event.form() == Form.ON);
        return events;
    }

    private static Object againAndAgain(Visit visit) throws Throwable {
        if (!visit.is("Feed.next")) {
            return visit.go();
        }
        List<DeviceEvent> events = next(visit);
        events.add(DeviceEvent.synchronised());
        return events;
    }

    @SuppressWarnings("unchecked")
    private static Object neverForgets(Visit visit) throws Throwable {
        if (!visit.is("Feed.next")) {
            return visit.go();
        }
        List<DeviceEvent> on =
                (List<DeviceEvent>) visit.driver().memory.computeIfAbsent("on", key -> new CopyOnWriteArrayList<>());
        List<DeviceEvent> events = next(visit);
        events.stream().filter(event -> event.form() == Form.ON).forEach(on::add);
        events.addAll(0, on);
        return events;
    }

    /** What a device with a wrong clock tells counts as old. */
    private static Object distrustful(Visit visit) throws Throwable {
        if (visit.is("capability") && visit.argument(0) == DeviceEvents.class) {
            Instant told = ((CameraSession) visit.target())
                    .capability(DeviceClock.class)
                    .orElseThrow()
                    .now();
            if (told.isBefore(Instant.now().minusSeconds(HOUR_SECONDS))) {
                visit.driver().memory.put("old", true);
            }
        }
        if (!visit.is("Feed.next") || !visit.driver().memory.containsKey("old")) {
            return visit.go();
        }
        List<DeviceEvent> events = next(visit);
        events.removeIf(event -> event.form() != Form.SYNCHRONISED);
        return events;
    }

    private static Object wordsOfItsOwn(Visit visit) throws Throwable {
        if (!visit.is("Feed.next")) {
            return visit.go();
        }
        List<DeviceEvent> events = next(visit);
        events.replaceAll(event -> event.form() == Form.SYNCHRONISED
                ? event
                : new DeviceEvent(event.form(), "recording.gap", event.part(), event.attributes()));
        return events;
    }

    private static Object hasty(Visit visit) throws Throwable {
        if (visit.is("Feed.next") && visit.driver().memory.containsKey("told")) {
            return List.of();
        }
        Object answer = visit.go();
        if (answer instanceof List<?> list && list.contains(DeviceEvent.synchronised())) {
            visit.driver().memory.put("told", true);
        }
        return answer;
    }

    private static Object hopeful(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException ended) {
            if (!visit.is("Feed.next")) {
                throw ended;
            }
            SwapFlaws.pause(visit.<Integer>argument(0));
            return List.of();
        }
    }

    private static Object allAtOnce(Visit visit) throws Throwable {
        if (!visit.is("Feed.next")) {
            return visit.go();
        }
        List<DeviceEvent> events = next(visit);
        if (!events.isEmpty()) {
            List<DeviceEvent> few = List.copyOf(events);
            while (events.size() <= 1_000) {
                events.addAll(few);
            }
        }
        return events;
    }
}
