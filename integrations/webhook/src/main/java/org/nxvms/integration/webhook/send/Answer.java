// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * What came of a request.
 *
 * @param status HTTP status; 0 when there was no answer
 * @param retryAfterMs how long the other side asks to be left alone; 0 when it does not
 * @param detail a sentence for people, without secrets; empty when it was delivered
 */
public record Answer(Kind kind, int status, long retryAfterMs, String detail) {
    /** Longer than this nobody may hold up what waits; it is asked again then. */
    static final long RETRY_AFTER_MS_MAX = Duration.ofHours(1).toMillis();

    private static final int DIGITS_MAX = 10;

    /** What follows from it. */
    public enum Kind {
        /** 2xx. */
        DELIVERED,
        /** 410: the endpoint wants nothing any more. */
        GONE,
        /** 400, 413, 415, 422: this message will hardly be taken at the next attempt. */
        REFUSED,
        /** Anything else: another attempt may succeed. */
        FAILED
    }

    /** No answer. */
    static Answer failed(String detail) {
        return new Answer(Kind.FAILED, 0, 0, detail);
    }

    static Answer of(int status, String retryAfter, Instant now) {
        if (status >= 200 && status <= 299) {
            return new Answer(Kind.DELIVERED, status, 0, "");
        }
        Kind kind =
                switch (status) {
                    case 410 -> Kind.GONE;
                    case 400, 413, 415, 422 -> Kind.REFUSED;
                    default -> Kind.FAILED;
                };
        String why = status >= 300 && status <= 399
                ? "; redirects are not followed, give the address they lead to as url"
                : status == 401 || status == 403 ? "; look at its secret and headers" : "";
        return new Answer(kind, status, retryAfterMs(retryAfter, now), "The endpoint answers " + status + why + ".");
    }

    /** RFC 9110 10.2.3: seconds or a date. */
    private static long retryAfterMs(String header, Instant now) {
        String text = header.strip();
        long ms = 0;
        if (!text.isEmpty() && text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            ms = Long.parseLong(text) * 1000;
        } else if (!text.isEmpty()) {
            try {
                Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                ms = Math.max(0, Duration.between(now, until).toMillis());
            } catch (DateTimeParseException neither) {
                return 0;
            }
        }
        return Math.min(ms, RETRY_AFTER_MS_MAX);
    }
}
