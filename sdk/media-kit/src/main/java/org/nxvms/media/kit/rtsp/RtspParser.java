// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Parses one message with the tolerance cameras need: LF without CR, folded lines, missing reason, odd case and spaces,
 * lines without a colon. Everything is bounded.
 */
final class RtspParser {
    /** Start line and headers together. */
    static final int HEAD_BYTES_MAX = 16 << 10;
    /** A session description; more is refused. */
    static final int BODY_BYTES_MAX = 64 << 10;

    private static final int METHOD_CHARS_MAX = 32;
    // Every session's answers to keep-alive come here, on the thread that reads all cameras.
    private static final Pattern LINE_END = Pattern.compile("\r?\n");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** {@return the message at the buffer's position, or null when it is not complete (the position then stays)} */
    RtspMessage parse(ByteBuffer in) throws RtspException {
        int start = in.position();
        int headEnd = headEnd(in, start, HEAD_BYTES_MAX);
        if (headEnd < 0) {
            if (in.limit() - start >= HEAD_BYTES_MAX) {
                throw new RtspException(
                        "the peer does not speak RTSP: no end of headers in " + HEAD_BYTES_MAX + " bytes");
            }
            refuseOtherProtocols(in, start);
            return null;
        }
        byte[] head = new byte[headEnd - start];
        in.get(start, head);
        String[] lines = LINE_END.split(new String(head, StandardCharsets.UTF_8), RtspHeaders.LINES_MAX + 8);
        RtspHeaders headers = headers(lines);
        int bodyBytes = headers.number("Content-Length", 0);
        if (bodyBytes > BODY_BYTES_MAX) {
            throw new RtspException("a message body of " + bodyBytes + " bytes, at most " + BODY_BYTES_MAX);
        }
        if (in.limit() - headEnd < bodyBytes) {
            // Fails now rather than after the body if the first line is nonsense.
            message(lines[0], headers, new byte[0]);
            return null;
        }
        byte[] body = new byte[bodyBytes];
        in.get(headEnd, body);
        RtspMessage message = message(lines[0], headers, body);
        in.position(headEnd + bodyBytes);
        return message;
    }

    /** Position behind the empty line that ends the headers, or -1. */
    static int headEnd(ByteBuffer in, int start, int bytesMax) {
        int limit = Math.min(in.limit(), start + bytesMax);
        for (int i = start; i < limit; i++) {
            if (in.get(i) != '\n') {
                continue;
            }
            if (i + 1 < limit && in.get(i + 1) == '\n') {
                return i + 2;
            }
            if (i + 2 < limit && in.get(i + 1) == '\r' && in.get(i + 2) == '\n') {
                return i + 3;
            }
        }
        return -1;
    }

    /** An HTTP, SSH or SMTP server answers with a line of its own and then waits: say so at once. */
    private static void refuseOtherProtocols(ByteBuffer in, int start) throws RtspException {
        int left = in.limit() - start;
        if (left < 5) {
            return;
        }
        byte[] first = new byte[5];
        in.get(start, first);
        String text = new String(first, StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP/") || text.startsWith("SSH-")) {
            throw new RtspException("the peer speaks " + text.replaceAll("[^A-Z].*", "") + ", not RTSP");
        }
    }

    private static RtspMessage message(String line, RtspHeaders headers, byte[] body) throws RtspException {
        String[] parts = BLANKS.split(line.trim(), 3);
        if (parts[0].regionMatches(true, 0, "RTSP/", 0, 5)) {
            int status = parts.length > 1 ? status(parts[1]) : -1;
            if (status < 0) {
                throw new RtspException("a response without a status code");
            }
            return new RtspResponse(status, parts.length > 2 ? parts[2] : "", headers, body);
        }
        if (parts.length < 3 || !parts[2].regionMatches(true, 0, "RTSP/", 0, 5)) {
            throw new RtspException(
                    parts[0].regionMatches(true, 0, "HTTP/", 0, 5)
                            ? "the peer speaks HTTP, not RTSP"
                            : "neither a request nor a response");
        }
        if (parts[0].length() > METHOD_CHARS_MAX) {
            throw new RtspException("a method name of " + parts[0].length() + " characters");
        }
        return new RtspRequest(parts[0].toUpperCase(Locale.ROOT), parts[1], headers, body);
    }

    static int status(String text) {
        if (text.length() != 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int status = Integer.parseInt(text);
        return status >= 100 ? status : -1;
    }

    static RtspHeaders headers(String[] lines) throws RtspException {
        List<RtspHeaders.Line> parsed = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i];
            int last = parsed.size() - 1;
            if (!line.isEmpty() && Character.isWhitespace(line.charAt(0)) && last >= 0) {
                RtspHeaders.Line folded = parsed.get(last);
                parsed.set(last, new RtspHeaders.Line(folded.name(), (folded.value() + " " + line.trim()).trim()));
                continue;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                if (parsed.size() == RtspHeaders.LINES_MAX) {
                    throw new RtspException("more than " + RtspHeaders.LINES_MAX + " header lines");
                }
                parsed.add(new RtspHeaders.Line(
                        line.substring(0, colon).trim(),
                        line.substring(colon + 1).trim()));
            }
        }
        return new RtspHeaders(parsed);
    }
}
