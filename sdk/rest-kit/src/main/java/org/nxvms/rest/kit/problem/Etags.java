// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Entity tags, and conditions by them (RFC 9110 8.8.3, 13.1). A tag stands for what can be changed of a resource: its version
 * where it has one, else a digest of it.
 */
public final class Etags {
    /** For the OpenAPI document. */
    public static final String IF_MATCH = "ETag of what the change is made upon: 412 when it is another one by now.";

    /** Enough that no two states of a resource have the same. */
    private static final int DIGEST_BYTES = 16;

    /** Longer lists are not read. */
    private static final int HEADER_LENGTH_MAX = 4_096;

    private static final Pattern TAG = Pattern.compile("(W/)?\"[!#-~\\x80-\\xFF]*\"");

    private Etags() {}

    /** {@return the header's value, with quotes} */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * {@return the header's value, with quotes}
     *
     * @param content the same bytes for the same state
     */
    public static String of(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "\""
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES))
                    + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each JDK has SHA-256", impossible);
        }
    }

    /**
     * {@return whether there is a condition, which holds}
     *
     * @param ifMatch the {@code If-Match} header, null when absent; compared strongly, {@code *} is what is there whatever it is
     * @param now tag of what is there
     * @param thing is named, such as "The camera"
     * @throws ProblemException 412 {@code precondition-failed} when something else was seen, 400 {@code malformed} naming the
     *     header when it is none
     */
    public static boolean requireMatch(String ifMatch, String now, String thing) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return false;
        }
        boolean seen = false;
        for (String tag : ifMatch.split(",", -1)) {
            if (ifMatch.length() > HEADER_LENGTH_MAX
                    || !TAG.matcher(tag.strip()).matches()) {
                throw Problem.malformed(
                                "If-Match",
                                "\"If-Match\" must be the ETag of an earlier answer, such as \"5\" with its quotes.")
                        .exception();
            }
            seen |= tag.strip().equals(now);
        }
        if (!seen) {
            throw Problem.preconditionFailed(
                            thing + " was changed in the meantime. Read it again and repeat the change.")
                    .exception();
        }
        return true;
    }

    /**
     * {@return whether {@code If-None-Match} names the tag, compared weakly}
     *
     * @param header null when there is none; one that is too long names nothing, and the answer is complete
     * @param etag with its quotes
     */
    public static boolean names(String header, String etag) {
        if (header == null || header.length() > HEADER_LENGTH_MAX) {
            return false;
        }
        if ("*".equals(header.strip())) {
            return true;
        }
        for (String tag : header.split(",")) {
            String text = tag.strip();
            if (text.equals(etag) || text.startsWith("W/") && text.substring(2).equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
