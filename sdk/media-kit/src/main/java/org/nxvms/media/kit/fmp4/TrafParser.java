// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads one {@code traf} (ISO/IEC 14496-12 8.8.6 to 8.8.12) into a table. The box's own size bounds the memory. */
final class TrafParser {
    private static final int START_CAPACITY = 64;
    private final int samplesMax;
    private int trackId;
    private int defaultDuration;
    private int defaultSize;
    private int defaultFlags = Boxes.FLAGS_SYNC;
    private long clock;
    private long position;

    private int count;
    private long[] offset = new long[START_CAPACITY];
    private int[] size = new int[START_CAPACITY];
    private long[] dts = new long[START_CAPACITY];
    private long[] pts = new long[START_CAPACITY];
    private int[] duration = new int[START_CAPACITY];
    private boolean[] key = new boolean[START_CAPACITY];

    /** @param samplesMax more are refused: default sizes let a few bytes claim many */
    TrafParser(int samplesMax) {
        this.samplesMax = samplesMax;
    }

    SampleTable parse(BoxCursor traf) throws Mp4Exception {
        for (BoxCursor box = traf.children(); box.next(); ) {
            if (box.type() == Boxes.TFHD) {
                tfhd(box);
            } else if (box.type() == Boxes.TFDT) {
                ByteBuffer in = box.content(0, 8);
                boolean wide = in.getInt() >>> 24 == 1;
                if (wide && in.remaining() < 8) {
                    throw new Mp4Exception("tfdt box is too short");
                }
                clock = wide ? in.getLong() : Integer.toUnsignedLong(in.getInt());
            } else if (box.type() == Boxes.TRUN) {
                trun(box);
            }
        }
        if (trackId < 1) {
            throw new Mp4Exception("traf without a track id");
        }
        return new SampleTable(
                trackId,
                Arrays.copyOf(offset, count),
                Arrays.copyOf(size, count),
                Arrays.copyOf(dts, count),
                Arrays.copyOf(pts, count),
                Arrays.copyOf(duration, count),
                Arrays.copyOf(key, count));
    }

    private void tfhd(BoxCursor box) throws Mp4Exception {
        ByteBuffer in = box.content(0, 8);
        int flags = in.getInt() & 0xFFFFFF;
        trackId = in.getInt();
        skipIf(in, (flags & 1) != 0, 8);
        skipIf(in, (flags & 2) != 0, 4);
        defaultDuration = (flags & 8) != 0 ? int32(in) : 0;
        defaultSize = (flags & 0x10) != 0 ? int32(in) : 0;
        defaultFlags = (flags & 0x20) != 0 ? int32(in) : Boxes.FLAGS_SYNC;
    }

    private void trun(BoxCursor box) throws Mp4Exception {
        ByteBuffer in = box.content(0, 8);
        int head = in.getInt();
        int flags = head & 0xFFFFFF;
        long samples = Integer.toUnsignedLong(in.getInt());
        if ((flags & 1) != 0) {
            position = int32(in);
        }
        int firstFlags = (flags & 4) != 0 ? int32(in) : 0;
        int each = 4 * Integer.bitCount(flags & 0xF00);
        if (samples * each > in.remaining() || count + samples > samplesMax) {
            throw new Mp4Exception("trun claims " + samples + " samples in " + in.remaining() + " bytes");
        }
        for (int i = 0; i < samples; i++) {
            grow();
            duration[count] = (flags & 0x100) != 0 ? in.getInt() : defaultDuration;
            size[count] = (flags & 0x200) != 0 ? in.getInt() : defaultSize;
            int own = (flags & 0x400) != 0 ? in.getInt() : i == 0 && (flags & 4) != 0 ? firstFlags : defaultFlags;
            int shift = (flags & 0x800) != 0 ? in.getInt() : 0;
            if (size[count] < 0 || position < 0) {
                throw new Mp4Exception(
                        "trun with a sample of " + Integer.toUnsignedString(size[count]) + " bytes at " + position);
            }
            key[count] = (own & 0x10000) == 0;
            dts[count] = clock;
            pts[count] = clock + (head >>> 24 == 0 ? Integer.toUnsignedLong(shift) : shift);
            offset[count] = position;
            position += size[count];
            clock += Integer.toUnsignedLong(duration[count]);
            count++;
        }
    }

    private void grow() {
        if (count == size.length) {
            int capacity = count * 2;
            offset = Arrays.copyOf(offset, capacity);
            size = Arrays.copyOf(size, capacity);
            dts = Arrays.copyOf(dts, capacity);
            pts = Arrays.copyOf(pts, capacity);
            duration = Arrays.copyOf(duration, capacity);
            key = Arrays.copyOf(key, capacity);
        }
    }

    private static void skipIf(ByteBuffer in, boolean present, int bytes) throws Mp4Exception {
        if (present) {
            if (in.remaining() < bytes) {
                throw new Mp4Exception("tfhd box is too short");
            }
            in.position(in.position() + bytes);
        }
    }

    private static int int32(ByteBuffer in) throws Mp4Exception {
        if (in.remaining() < 4) {
            throw new Mp4Exception("fragment header box is too short");
        }
        return in.getInt();
    }
}
