// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Recognises, in place and without allocating, what most answers say: that one request was accepted, and nothing else that
 * anybody reads. Whatever is odd about a message, or more than that, is left to {@link RtspParser}, which reads all that
 * is recognised here in the same way.
 */
final class PlainAnswer {
    private static final byte[] PROTOCOL = ascii("rtsp/");
    private static final byte[] OK = ascii("200");
    private static final byte[] NUMBER = ascii("cseq");
    private static final byte[] LENGTH = ascii("content-length");
    /** May hold the next nonce (RFC 7616 3.5). */
    private static final byte[] LOGIN = ascii("authentication-info");

    private static final int DIGITS_MAX = 9;
    private static final int NONE = -1;

    private PlainAnswer() {}

    private static byte[] ascii(String lowerCase) {
        return lowerCase.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return the position behind the answer to this request; -1 when something else is at the buffer's position} */
    static int end(ByteBuffer in, int cseq) {
        int start = in.position();
        int end = RtspParser.headEnd(in, start, RtspParser.HEAD_BYTES_MAX);
        if (end < 0 || !isPlain(in, start, end) || !isAccepted(in, start, end)) {
            return NONE;
        }
        boolean answered = false;
        int lines = 0;
        for (int line = behindLine(in, start); !isLineEnd(in.get(line)); line = behindLine(in, line)) {
            int value = behindName(in, line);
            if (++lines > RtspHeaders.LINES_MAX || isBlank(in.get(line))) {
                // Folded lines are rare.
                return NONE;
            }
            if (isNamed(in, line, value, NUMBER)) {
                if (answered || number(in, value) != cseq) {
                    return NONE;
                }
                answered = true;
            } else if (isNamed(in, line, value, LENGTH) && number(in, value) != 0 || isNamed(in, line, value, LOGIN)) {
                return NONE;
            }
        }
        return answered ? end : NONE;
    }

    /** {@return whether it is printable text, in which bytes are characters} */
    private static boolean isPlain(ByteBuffer in, int start, int end) {
        for (int i = start; i < end; i++) {
            int c = in.get(i);
            boolean lineEnd = c == '\n' || c == '\r' && in.get(i + 1) == '\n';
            if (!lineEnd && c != '\t' && (c < ' ' || c > '~')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAccepted(ByteBuffer in, int start, int end) {
        if (!startsWith(in, start, end, PROTOCOL)) {
            return false;
        }
        int at = start;
        while (!isBlank(in.get(at)) && !isLineEnd(in.get(at))) {
            at++;
        }
        at = behindBlanks(in, at);
        return startsWith(in, at, end, OK) && (isBlank(in.get(at + OK.length)) || isLineEnd(in.get(at + OK.length)));
    }

    // Every line of a head ends with a line feed, so none of these leaves it.

    private static int behindLine(ByteBuffer in, int at) {
        int end = at;
        while (in.get(end) != '\n') {
            end++;
        }
        return end + 1;
    }

    /** {@return the position behind the line's colon, or -1} */
    private static int behindName(ByteBuffer in, int line) {
        int at = line;
        while (in.get(at) != ':' && !isLineEnd(in.get(at))) {
            at++;
        }
        return in.get(at) == ':' && at > line ? at + 1 : NONE;
    }

    private static int behindBlanks(ByteBuffer in, int from) {
        int at = from;
        while (isBlank(in.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNamed(ByteBuffer in, int line, int value, byte[] name) {
        return value >= 0 && startsWith(in, line, value, name) && behindBlanks(in, line + name.length) == value - 1;
    }

    /** {@return the number that is all of a header's value, or -1} */
    private static int number(ByteBuffer in, int value) {
        int from = behindBlanks(in, value);
        int at = from;
        int number = 0;
        while (at - from < DIGITS_MAX && in.get(at) >= '0' && in.get(at) <= '9') {
            number = number * 10 + in.get(at) - '0';
            at++;
        }
        return at > from && isLineEnd(in.get(behindBlanks(in, at))) ? number : NONE;
    }

    private static boolean startsWith(ByteBuffer in, int at, int end, byte[] lowerCase) {
        if (at + lowerCase.length > end) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            int c = in.get(at + i);
            int lower = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLineEnd(int c) {
        return c == '\n' || c == '\r';
    }
}
