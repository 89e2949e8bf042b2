// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Which events. An event is in when it fits every part; an empty set fits all.
 *
 * @param fromUs events that end after, or last beyond, this moment
 * @param toUs events that start before this moment
 * @param kinds kinds as they are, or families {@code camera.*}; at most {@link #KINDS_MAX}
 * @param cameras at most {@link #CAMERAS_MAX}; when not empty, events without a camera are out
 * @param severityMin and everything that matters more
 */
public record EventFilter(
        OptionalLong fromUs, OptionalLong toUs, Set<String> kinds, Set<UUID> cameras, EventSeverity severityMin) {
    public static final int KINDS_MAX = 50;
    public static final int CAMERAS_MAX = 500;

    /** All events. */
    public static final EventFilter ALL =
            new EventFilter(OptionalLong.empty(), OptionalLong.empty(), Set.of(), Set.of(), EventSeverity.INFO);

    public EventFilter {
        Objects.requireNonNull(fromUs, "fromUs");
        Objects.requireNonNull(toUs, "toUs");
        kinds = Set.copyOf(kinds);
        cameras = Set.copyOf(cameras);
        Objects.requireNonNull(severityMin, "severityMin");
        if (kinds.size() > KINDS_MAX || cameras.size() > CAMERAS_MAX) {
            throw new IllegalArgumentException("at most " + KINDS_MAX + " kinds and " + CAMERAS_MAX
                    + " cameras fit into a filter, not " + kinds.size() + " and " + cameras.size());
        }
        for (String kind : kinds) {
            if (!isPattern(kind)) {
                throw new IllegalArgumentException("kinds must be such as recording.gap, or families such as"
                        + " camera.*, not " + EventAttributes.printable(kind, 200));
            }
        }
    }

    /** Of these kinds or families, otherwise all. */
    public static EventFilter ofKinds(String... kinds) {
        return new EventFilter(OptionalLong.empty(), OptionalLong.empty(), Set.of(kinds), Set.of(), EventSeverity.INFO);
    }

    /** {@return whether the event is in} */
    public boolean fits(Event event) {
        // A pulse at the very beginning of a range is in it; a state that ended there is not.
        boolean afterFrom = fromUs.isEmpty()
                || event.startUs() >= fromUs.getAsLong()
                || event.endUs().orElse(Long.MAX_VALUE) > fromUs.getAsLong();
        return afterFrom
                && (toUs.isEmpty() || event.startUs() < toUs.getAsLong())
                && event.severity().atLeast(severityMin)
                && (kinds.isEmpty() || fitsKind(event.kind()))
                && (cameras.isEmpty()
                        || event.cameraId().filter(cameras::contains).isPresent());
    }

    private boolean fitsKind(String kind) {
        if (kinds.contains(kind)) {
            return true;
        }
        for (int dot = kind.lastIndexOf('.'); dot > 0; dot = kind.lastIndexOf('.', dot - 1)) {
            if (kinds.contains(kind.substring(0, dot + 1) + "*")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPattern(String kind) {
        return kind.endsWith(".*")
                ? EventFact.isKind(kind.substring(0, kind.length() - 1) + "x")
                : EventFact.isKind(kind);
    }
}
