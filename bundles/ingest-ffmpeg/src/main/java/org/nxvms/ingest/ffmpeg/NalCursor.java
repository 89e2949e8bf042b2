// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;

/**
 * Walks the NAL units of a packet: behind start codes (ITU-T H.264 annex B) or behind lengths (ISO/IEC 14496-15 5.3.2). Whatever
 * the bytes say, every unit lies within the packet and the walk ends. Allocates nothing.
 */
final class NalCursor {
    private ByteBuffer packet;
    private int lengthBytes;
    private int at;
    private int end;
    private int offset;
    private int length;

    /** @param lengthBytes bytes of each length, 1 to 4; 0 for start codes */
    void start(ByteBuffer newPacket, int newLengthBytes) {
        packet = newPacket;
        lengthBytes = newLengthBytes;
        at = newPacket.position();
        end = newPacket.limit();
        if (lengthBytes == 0) {
            at = startCode(at);
        }
    }

    /** {@return whether there is another unit} */
    boolean next() {
        return lengthBytes == 0 ? nextStartCode() : nextLength();
    }

    /** {@return absolute position of the unit's first byte} */
    int offset() {
        return offset;
    }

    /** {@return bytes of the unit, at least 1} */
    int length() {
        return length;
    }

    private boolean nextLength() {
        while (end - at > lengthBytes) {
            long told = 0;
            for (int i = 0; i < lengthBytes; i++) {
                told = told << 8 | packet.get(at + i) & 0xFF;
            }
            at += lengthBytes;
            if (told > end - at) {
                at = end;
                return false;
            }
            offset = at;
            length = (int) told;
            at += length;
            if (length > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean nextStartCode() {
        while (at < end) {
            offset = at + 3;
            int next = startCode(offset);
            int last = next;
            // Zeros before a start code belong to nobody (trailing_zero_8bits, and the long start code's first).
            while (last > offset && packet.get(last - 1) == 0) {
                last--;
            }
            at = next;
            length = last - offset;
            if (length > 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return position of the next 00 00 01 from {@code from} on, or the packet's end} */
    private int startCode(int from) {
        int i = from;
        while (i + 2 < end) {
            int third = packet.get(i + 2);
            if (third > 1 || third < 0) {
                i += 3;
            } else if (third == 1 && packet.get(i) == 0 && packet.get(i + 1) == 0) {
                return i;
            } else {
                i++;
            }
        }
        return end;
    }
}
