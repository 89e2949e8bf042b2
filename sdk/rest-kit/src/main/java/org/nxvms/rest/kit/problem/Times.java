// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Time parameters: RFC 3339 or whole milliseconds since 1970; inside the house microseconds. */
public final class Times {
    /** 9999-12-31T23:59:59.999Z: later moments have no RFC 3339 form. */
    private static final long EPOCH_MS_MAX = 253_402_300_799_999L;

    private static final Instant LATEST = Instant.ofEpochMilli(EPOCH_MS_MAX).plusNanos(999_999);

    private static final int DIGITS_MAX = 15;
    private static final int LENGTH_MAX = 40;

    private Times() {}

    /**
     * @param field the parameter's name, for the error
     * @return microseconds since 1970
     * @throws ProblemException 400 {@code malformed} naming the field when absent or not a time
     */
    public static long micros(String value, String field) {
        if (value == null || value.isBlank()) {
            throw Problem.malformed(field, "\"" + field + "\" is missing. " + form())
                    .exception();
        }
        return parse(value.strip(), field);
    }

    /** {@return as {@link #micros}, empty when the parameter is absent} */
    public static Optional<Long> optionalMicros(String value, String field) {
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(parse(value.strip(), field));
    }

    /**
     * @return the half-open range
     * @throws ProblemException 400 {@code malformed} or, when it is empty or backwards, 422 {@code
     *     validation}, naming the field
     */
    public static Range range(String from, String to) {
        long fromUs = micros(from, "from");
        long toUs = micros(to, "to");
        if (toUs <= fromUs) {
            throw Problem.validation("to", "\"to\" must be later than \"from\".")
                    .exception();
        }
        return new Range(fromUs, toUs);
    }

    /** {@return the instant of microseconds since 1970} */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** {@return microseconds since 1970} */
    public static long micros(Instant instant) {
        // ChronoUnit.MICROS.between overflows in 2262: it counts nanoseconds inside.
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static long parse(String text, String field) {
        if (isWholeNumber(text)) {
            long ms = Long.parseLong(text);
            if (ms > EPOCH_MS_MAX) {
                throw Problem.malformed(field, "\"" + field + "\" lies after the year 9999. " + form())
                        .exception();
            }
            return ms * 1_000;
        }
        if (text.length() <= LENGTH_MAX) {
            try {
                // A plus sign in a query arrives as a space.
                Instant instant = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
                if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(LATEST)) {
                    return micros(instant);
                }
            } catch (DateTimeException e) {
                throw new ProblemException(Problem.malformed(field, "\"" + field + "\" is not a time. " + form()), e);
            }
        }
        throw Problem.malformed(field, "\"" + field + "\" is not a time since 1970. " + form())
                .exception();
    }

    private static boolean isWholeNumber(String text) {
        return text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String form() {
        return "Give RFC 3339 such as 2026-11-22T14:03:05.120Z, or milliseconds since 1970.";
    }

    /** Half open, {@code fromUs < toUs}. */
    public record Range(long fromUs, long toUs) {}
}
