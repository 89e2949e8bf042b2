// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One setting as a part describes it (OSGi Compendium 105.8, AD).
 *
 * @param id as in files
 * @param type {@code String}, {@code Integer}, ...
 * @param several whether it takes more than one value; such are not looked at
 * @param min least number
 * @param max greatest number
 * @param options what it can be, if that is said
 */
record Setting(
        String id,
        String type,
        boolean several,
        Optional<BigDecimal> min,
        Optional<BigDecimal> max,
        List<String> options) {
    private static final int SHOWN_MAX = 40;

    Setting {
        options = List.copyOf(options);
    }

    /** {@return a value without blanks around it, where it is no text} */
    Object stripped(Object value) {
        return value instanceof String text
                        && (!type.equals("String") && !type.equals("Password") || !options.isEmpty())
                ? text.strip()
                : value;
    }

    /** {@return what is wrong with a value, to follow the setting's name; empty when nothing is} */
    Optional<String> fault(Object value) {
        if (several || !(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            return Optional.empty();
        }
        String text = String.valueOf(value);
        if (!options.isEmpty()) {
            return options.contains(text) ? Optional.empty() : said(text, "one of " + String.join(", ", options));
        }
        return switch (type) {
            case "Boolean" ->
                text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                        ? Optional.empty()
                        : said(text, "true or false");
            case "Byte" -> whole(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "Short" -> whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case "Integer" -> whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "Long" -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case "Float", "Double" -> number(text, "a number" + range(), Optional.empty(), Optional.empty());
            default -> Optional.empty();
        };
    }

    private Optional<String> whole(String text, long least, long greatest) {
        String wanted = "a whole number" + range();
        return text.matches("[+-]?\\d{1,19}")
                ? number(
                        text, wanted, Optional.of(BigDecimal.valueOf(least)), Optional.of(BigDecimal.valueOf(greatest)))
                : said(text, wanted);
    }

    private Optional<String> number(
            String text, String wanted, Optional<BigDecimal> least, Optional<BigDecimal> greatest) {
        try {
            BigDecimal number = new BigDecimal(text);
            return isWithin(number, min, max) && isWithin(number, least, greatest)
                    ? Optional.empty()
                    : said(text, wanted);
        } catch (NumberFormatException noNumber) {
            return said(text, wanted);
        }
    }

    private static boolean isWithin(BigDecimal number, Optional<BigDecimal> least, Optional<BigDecimal> greatest) {
        return least.filter(bound -> number.compareTo(bound) < 0).isEmpty()
                && greatest.filter(bound -> number.compareTo(bound) > 0).isEmpty();
    }

    private String range() {
        if (min.isEmpty() && max.isEmpty()) {
            return "";
        }
        return min.map(bound -> " from " + bound.toPlainString()).orElse("")
                + max.map(bound -> (min.isPresent() ? " to " : " up to ") + bound.toPlainString())
                        .orElse("");
    }

    private Optional<String> said(String text, String wanted) {
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
        // Nothing that begins a line of its own in a log.
        String clean = shown.replaceAll("\\p{Cntrl}", "?");
        return Optional.of((isSecret() ? "is not" : "is \"" + clean + "\" and not") + " " + wanted);
    }

    boolean isSecret() {
        String name = id.toLowerCase(Locale.ROOT);
        return type.equals("Password") || name.contains("password") || name.contains("secret");
    }
}
