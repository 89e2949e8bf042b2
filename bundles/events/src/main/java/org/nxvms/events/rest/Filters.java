// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Filters and positions as query parameters. */
final class Filters {
    private static final int LENGTH_MAX = 20_000;

    private Filters() {}

    /** What the parameters say; null where one is absent. */
    static EventFilter of(String from, String to, String kinds, String cameras, String severity) {
        OptionalLong fromUs = time(from, "from");
        OptionalLong toUs = time(to, "to");
        if (fromUs.isPresent() && toUs.isPresent() && toUs.getAsLong() <= fromUs.getAsLong()) {
            throw Problem.validation("to", "\"to\" must be later than \"from\".")
                    .exception();
        }
        Set<String> kindWords = new LinkedHashSet<>(words(kinds, "kinds", EventFilter.KINDS_MAX));
        Set<UUID> cameraIds = new LinkedHashSet<>();
        for (String word : words(cameras, "cameras", EventFilter.CAMERAS_MAX)) {
            try {
                cameraIds.add(UUID.fromString(word));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(
                        Problem.malformed("cameras", "\"cameras\" must be ids of cameras, joined by commas."), e);
            }
        }
        try {
            return new EventFilter(fromUs, toUs, kindWords, cameraIds, severity(severity));
        } catch (IllegalArgumentException e) {
            String detail = e.getMessage().replaceFirst("^kinds ", "\"kinds\" ") + ".";
            throw new ProblemException(Problem.malformed("kinds", detail), e);
        }
    }

    private static OptionalLong time(String text, String name) {
        return Times.optionalMicros(text, name).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static List<String> words(String text, String name, int max) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        List<String> words = text.length() > LENGTH_MAX ? List.of() : Arrays.asList(text.split(",", -1));
        if (words.isEmpty() || words.size() > max) {
            throw Problem.malformed(name, "\"" + name + "\" takes at most " + max + ", joined by commas.")
                    .exception();
        }
        return words.stream().map(String::strip).toList();
    }

    private static EventSeverity severity(String text) {
        if (text == null || text.isBlank()) {
            return EventSeverity.INFO;
        }
        for (EventSeverity severity : EventSeverity.values()) {
            if (severity.name().toLowerCase(Locale.ROOT).equals(text)) {
                return severity;
            }
        }
        throw Problem.malformed(
                        "severity", "\"severity\" must be info, warning or critical; what matters more is in too.")
                .exception();
    }

    static String cursor(EventQuery.Position position) {
        return Page.cursor(position.startUs() + " " + position.id());
    }

    static Optional<EventQuery.Position> position(String cursor) {
        return Page.key(cursor).map(key -> {
            String[] parts = key.split(" ", -1);
            try {
                if (parts.length == 2) {
                    return new EventQuery.Position(Long.parseLong(parts[0]), UUID.fromString(parts[1]));
                }
            } catch (IllegalArgumentException e) {
                throw new ProblemException(foreign(), e);
            }
            throw foreign().exception();
        });
    }

    private static Problem foreign() {
        return Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it.");
    }
}
