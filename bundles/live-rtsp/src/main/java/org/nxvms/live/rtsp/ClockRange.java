// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The time that a client wants played, UTC in microseconds.
 *
 * @param fromUs empty: wherever it stands
 * @param toUs empty: to the end
 */
record ClockRange(OptionalLong fromUs, OptionalLong toUs) {
    static final ClockRange OPEN = new ClockRange(OptionalLong.empty(), OptionalLong.empty());

    /** {@code 20261126T210000.123Z} (RFC 2326 3.7); {@code :} and {@code -} as RFC 3339 has them are taken too. */
    private static final DateTimeFormatter CLOCK = new DateTimeFormatterBuilder()
            .appendPattern("uuuuMMdd'T'HHmmss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .appendLiteral('Z')
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ANSWER = DateTimeFormatter.ofPattern(
                    "uuuuMMdd'T'HHmmss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int TIME_CHARS_MAX = 40;
    /** No footage is earlier or later; clients that mean "from the first" and "to the last" say such times. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /**
     * Reads a Range header.
     *
     * @param startUs what {@code npt=0} stands for
     */
    static ClockRange parse(String header, OptionalLong startUs) throws Refusal {
        String range = header.split(";", 2)[0].strip();
        int equals = range.indexOf('=');
        String unit = range.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT);
        try {
            return switch (unit) {
                case "" -> OPEN;
                case "clock" -> clock(range.substring(equals + 1).strip());
                case "npt" -> npt(range.substring(equals + 1).split("-", 2), startUs);
                default -> throw Refusal.badRange("Range is clock=20261126T210000Z- or npt=0-.");
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw Refusal.badRange("\"" + range + "\" cannot be read. Range is clock=20261126T210000Z- or npt=0-.");
        }
    }

    private static ClockRange clock(String text) throws Refusal {
        int end = text.indexOf('Z');
        if (end < 0) {
            throw Refusal.badRange("Times of a clock range end with Z.");
        }
        String rest = text.substring(end + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("-")) {
            throw Refusal.badRange("A clock range is FROM- or FROM-TO.");
        }
        String to = rest.isEmpty() ? "" : rest.substring(1).strip();
        ClockRange range = new ClockRange(
                OptionalLong.of(us(text.substring(0, end + 1))),
                to.isEmpty() ? OptionalLong.empty() : OptionalLong.of(us(to)));
        return range.checked();
    }

    private static ClockRange npt(String[] ends, OptionalLong startUs) throws Refusal {
        String from = ends[0].strip();
        String to = ends.length > 1 ? ends[1].strip() : "";
        if (from.equals("now") || startUs.isEmpty()) {
            return OPEN;
        }
        return new ClockRange(npt(from, startUs.getAsLong()), npt(to, startUs.getAsLong())).checked();
    }

    private static OptionalLong npt(String text, long startUs) throws Refusal {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(startUs + seconds(text));
    }

    private static long seconds(String text) throws Refusal {
        if (!text.matches("\\d{1,9}(\\.\\d{0,9})?")) {
            throw Refusal.badRange("npt is told in seconds.");
        }
        return Math.round(Double.parseDouble(text) * 1_000_000);
    }

    private ClockRange checked() throws Refusal {
        if (fromUs.isPresent() && toUs.isPresent() && toUs.getAsLong() <= fromUs.getAsLong()) {
            throw Refusal.badRange("The range ends before it begins; footage is played forwards.");
        }
        return this;
    }

    /**
     * {@return a time as an address or a Range tells it, from 1970 to the year 9999}
     *
     * @throws DateTimeException when it is none
     */
    static long us(String text) {
        if (text.length() > TIME_CHARS_MAX) {
            throw new DateTimeException("too long");
        }
        Instant instant = text.indexOf('-') > 0 ? Instant.parse(text) : CLOCK.parse(text, Instant::from);
        Instant within = instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
        // Not ChronoUnit.between: before Java 18 that goes by nanoseconds, which end in 2262.
        return within.getEpochSecond() * 1_000_000 + within.getNano() / 1_000;
    }

    /** {@return whether a Range header is in seconds} */
    static boolean isNpt(String header) {
        return header.strip().toLowerCase(Locale.ROOT).startsWith("npt");
    }

    /** {@return a time of what is played as answers tell it} */
    static String npt(long us) {
        return String.format(Locale.ROOT, "%d.%06d", us / 1_000_000, us % 1_000_000);
    }

    /** {@return a time as answers tell it} */
    static String text(long us) {
        return ANSWER.format(Instant.EPOCH.plus(us, ChronoUnit.MICROS));
    }
}
