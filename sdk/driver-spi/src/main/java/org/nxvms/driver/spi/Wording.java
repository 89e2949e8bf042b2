// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A text for people in several languages; English is always among them. Immutable.
 *
 * @since 1.1
 */
public final class Wording {
    /** The language that stands in for all others. */
    public static final String ENGLISH = "en";
    /** Long enough for two sentences. */
    public static final int CHARS_MAX = 500;

    private static final int LANGUAGES_MAX = 50;

    private final Map<String, String> byLanguage;

    private Wording(Map<String, String> byLanguage) {
        this.byLanguage = byLanguage;
    }

    /** A text in English. */
    public static Wording of(String english) {
        return new Wording(Map.of()).in(ENGLISH, english);
    }

    /**
     * {@return this text with another language added}
     *
     * @param language its code as in BCP 47, e.g. {@code de}
     */
    public Wording in(String language, String text) {
        if (!language.matches("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")) {
            throw new IllegalArgumentException("not a language as in BCP 47: " + language);
        }
        if (text.isBlank() || text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("a text must have 1 to " + CHARS_MAX + " characters: " + language);
        }
        if (byLanguage.size() >= LANGUAGES_MAX) {
            throw new IllegalArgumentException("more than " + LANGUAGES_MAX + " languages");
        }
        Map<String, String> more = new TreeMap<>(byLanguage);
        more.put(language, text);
        return new Wording(Map.copyOf(more));
    }

    public String english() {
        return byLanguage.get(ENGLISH);
    }

    /** {@return the text by the code of its language} */
    public Map<String, String> byLanguage() {
        return byLanguage;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wording wording && byLanguage.equals(wording.byLanguage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(byLanguage);
    }

    @Override
    public String toString() {
        return english();
    }
}
