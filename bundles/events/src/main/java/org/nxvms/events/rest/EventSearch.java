// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Words that are looked for in what events say: all of them, each in any place. One call's; not thread-safe.
 *
 * <p>Read rather than asked of the database: in a text anywhere no index helps, what words are looked for in is not all there
 * (names of cameras, titles of kinds), and a bound of what is read is the same for every database.
 */
final class EventSearch {
    static final int TEXT_CHARS_MAX = 2_000;
    private static final int WORDS_MAX = 8;
    private static final int ALTERNATIVES_MAX = 64;

    /** Each a word; one of its alternatives is enough. */
    private final List<List<String>> words;

    private final Map<String, String> titles;
    private final Function<UUID, String> nameOf;
    private final Map<UUID, String> names = new HashMap<>();

    private EventSearch(List<List<String>> words, Map<String, String> titles, Function<UUID, String> nameOf) {
        this.words = words;
        this.titles = titles;
        this.nameOf = nameOf;
    }

    /**
     * {@return the search for a text}
     *
     * @param text words by blanks, alternatives by {@code |}; null or blank finds everything
     * @param nameOf a camera's name, empty when it is gone
     */
    static EventSearch of(String text, List<EventKindInfo> kinds, Function<UUID, String> nameOf) {
        if (text == null || text.isBlank()) {
            return new EventSearch(List.of(), Map.of(), nameOf);
        }
        List<List<String>> words = text.length() > TEXT_CHARS_MAX
                ? List.of()
                : Arrays.stream(text.strip().split("\\s+"))
                        .map(word -> Arrays.stream(word.split("\\|"))
                                .filter(alternative -> !alternative.isEmpty())
                                .map(EventSearch::folded)
                                .toList())
                        .toList();
        boolean whole = !words.isEmpty()
                && words.size() <= WORDS_MAX
                && words.stream().allMatch(word -> !word.isEmpty() && word.size() <= ALTERNATIVES_MAX);
        if (!whole) {
            throw Problem.malformed(
                            "text",
                            "\"text\" must be 1 to " + WORDS_MAX + " words, each of at most " + ALTERNATIVES_MAX
                                    + " alternatives joined by |, " + TEXT_CHARS_MAX + " characters in all.")
                    .exception();
        }
        return new EventSearch(
                words,
                kinds.stream()
                        .collect(Collectors.toMap(EventKindInfo::kind, EventKindInfo::title, (one, other) -> one)),
                nameOf);
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** {@return whether everything is found, so that nothing need be read for it} */
    boolean isForAll() {
        return words.isEmpty();
    }

    boolean finds(Event event) {
        if (words.isEmpty()) {
            return true;
        }
        String said = said(event);
        return words.stream().allMatch(word -> word.stream().anyMatch(said::contains));
    }

    /** All that is said of an event, in parts that no word reaches across. */
    private String said(Event event) {
        StringBuilder said = new StringBuilder(256)
                .append(event.kind())
                .append('\n')
                .append(titles.getOrDefault(event.kind(), ""))
                .append('\n')
                .append(event.fact().detail())
                .append('\n')
                .append(event.source().id())
                .append('\n')
                .append(event.source().part());
        event.cameraId().ifPresent(camera -> said.append('\n').append(names.computeIfAbsent(camera, nameOf)));
        event.fact().attributes().values().values().forEach(value -> said.append('\n')
                .append(value));
        return folded(said.toString());
    }
}
