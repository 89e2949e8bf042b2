// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.nxvms.media.StreamRole;
import org.nxvms.playback.played.StreamWish;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Parameters and moments as they travel. */
final class Codes {
    private Codes() {}

    static UUID uuid(String text, String field) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(badUuid(text, field), e);
        }
        throw badUuid(text, field).exception();
    }

    private static Problem badUuid(String text, String field) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return Problem.malformed(field, "\"" + field + "\" has \"" + shown + "\", which is not a UUID.");
    }

    /** {@return the role, main when absent} */
    static StreamRole role(StreamRole role) {
        return role == null ? StreamRole.MAIN : role;
    }

    /** {@return the wish, main when absent} */
    static StreamWish wish(StreamWish wish) {
        return wish == null ? StreamWish.MAIN : wish;
    }

    /** {@return the time zone, UTC when absent} */
    static ZoneId zone(String zone) {
        try {
            return zone == null || zone.isBlank() ? ZoneOffset.UTC : ZoneId.of(zone.strip());
        } catch (DateTimeException e) {
            String shown = zone.length() > 40 ? zone.substring(0, 40) + "…" : zone;
            throw new ProblemException(
                    Problem.malformed(
                            "zone",
                            "\"zone\" is \"" + shown + "\". Give a name of the IANA database, e.g. Europe/Berlin."),
                    e);
        }
    }

    static long floorMs(long us) {
        return Math.floorDiv(us, 1_000L);
    }

    static Problem gone() {
        return Problem.notFound("There is no such segment, or retention has removed it."
                + " GET /api/v1/archive/{cameraId}/segments lists what there is.");
    }
}
