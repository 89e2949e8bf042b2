// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Map;
import java.util.Objects;

/**
 * A word of the vocabulary, described.
 *
 * @param form pulse or state
 * @param severity what it usually is; an event may say otherwise
 * @param title for people, in English, e.g. "Footage is missing"
 * @param attributes what its attributes mean, by name
 * @param external whether integrations and operators may raise it; what the server observes itself cannot be forged
 */
public record EventKindInfo(
        String kind,
        EventSpan.Form form,
        EventSeverity severity,
        String title,
        Map<String, String> attributes,
        boolean external) {
    public EventKindInfo {
        if (!EventFact.isKind(kind)) {
            throw new IllegalArgumentException("not a kind: " + EventAttributes.printable(kind, 200));
        }
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(title, "title");
        attributes = Map.copyOf(attributes);
    }
}
