// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Whether a chunk broke off before its first fragment was whole, so that it holds nothing. It is then box by box what a
 * recorder begins a chunk with, the last of them not whole. Whatever is not exactly so may be damaged footage, and stays.
 */
public final class BrokenBeginning {
    private static final int UUID_BYTES_MAX = 256;
    private static final int BLOCK_BYTES = 64 << 10;
    /** What never reached the disk reads as zeros; fewer may be the end of something. */
    private static final int ZEROS_MIN = 32;

    private final FileChannel file;
    /** What an mdat must be long; -1 before its moof. */
    private long mdatBytes = -1;

    private BrokenBeginning(FileChannel file) {
        this.file = file;
    }

    /** {@return whether it holds nothing} Blocks while it reads; leaves the channel's position alone. */
    public static boolean is(FileChannel file) throws IOException {
        try {
            return new BrokenBeginning(file).isBroken();
        } catch (Mp4Exception damaged) {
            return false;
        }
    }

    private boolean isBroken() throws IOException, Mp4Exception {
        long end = written();
        for (long at = 0; end - at >= 8; ) {
            ByteBuffer header = read(at, 8);
            long size = Integer.toUnsignedLong(header.getInt(0));
            int type = header.getInt(4);
            if (!isExpected(type, size)) {
                return false;
            }
            boolean isWhole = size <= end - at;
            if (type == Boxes.MDAT) {
                return !isWhole;
            }
            if (isFootageIn(at + 8, Math.min(at + size, end))) {
                return false;
            }
            if (type == Boxes.MOOF && isWhole) {
                mdatBytes = FragmentHeader.parse(read(at, (int) size)).dataEnd() - size;
            }
            at += size;
        }
        return true;
    }

    private boolean isExpected(int type, long size) {
        if (type == Boxes.MDAT || mdatBytes >= 0) {
            return type == Boxes.MDAT && size == mdatBytes;
        }
        if (type == Boxes.UUID_BOX) {
            return size >= CipherBox.BYTES && size <= UUID_BYTES_MAX;
        }
        if (type == Boxes.PRFT) {
            return size == ChunkScan.PRFT_BYTES;
        }
        if (type == Boxes.MOOF) {
            return size >= 8 && size <= FragmentHeader.MOOF_BYTES_MAX;
        }
        return (type == Boxes.FTYP || type == Boxes.MOOV) && size >= 8 && size <= InitReader.INIT_BYTES_MAX;
    }

    /** A damaged length may make a box reach over others. */
    private boolean isFootageIn(long from, long to) throws IOException {
        for (long at = from; to - at >= 4; at += BLOCK_BYTES - 3) {
            ByteBuffer block = read(at, (int) Math.min(BLOCK_BYTES, to - at));
            for (int i = 0; i + 4 <= block.limit(); i++) {
                int type = block.getInt(i);
                if (type == Boxes.MOOF || type == Boxes.MDAT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return the size of the file without the zeros it ends with} */
    private long written() throws IOException, Mp4Exception {
        long size = file.size();
        long end = size;
        while (end > 0) {
            if (size - end > ChunkScan.SEARCH_BYTES_MAX) {
                throw new Mp4Exception("more zeros than a chunk has bytes");
            }
            long from = Math.max(0, end - BLOCK_BYTES);
            ByteBuffer block = read(from, (int) (end - from));
            int last = block.limit() - 1;
            while (last >= 0 && block.get(last) == 0) {
                last--;
            }
            end = from + last + 1;
            if (last >= 0) {
                break;
            }
        }
        return size - end < ZEROS_MIN ? size : end;
    }

    private ByteBuffer read(long at, int bytes) throws IOException {
        return ChunkScan.read(file, at, bytes);
    }
}
