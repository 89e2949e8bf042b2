// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;

/**
 * Reads the two facts of a fragment header that the index needs and the caller does not tell, without allocation: where
 * the {@code moof} begins behind a {@code prft}, and the presentation time of the first access unit of track 1
 * (ISO/IEC 14496-12 8.8). One thread at a time.
 */
final class FragmentPeek {
    private static final int MOOF = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'f';
    private static final int TRAF = 't' << 24 | 'r' << 16 | 'a' << 8 | 'f';
    private static final int TFHD = 't' << 24 | 'f' << 16 | 'h' << 8 | 'd';
    private static final int TFDT = 't' << 24 | 'f' << 16 | 'd' << 8 | 't';
    private static final int TRUN = 't' << 24 | 'r' << 16 | 'u' << 8 | 'n';
    private static final int COMPOSITION = 0x800;

    private int moofOffset;
    private long presentationTime;
    private int trackId;
    private long decodeTime;
    private boolean found;

    /**
     * Reads the header at the buffer's position without consuming it.
     *
     * @throws IllegalArgumentException when no {@code moof} stands there; nothing was written yet
     */
    void read(ByteBuffer header) {
        moofOffset = -1;
        presentationTime = 0;
        found = false;
        int start = header.position();
        int at = start;
        while (moofOffset < 0) {
            if (header.limit() - at < 8) {
                throw new IllegalArgumentException("a fragment must begin with moof, optionally behind prft");
            }
            int size = header.getInt(at);
            if (size < 8 || size > header.limit() - at) {
                throw new IllegalArgumentException("a box in the fragment's header claims " + size + " bytes");
            }
            if (header.getInt(at + 4) == MOOF) {
                moofOffset = at - start;
                walk(header, at + 8, at + size, MOOF);
            }
            at += size;
        }
    }

    private void walk(ByteBuffer in, int from, int to, int parent) {
        int at = from;
        while (to - at >= 8 && !found) {
            int size = in.getInt(at);
            if (size < 8 || size > to - at) {
                throw new IllegalArgumentException("a box in the fragment's header claims " + size + " bytes");
            }
            int type = in.getInt(at + 4);
            if (type == TRAF && parent == MOOF) {
                trackId = 0;
                decodeTime = 0;
                walk(in, at + 8, at + size, TRAF);
            } else if (type == TFHD && size >= 16) {
                trackId = in.getInt(at + 12);
            } else if (type == TFDT && size >= 16) {
                boolean wide = in.get(at + 8) == 1 && size >= 20;
                decodeTime = wide ? in.getLong(at + 12) : Integer.toUnsignedLong(in.getInt(at + 12));
            } else if (type == TRUN && size >= 16 && trackId == 1) {
                presentationTime = decodeTime + composition(in, at, size);
                found = true;
            }
            at += size;
        }
    }

    private static int composition(ByteBuffer in, int at, int size) {
        int flags = in.getInt(at + 8) & 0xFFFFFF;
        if ((flags & COMPOSITION) == 0) {
            return 0;
        }
        int offset = 16 + 4 * Integer.bitCount(flags & 0x5) + 4 * Integer.bitCount(flags & 0x700);
        return size >= offset + 4 ? in.getInt(at + offset) : 0;
    }

    /** {@return bytes before the moof} */
    int moofOffset() {
        return moofOffset;
    }

    long presentationTime() {
        return presentationTime;
    }
}
