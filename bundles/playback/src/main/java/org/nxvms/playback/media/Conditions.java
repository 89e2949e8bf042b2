// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

/** Conditional requests on a representation with a strong entity tag (RFC 9110 13). */
final class Conditions {
    /** Longer lists of tags are not read; the answer is then complete, which is always right. */
    private static final int HEADER_LENGTH_MAX = 4_096;

    private Conditions() {}

    /**
     * {@return whether If-None-Match or If-Match names the tag}
     *
     * @param header null when there is none
     * @param etag with its quotes
     */
    static boolean names(String header, String etag) {
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

    /** {@return whether a range may be sent: no If-Range, or one with this very tag (13.1.5)} */
    static boolean rangeApplies(String ifRange, String etag) {
        return ifRange == null || ifRange.strip().equals(etag);
    }
}
