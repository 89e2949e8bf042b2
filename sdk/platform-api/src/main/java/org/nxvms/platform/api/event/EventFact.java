// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What happened, without when. Source and kind together are the key of a state: a source is in a state of one kind at
 * most once, so a camera with four inputs has four parts ({@link EventSource#part()}).
 *
 * @param kind dotted, lower case, at most {@link #KIND_CHARS_MAX}, e.g. {@code recording.gap}; see {@link EventKinds}
 * @param detail a sentence for people: what happened, why, what to do; may be empty. Control characters become blanks,
 *     what is longer than {@link #DETAIL_CHARS_MAX} is cut: a camera's own words may be in it
 * @param correlationId of what belongs together: the id of the gap behind {@code recording.gap}, of the event that a
 *     rule acted on
 */
public record EventFact(
        EventSource source,
        String kind,
        EventSeverity severity,
        String detail,
        EventAttributes attributes,
        Optional<UUID> correlationId) {
    /** Long enough for five words. */
    public static final int KIND_CHARS_MAX = 100;
    /** As long as a gap's detail. */
    public static final int DETAIL_CHARS_MAX = 1000;

    public EventFact {
        Objects.requireNonNull(source, "source");
        if (!isKind(kind)) {
            throw new IllegalArgumentException(
                    "kind must be two to five words of a-z, 0-9 and _ joined by dots, at most " + KIND_CHARS_MAX
                            + " characters, e.g. camera.motion; it is " + EventAttributes.printable(kind, 200));
        }
        Objects.requireNonNull(severity, "severity");
        detail = EventAttributes.printable(detail, DETAIL_CHARS_MAX);
        Objects.requireNonNull(attributes, "attributes");
        Objects.requireNonNull(correlationId, "correlationId");
    }

    /** Without correlation. */
    public static EventFact of(
            EventSource source, String kind, EventSeverity severity, String detail, EventAttributes attributes) {
        return new EventFact(source, kind, severity, detail, attributes, Optional.empty());
    }

    /** The same fact, said to belong to something. */
    public EventFact correlated(UUID id) {
        return new EventFact(source, kind, severity, detail, attributes, Optional.of(id));
    }

    /** {@return whether a text has the form of a kind} */
    public static boolean isKind(String kind) {
        Objects.requireNonNull(kind, "kind");
        if (kind.length() > KIND_CHARS_MAX) {
            return false;
        }
        int words = 0;
        boolean begins = true;
        for (int i = 0; i < kind.length(); i++) {
            char c = kind.charAt(i);
            if (c == '.') {
                if (begins) {
                    return false;
                }
                begins = true;
            } else {
                boolean letter = c >= 'a' && c <= 'z';
                if (!letter && (begins || !(c >= '0' && c <= '9' || c == '_'))) {
                    return false;
                }
                words += begins ? 1 : 0;
                begins = false;
            }
        }
        return !begins && words >= 2 && words <= 5;
    }
}
