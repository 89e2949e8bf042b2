// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.util.Optional;

/** Entity tags of resources that carry a version number (RFC 9110 8.8.3, 13.1.1). */
public final class Etags {
    private static final int DIGITS_MAX = 18;

    private Etags() {}

    /** {@return the header's value, with quotes} */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * @param ifMatch the {@code If-Match} header, null when absent
     * @return the version the caller saw; empty when absent or {@code *}
     * @throws ProblemException 400 {@code malformed} naming the header
     */
    public static Optional<Long> ifMatch(String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return Optional.empty();
        }
        String tag = ifMatch.strip();
        String digits = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : "";
        if (digits.isEmpty() || digits.length() > DIGITS_MAX || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Problem.malformed(
                            "If-Match",
                            "\"If-Match\" must be the ETag of an earlier answer, such as \"5\" with its quotes.")
                    .exception();
        }
        return Optional.of(Long.parseLong(digits));
    }
}
