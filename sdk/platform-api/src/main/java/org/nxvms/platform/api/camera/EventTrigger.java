// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Set;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;

/**
 * Which events of a camera start a recording, and what of the time around them is kept. Footage begins with the
 * key frame before {@code event - preBufferSeconds}, as far as the stream's ring reaches back.
 *
 * @param kinds kinds as they are, or families {@code camera.*}; 1..{@value EventFilter#KINDS_MAX}
 * @param preBufferSeconds before the event, 0..{@value #PRE_BUFFER_SECONDS_MAX}; held in memory
 * @param postBufferSeconds after its end, 0..{@value #POST_BUFFER_SECONDS_MAX}
 */
public record EventTrigger(Set<String> kinds, int preBufferSeconds, int postBufferSeconds) {
    /** A minute of a camera of 4 Mbit/s is 30 MB of memory. */
    public static final int PRE_BUFFER_SECONDS_MAX = 60;

    public static final int POST_BUFFER_SECONDS_MAX = 3_600;

    /** What happens in front of a camera, 5 s before and 10 s after. */
    public static final EventTrigger DEFAULT = new EventTrigger(
            Set.of(
                    EventKinds.CAMERA_MOTION,
                    EventKinds.CAMERA_INPUT,
                    EventKinds.CAMERA_TAMPER,
                    EventKinds.CAMERA_MANUAL),
            5,
            10);

    public EventTrigger {
        kinds = Set.copyOf(kinds);
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("eventKinds must name at least one kind, for example camera.motion");
        }
        try {
            EventFilter.ofKinds(kinds.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("eventKinds cannot be used: " + e.getMessage(), e);
        }
        check("preBufferSeconds", preBufferSeconds, PRE_BUFFER_SECONDS_MAX);
        check("postBufferSeconds", postBufferSeconds, POST_BUFFER_SECONDS_MAX);
    }

    /** {@return whether an event is of a kind that starts a recording} */
    public boolean fits(Event event) {
        return EventFilter.ofKinds(kinds.toArray(String[]::new)).fits(event);
    }

    private static void check(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " must be 0.." + max + ", not " + value);
        }
    }
}
