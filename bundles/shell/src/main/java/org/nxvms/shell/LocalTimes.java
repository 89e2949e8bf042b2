// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.apache.karaf.shell.support.CommandException;

/** Moments as people type and read them: by the clocks of this machine's time zone, or with an offset of their own. */
final class LocalTimes {
    private final ZoneId zone;

    LocalTimes(ZoneId zone) {
        this.zone = zone;
    }

    /** {@return microseconds of the first moment that the clocks show this} */
    long from(String name, String text) throws CommandException {
        return micros(parse(name, text).withEarlierOffsetAtOverlap());
    }

    /** {@return microseconds of the last moment that the clocks show this} In autumn that is an hour after the first. */
    long to(String name, String text) throws CommandException {
        return micros(parse(name, text).withLaterOffsetAtOverlap());
    }

    private ZonedDateTime parse(String name, String text) throws CommandException {
        try {
            // With an offset there is no doubt, and nothing to choose.
            return OffsetDateTime.parse(text).atZoneSameInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException withoutOffset) {
            try {
                return LocalDateTime.parse(text).atZone(zone);
            } catch (DateTimeParseException e) {
                throw new CommandException(
                        name + " is no time: \"" + text + "\". Give it as 2026-11-25T18:30 (by the clocks of " + zone
                                + ") or 2026-11-25T18:30:00Z.",
                        e);
            }
        }
    }

    String show(long us) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(Instant.EPOCH
                .plus(us, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.SECONDS)
                .atZone(zone));
    }

    private static long micros(ZonedDateTime time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
    }
}
