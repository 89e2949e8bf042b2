// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param nextCursor opaque; give it as {@code cursor} to get what follows; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> nextCursor) {
    private static final int CURSOR_LENGTH_MAX = 1_024;

    public Page {
        items = List.copyOf(items);
        Objects.requireNonNull(nextCursor, "nextCursor");
    }

    /** {@return a list that is always whole} */
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, Optional.empty());
    }

    /** {@return a cursor that holds the key of the last item given out} */
    public static String cursor(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param cursor what the caller sent, null when nothing
     * @return the key that {@link #cursor} was made of
     * @throws ProblemException 400 {@code malformed} naming {@code cursor}
     */
    public static Optional<String> key(String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (cursor.length() <= CURSOR_LENGTH_MAX) {
                return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(badCursor(), e);
        }
        throw badCursor().exception();
    }

    /**
     * @param limit what the caller sent, null when nothing
     * @return a number in 1..max
     * @throws ProblemException 400 {@code malformed} naming {@code limit}
     */
    public static int limit(Integer limit, int defaultLimit, int max) {
        if (limit == null) {
            return defaultLimit;
        }
        if (limit < 1 || limit > max) {
            throw Problem.malformed("limit", "\"limit\" must be 1.." + max + ", not " + limit + ".")
                    .exception();
        }
        return limit;
    }

    private static Problem badCursor() {
        return Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it.");
    }
}
