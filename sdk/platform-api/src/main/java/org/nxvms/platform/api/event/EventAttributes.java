// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a kind of event says beyond its detail: a few named values, each a text, a whole number, a number or a flag.
 * Immutable. Names are camelCase as in REST, with units last ({@code durationMs}).
 *
 * <p>Bounded: at most {@link #COUNT_MAX} attributes, names up to {@link #NAME_CHARS_MAX}, texts up to {@link
 * #TEXT_CHARS_MAX}, all texts and names together up to {@link #CHARS_MAX}. Texts that are too long are cut and control
 * characters become blanks, since a device's own words may be in them; too many attributes are a fault of the caller.
 */
public final class EventAttributes {
    public static final int COUNT_MAX = 32;
    public static final int NAME_CHARS_MAX = 40;
    public static final int TEXT_CHARS_MAX = 1000;
    /** What a row of the store holds of them. */
    public static final int CHARS_MAX = 4000;

    /** None. */
    public static final EventAttributes NONE = new EventAttributes(Map.of());

    private final Map<String, Object> values;

    private EventAttributes(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * @param values by name: String, Long, Integer, Double, Float or Boolean
     * @throws IllegalArgumentException naming the attribute that breaks a bound
     */
    public static EventAttributes of(Map<String, ?> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        if (values.size() > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "attributes: at most " + COUNT_MAX + " are taken, these are " + values.size());
        }
        TreeMap<String, Object> kept = new TreeMap<>();
        int chars = 0;
        for (Map.Entry<String, ?> entry : values.entrySet()) {
            String name = entry.getKey();
            if (!isName(name)) {
                throw new IllegalArgumentException("attributes: a name is a lower-case letter, then letters and digits,"
                        + " at most " + NAME_CHARS_MAX + ", not " + printable(name, 100));
            }
            Object value = value(name, entry.getValue());
            kept.put(name, value);
            chars += name.length() + (value instanceof String text ? text.length() : 0);
        }
        if (chars > CHARS_MAX) {
            throw new IllegalArgumentException(
                    "attributes: names and texts may have " + CHARS_MAX + " characters together, these have " + chars);
        }
        return new EventAttributes(Collections.unmodifiableMap(kept));
    }

    /** These and one more, or another value of one. */
    public EventAttributes with(String name, Object value) {
        Map<String, Object> more = new TreeMap<>(values);
        more.put(name, value);
        return of(more);
    }

    /** {@return by name, in order of names; each a String, Long, Double or Boolean} */
    public Map<String, Object> values() {
        return values;
    }

    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public OptionalLong whole(String name) {
        return values.get(name) instanceof Long whole ? OptionalLong.of(whole) : OptionalLong.empty();
    }

    /** {@return a number, whole or not} */
    public OptionalDouble number(String name) {
        return values.get(name) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    public Optional<Boolean> flag(String name) {
        return values.get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    /** {@return a text of whole, printable characters, cut to a length} */
    static String printable(String text, int charsMax) {
        int length = Math.min(text.length(), charsMax);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                return cleaned(text, length);
            }
        }
        return text.substring(0, length);
    }

    /** A control character becomes a blank, half of a pair a question mark: neither can be stored as UTF-8 text. */
    private static String cleaned(String text, int length) {
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                clean.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                clean.append('?');
            } else {
                clean.append(Character.isISOControl(c) ? ' ' : c);
            }
        }
        return clean.toString();
    }

    private static Object value(String name, Object value) {
        Objects.requireNonNull(value, name);
        if (value instanceof String text) {
            return printable(text, TEXT_CHARS_MAX);
        } else if (value instanceof Long || value instanceof Boolean) {
            return value;
        } else if (value instanceof Integer whole) {
            return whole.longValue();
        } else if (value instanceof Number number && (value instanceof Double || value instanceof Float)) {
            if (Double.isFinite(number.doubleValue())) {
                return number.doubleValue();
            }
        }
        throw new IllegalArgumentException("attributes." + name + " must be a text, a finite number or a flag, not a "
                + value.getClass().getSimpleName());
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
            return false;
        }
        return name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventAttributes attributes && values.equals(attributes.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
