// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

/**
 * What a Range header asks of a representation of known size (RFC 9110 14.1, 14.2).
 *
 * <p>One range is answered with 206, one beyond the end with 416. Several ranges at once, another unit and
 * what cannot be read are ignored, as the RFC allows: the answer is then the whole. No player asks for
 * several, and multipart answers would let a small request cause many reads.
 *
 * @param kind what to answer
 * @param first first byte, 0 unless PART
 * @param length bytes to send; the whole size unless PART
 */
public record ByteRange(Kind kind, long first, long length) {
    /** What to answer. */
    public enum Kind {
        WHOLE,
        PART,
        UNSATISFIABLE
    }

    private static final String UNIT = "bytes=";
    /** Longer than any header with one range. */
    private static final int HEADER_LENGTH_MAX = 64;
    /** Eighteen digits always fit into a long. */
    private static final int DIGITS_MAX = 18;

    private static final long ABSENT = -1;
    private static final long BAD = -2;

    /**
     * @param header the Range header, null when there is none
     * @param size bytes of the representation
     */
    public static ByteRange of(String header, long size) {
        ByteRange whole = new ByteRange(Kind.WHOLE, 0, size);
        if (header == null || header.length() > HEADER_LENGTH_MAX) {
            return whole;
        }
        String text = header.strip();
        if (!text.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return whole;
        }
        String spec = text.substring(UNIT.length()).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || spec.indexOf(',') >= 0) {
            return whole;
        }
        long first = number(spec.substring(0, dash));
        long last = number(spec.substring(dash + 1));
        if (first == BAD || last == BAD || first == ABSENT && last == ABSENT) {
            return whole;
        }
        if (first == ABSENT) {
            long length = Math.min(last, size);
            return length == 0 ? unsatisfiable() : new ByteRange(Kind.PART, size - length, length);
        }
        if (last != ABSENT && last < first) {
            return whole;
        }
        if (first >= size) {
            return unsatisfiable();
        }
        long end = last == ABSENT ? size : Math.min(size, last + 1);
        return new ByteRange(Kind.PART, first, end - first);
    }

    /** {@return the Content-Range header of a 206 or 416} */
    public String contentRange(long size) {
        return kind == Kind.PART ? "bytes " + first + "-" + (first + length - 1) + "/" + size : "bytes */" + size;
    }

    private static ByteRange unsatisfiable() {
        return new ByteRange(Kind.UNSATISFIABLE, 0, 0);
    }

    private static long number(String digits) {
        if (digits.isEmpty()) {
            return ABSENT;
        }
        if (digits.length() > DIGITS_MAX || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return BAD;
        }
        return Long.parseLong(digits);
    }
}
