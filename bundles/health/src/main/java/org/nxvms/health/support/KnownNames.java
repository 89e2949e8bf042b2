// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names that somebody gave, each with what stands for it. Found in texts as whole words, whatever their case. */
final class KnownNames {
    /** Shorter ones are in words of any text; one letter says nothing of anybody. */
    private static final int LENGTH_MIN = 2;

    private record Name(String text, String standsFor) {}

    /** By their first word in lower case, the longest first. */
    private final Map<String, List<Name>> byFirstWord = new HashMap<>();

    /** @param standsFor by name */
    KnownNames(Map<String, String> standsFor) {
        standsFor.forEach((name, instead) -> {
            String text = name.strip();
            String first = firstWord(text);
            if (text.length() >= LENGTH_MIN && !first.isEmpty()) {
                byFirstWord.computeIfAbsent(first, word -> new ArrayList<>()).add(new Name(text, instead));
            }
        });
        byFirstWord
                .values()
                .forEach(names -> names.sort(
                        Comparator.comparingInt((Name name) -> -name.text().length())));
    }

    /** {@return the text with what stands for each name in its place} */
    String replaced(String text) {
        if (byFirstWord.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = wordEnd(text, at);
            if (end == at) {
                out.append(text.charAt(at++));
                continue;
            }
            Name found = found(text, at, end);
            if (found == null) {
                out.append(text, at, end);
                at = end;
            } else {
                out.append(found.standsFor());
                at += found.text().length();
            }
        }
        return out.toString();
    }

    private Name found(String text, int at, int end) {
        for (Name name : byFirstWord.getOrDefault(text.substring(at, end).toLowerCase(Locale.ROOT), List.of())) {
            int after = at + name.text().length();
            boolean whole = after >= text.length()
                    || !isOfWord(text.charAt(after))
                    || !isOfWord(name.text().charAt(name.text().length() - 1));
            if (whole
                    && text.regionMatches(true, at, name.text(), 0, name.text().length())) {
                return name;
            }
        }
        return null;
    }

    private static String firstWord(String name) {
        return name.substring(0, wordEnd(name, 0)).toLowerCase(Locale.ROOT);
    }

    private static int wordEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isOfWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c);
    }
}
