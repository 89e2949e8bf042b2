// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
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
    /** How many are read of a camera, the newest: ten days of a busy one, a page at a time. */
    static final int EVENTS_MAX = 5_000;
    /** How many are told of a camera by a search: as many as it finds itself. */
    static final int TOLD_MAX = 2_000;
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

    /**
     * What was told, by its beginning.
     *
     * @param leftOut whether there may be more, which was told earlier: beyond what is read or told, or not read because the
     *     database is away
     */
    record Told<T>(List<T> items, boolean leftOut) {
        /** @param newestFirst turned round */
        private static <T> Told<T> of(List<T> newestFirst, boolean leftOut) {
            Collections.reverse(newestFirst);
            return new Told<>(newestFirst, leftOut);
        }
    }

    /** {@return when a camera said that something moves; what still lasts up to the end of the range} */
    Told<long[]> motion(Caller caller, UUID camera, long fromUs, long toUs) {
        Told<long[]> found = find(
                caller,
                filter(camera, Set.of(EventKinds.CAMERA_MOTION), fromUs, toUs),
                EVENTS_MAX,
                event -> Optional.of(new long[] {
                    Math.max(fromUs, event.startUs()),
                    Math.min(toUs, event.endUs().orElse(toUs))
                }));
        TimeSpans spans = new TimeSpans();
        found.items().forEach(span -> spans.add(span[0], span[1], 1));
        List<long[]> told = new ArrayList<>(spans.count());
        for (int i = 0; i < spans.count(); i++) {
            told.add(new long[] {Codes.floorMs(spans.fromUs(i)), Codes.floorMs(spans.toUs(i))});
        }
        return new Told<>(told, found.leftOut());
    }

    /**
     * {@return what a camera said it saw in one of these areas; all that has a place in the picture without areas}
     *
     * @param mask what lies wholly below it is left out
     */
    Told<ToldView> within(Caller caller, UUID camera, long fromUs, long toUs, List<Area> areas, Mask mask) {
        return find(caller, filter(camera, KINDS, fromUs, toUs), TOLD_MAX, event -> {
            boolean isThere = boxes(event.fact().attributes().values()).stream()
                    .filter(box -> !mask.hides(box))
                    .anyMatch(box -> areas.isEmpty() || areas.stream().anyMatch(box::touches));
            OptionalLong end = event.endUs();
            return isThere
                    ? Optional.of(new ToldView(
                            Codes.floorMs(event.startUs()),
                            end.isPresent() ? Optional.of(Codes.floorMs(end.getAsLong())) : Optional.empty(),
                            event.kind()))
                    : Optional.empty();
        });
    }

    private static EventFilter filter(UUID camera, Set<String> kinds, long fromUs, long toUs) {
        return new EventFilter(
                OptionalLong.of(fromUs), OptionalLong.of(toUs), kinds, Set.of(camera), EventSeverity.INFO);
    }

    private <T> Told<T> find(Caller caller, EventFilter filter, int toldMax, Function<Event, Optional<T>> judge) {
        UUID camera = filter.cameras().iterator().next();
        if (!caller.may(Permission.VIEW_EVENTS, camera)) {
            return new Told<>(List.of(), false);
        }
        EventLog log = events.get();
        return log == null ? new Told<>(List.of(), true) : newest(log, filter, toldMax, judge);
    }

    /**
     * Reads page by page, and keeps of each what is made of its events.
     *
     * @param toldMax how many are kept
     * @param judge empty for what is not told
     */
    static <T> Told<T> newest(EventLog log, EventFilter filter, int toldMax, Function<Event, Optional<T>> judge) {
        List<T> told = new ArrayList<>();
        Optional<EventQuery.Position> after = Optional.empty();
        int read = 0;
        while (true) {
            List<Event> page;
            try {
                page = log.find(new EventQuery(filter, after, EventQuery.LIMIT_MAX));
            } catch (StoreException away) {
                // What the footage itself tells does not wait for that.
                return Told.of(told, true);
            }
            for (Event event : page) {
                if (++read > EVENTS_MAX) {
                    return Told.of(told, true);
                }
                Optional<T> one = judge.apply(event);
                if (one.isPresent() && told.size() == toldMax) {
                    return Told.of(told, true);
                }
                one.ifPresent(told::add);
            }
            if (page.size() < EventQuery.LIMIT_MAX) {
                return Told.of(told, false);
            }
            after = Optional.of(EventQuery.Position.of(page.get(page.size() - 1)));
        }
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
