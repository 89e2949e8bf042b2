// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * A view of one RTP packet (RFC 3550 5.1) at absolute positions of a buffer. Reused from packet to packet; valid until the
 * next {@link #parse}. One thread at a time.
 */
public final class RtpHeader {
    private int payloadOffset;
    private int payloadLength;
    private int sequence;
    private long timestamp;
    private int ssrc;
    private int payloadType;
    private boolean marker;
    private int extensionProfile;
    private int extensionOffset;
    private int extensionLength;

    /** Reads the header; {@return false when these bytes are no RTP packet}. The buffer's position is left alone. */
    public boolean parse(ByteBuffer in, int offset, int length) {
        if (length < 12) {
            return false;
        }
        int first = in.get(offset) & 0xFF;
        if (first >> 6 != 2) {
            return false;
        }
        int second = in.get(offset + 1) & 0xFF;
        int end = length;
        if ((first & 0x20) != 0) {
            int padding = in.get(offset + length - 1) & 0xFF;
            if (padding == 0 || padding > length - 12) {
                return false;
            }
            end -= padding;
        }
        int header = 12 + 4 * (first & 0x0F);
        int profile = -1;
        int extension = header;
        if ((first & 0x10) != 0) {
            if (header + 4 > end) {
                return false;
            }
            profile = in.getShort(offset + header) & 0xFFFF;
            extension = header + 4;
            header = extension + 4 * (in.getShort(offset + header + 2) & 0xFFFF);
        }
        if (header > end) {
            return false;
        }
        extensionProfile = profile;
        extensionOffset = offset + extension;
        extensionLength = header - extension;
        marker = (second & 0x80) != 0;
        payloadType = second & 0x7F;
        sequence = in.getShort(offset + 2) & 0xFFFF;
        timestamp = in.getInt(offset + 4) & 0xFFFF_FFFFL;
        ssrc = in.getInt(offset + 8);
        payloadOffset = offset + header;
        payloadLength = end - header;
        return true;
    }

    /** {@return absolute position of the payload in the buffer} */
    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }

    /** {@return 0 to 65535} */
    public int sequence() {
        return sequence;
    }

    /** {@return 0 to 2^32-1} */
    public long timestamp() {
        return timestamp;
    }

    public int ssrc() {
        return ssrc;
    }

    public int payloadType() {
        return payloadType;
    }

    public boolean marker() {
        return marker;
    }

    /** {@return what the header extension is of, 0 to 65535 (RFC 3550 5.3.1); -1 when there is none} */
    public int extensionProfile() {
        return extensionProfile;
    }

    /** {@return absolute position of the header extension's content in the buffer} */
    public int extensionOffset() {
        return extensionOffset;
    }

    /** {@return bytes of the header extension's content, 0 when there is none} */
    public int extensionLength() {
        return extensionLength;
    }
}
