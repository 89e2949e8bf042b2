// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Range header in absolute time (RFC 2326 3.7, 12.29): {@code clock=20261127T081500.040Z-20261127T081600Z}.
 *
 * @param from empty when it is not told
 * @param to empty when there is no end
 */
record ClockRange(Optional<Instant> from, Optional<Instant> to) {
    private static final Pattern RANGE =
            Pattern.compile("clock=(\\d{8}T\\d{6}(?:\\.\\d{1,9})?Z)?-(\\d{8}T\\d{6}(?:\\.\\d{1,9})?Z)?");

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuuMMdd'T'HHmmss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral('Z')
            .toFormatter(Locale.ROOT);

    /** {@return the range; empty for what is none} */
    static Optional<ClockRange> parse(String header) {
        Matcher range = RANGE.matcher(header.trim());
        if (!range.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ClockRange(time(range.group(1)), time(range.group(2))));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text) {
        return Optional.ofNullable(text)
                .map(told -> LocalDateTime.parse(told, TIME).toInstant(ZoneOffset.UTC));
    }

    static String text(Instant time) {
        return TIME.format(time.atOffset(ZoneOffset.UTC));
    }
}
