// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.ByteBuffer;

/**
 * Cuts an RTSP connection's bytes into interleaved frames (RFC 2326 10.12) and messages, in place. The caller keeps what is
 * left in the buffer after {@link #NEED_MORE} and offers it again with more behind it.
 *
 * <p>Frames are reported as positions in the buffer and cost no allocation. Stray bytes between elements are skipped up to
 * a bound: some cameras send them. One thread at a time.
 */
public final class RtspFramer {
    /** The buffer holds no whole element; its position stands at the first byte of an unfinished one. */
    public static final int NEED_MORE = 0;
    /** An interleaved frame: {@link #channel()}, {@link #payloadOffset()}, {@link #payloadLength()}. */
    public static final int FRAME = 1;
    /** A message: {@link #message()}. */
    public static final int MESSAGE = 2;
    /** The answer to {@link #expect}: accepted, and it says nothing else; there is no message to it. */
    public static final int ACCEPTED = 3;

    /** Longest unfinished element: a caller's buffer of this size plus one read always makes progress. */
    public static final int ELEMENT_BYTES_MAX = RtspParser.HEAD_BYTES_MAX + RtspParser.BODY_BYTES_MAX;

    /** Stray bytes in a row after which this is no RTSP. */
    private static final int STRAY_BYTES_MAX = 4096;

    private final RtspParser parser = new RtspParser();
    private int channel;
    private int payloadOffset;
    private int payloadLength;
    private int straysInRow;
    private long strayBytes;
    private RtspMessage message;
    private int expected = -1;

    /**
     * Tells the next answer to a request that is repeated all the time as {@link #ACCEPTED} when it says no more than that,
     * which costs no allocation; any other answer is a {@link #MESSAGE} as always.
     *
     * @param cseq the request's number
     */
    public void expect(int cseq) {
        expected = cseq;
    }

    /**
     * Takes the next element between position and limit and moves the position behind it.
     *
     * @throws RtspException when the peer does not speak RTSP; the connection is of no further use
     */
    public int next(ByteBuffer in) throws RtspException {
        while (in.hasRemaining()) {
            int start = in.position();
            int first = in.get(start);
            if (first == '$') {
                return frame(in, start);
            }
            if (first == '\r' || first == '\n') {
                in.position(start + 1);
            } else if (isLetter(first)) {
                if (isExpected(in)) {
                    return ACCEPTED;
                }
                message = parser.parse(in);
                if (message != null) {
                    straysInRow = 0;
                    return MESSAGE;
                }
                return NEED_MORE;
            } else {
                skipStray(in);
            }
        }
        return NEED_MORE;
    }

    private boolean isExpected(ByteBuffer in) {
        int end = expected < 0 ? -1 : PlainAnswer.end(in, expected);
        if (end >= 0) {
            in.position(end);
            expected = -1;
            straysInRow = 0;
        }
        return end >= 0;
    }

    private int frame(ByteBuffer in, int start) {
        int left = in.limit() - start;
        if (left < 4) {
            return NEED_MORE;
        }
        int length = in.getShort(start + 2) & 0xFFFF;
        if (left < 4 + length) {
            return NEED_MORE;
        }
        channel = in.get(start + 1) & 0xFF;
        payloadOffset = start + 4;
        payloadLength = length;
        in.position(start + 4 + length);
        straysInRow = 0;
        return FRAME;
    }

    private void skipStray(ByteBuffer in) throws RtspException {
        in.position(in.position() + 1);
        strayBytes++;
        if (++straysInRow > STRAY_BYTES_MAX) {
            throw new RtspException("the peer does not speak RTSP: " + STRAY_BYTES_MAX + " bytes in a row are neither"
                    + " a message nor an interleaved frame");
        }
    }

    /** {@return channel of the last frame, 0 to 255} */
    public int channel() {
        return channel;
    }

    /** {@return absolute position of the last frame's payload in the buffer} */
    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }

    /** {@return the last message} */
    public RtspMessage message() {
        return message;
    }

    /** {@return bytes that belonged to nothing, so far} */
    public long strayBytes() {
        return strayBytes;
    }

    private static boolean isLetter(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }
}
