// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.motion.Area;
import org.nxvms.playback.motion.Mask;
import org.nxvms.playback.rest.MotionViews.ToldView;
import org.nxvms.rest.kit.jaxrs.Caller;

/** What cameras told of their own pictures, by events. Any thread; blocks on the database. */
final class MotionTold {
    /** The newest, of a camera: ten days of a busy one, and few megabytes, which each of sixteen cameras may cost. */
    static final int EVENTS_MAX = 5_000;
    /** As {@code scene} words it: x,y,width,height in thousandths of the picture. */
    private static final String BOXES = "boxes";

    private static final double THOUSANDTHS = 1_000;
    private static final int BOX_NUMBERS = 4;
    private static final Set<String> KINDS = Set.of(EventKinds.CAMERA_MOTION, "onvif.*");

    private final Supplier<EventLog> events;

    /** @param events null while they are absent */
    MotionTold(Supplier<EventLog> events) {
        this.events = events;
    }

    /** {@return when a camera said that something moves; what still lasts up to the end of the range} */
    List<long[]> motion(Caller caller, UUID camera, long fromUs, long toUs) {
        TimeSpans spans = new TimeSpans();
        List<Event> found = find(caller, camera, Set.of(EventKinds.CAMERA_MOTION), fromUs, toUs);
        for (int i = found.size() - 1; i >= 0; i--) {
            Event event = found.get(i);
            spans.add(
                    Math.max(fromUs, event.startUs()),
                    Math.min(toUs, event.endUs().orElse(toUs)),
                    1);
        }
        List<long[]> told = new ArrayList<>(spans.count());
        for (int i = 0; i < spans.count(); i++) {
            told.add(new long[] {Codes.floorMs(spans.fromUs(i)), Codes.floorMs(spans.toUs(i))});
        }
        return told;
    }

    /**
     * {@return what a camera said it saw in one of these areas, by its beginning; all that has a place in the picture without areas}
     *
     * @param mask what lies wholly below it is left out
     */
    List<ToldView> within(Caller caller, UUID camera, long fromUs, long toUs, List<Area> areas, Mask mask) {
        List<ToldView> told = new ArrayList<>();
        List<Event> found = find(caller, camera, KINDS, fromUs, toUs);
        for (int i = found.size() - 1; i >= 0; i--) {
            Event event = found.get(i);
            List<Area> boxes = boxes(event.fact().attributes().values());
            if (boxes.stream()
                    .filter(box -> !mask.hides(box))
                    .anyMatch(box -> areas.isEmpty() || areas.stream().anyMatch(box::touches))) {
                OptionalLong end = event.endUs();
                told.add(new ToldView(
                        Codes.floorMs(event.startUs()),
                        end.isPresent() ? Optional.of(Codes.floorMs(end.getAsLong())) : Optional.empty(),
                        event.kind()));
            }
        }
        return told;
    }

    /** {@return newest first} */
    private List<Event> find(Caller caller, UUID camera, Set<String> kinds, long fromUs, long toUs) {
        EventLog log = events.get();
        if (log == null || !caller.may(Permission.VIEW_EVENTS, camera)) {
            return List.of();
        }
        EventFilter filter = new EventFilter(
                OptionalLong.of(fromUs), OptionalLong.of(toUs), kinds, Set.of(camera), EventSeverity.INFO);
        return all(log, filter);
    }

    /** {@return newest first, page by page, at most {@link #EVENTS_MAX}; as many as are told before the database is away} */
    static List<Event> all(EventLog log, EventFilter filter) {
        List<Event> all = new ArrayList<>();
        Optional<EventQuery.Position> after = Optional.empty();
        while (all.size() < EVENTS_MAX) {
            List<Event> page;
            try {
                page = log.find(new EventQuery(filter, after, EventQuery.LIMIT_MAX));
            } catch (StoreException away) {
                // What the footage itself tells does not wait for that.
                break;
            }
            all.addAll(page);
            if (page.size() < EventQuery.LIMIT_MAX) {
                break;
            }
            after = Optional.of(EventQuery.Position.of(page.get(page.size() - 1)));
        }
        return all;
    }

    static List<Area> boxes(Map<String, ?> attributes) {
        List<Area> boxes = new ArrayList<>();
        if (attributes.get(BOXES) instanceof String text) {
            for (String box : text.split(" ")) {
                area(box).ifPresent(boxes::add);
            }
        }
        return boxes;
    }

    private static Optional<Area> area(String text) {
        String[] numbers = text.split(",");
        if (numbers.length != BOX_NUMBERS) {
            return Optional.empty();
        }
        try {
            double x = Integer.parseInt(numbers[0]) / THOUSANDTHS;
            double y = Integer.parseInt(numbers[1]) / THOUSANDTHS;
            // Rounded each by itself, so that together they may be a thousandth too much.
            double width = Math.min(1 - x, Integer.parseInt(numbers[2]) / THOUSANDTHS);
            double height = Math.min(1 - y, Integer.parseInt(numbers[3]) / THOUSANDTHS);
            return Optional.of(new Area(x, y, width, height));
        } catch (IllegalArgumentException noBox) {
            return Optional.empty();
        }
    }
}
