// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;

/**
 * Whether a chunk broke off before its first fragment was whole, so that it holds nothing. It is then box by box what a
 * recorder begins a chunk with, the last of them not whole. Whatever is not exactly so may be damaged footage, and stays.
 */
final class BrokenBeginning {
    private static final int FTYP = 'f' << 24 | 't' << 16 | 'y' << 8 | 'p';
    private static final int MOOV = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'v';
    private static final int UUID_BOX = 'u' << 24 | 'u' << 16 | 'i' << 8 | 'd';
    private static final int PRFT = 'p' << 24 | 'r' << 16 | 'f' << 8 | 't';
    private static final int MOOF = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'f';
    private static final int MDAT = 'm' << 24 | 'd' << 16 | 'a' << 8 | 't';
    private static final int PRFT_BYTES = 32;
    private static final int UUID_BYTES_MAX = 256;
    private static final int BLOCK_BYTES = 64 << 10;
    /** What never reached the disk reads as zeros; fewer may be the end of something. */
    private static final int ZEROS_MIN = 32;

    private final ReadableChannel file;
    /** What an mdat must be long; -1 before its moof. */
    private long mdatBytes = -1;

    private BrokenBeginning(ReadableChannel file) {
        this.file = file;
    }

    static boolean is(ReadableChannel file) throws IOException {
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
            if (type == MDAT) {
                return !isWhole;
            }
            if (isFootageIn(at + 8, Math.min(at + size, end))) {
                return false;
            }
            if (type == MOOF && isWhole) {
                mdatBytes = FragmentHeader.parse(read(at, (int) size)).dataEnd() - size;
            }
            at += size;
        }
        return true;
    }

    private boolean isExpected(int type, long size) {
        return switch (type) {
            case FTYP, MOOV -> mdatBytes < 0 && size >= 8 && size <= InitReader.INIT_BYTES_MAX;
            case UUID_BOX -> mdatBytes < 0 && size >= CipherBox.BYTES && size <= UUID_BYTES_MAX;
            case PRFT -> mdatBytes < 0 && size == PRFT_BYTES;
            case MOOF -> mdatBytes < 0 && size >= 8 && size <= FragmentHeader.MOOF_BYTES_MAX;
            case MDAT -> size == mdatBytes;
            default -> false;
        };
    }

    /** A damaged length may make a box reach over others. */
    private boolean isFootageIn(long from, long to) throws IOException {
        for (long at = from; to - at >= 4; at += BLOCK_BYTES - 3) {
            ByteBuffer block = read(at, (int) Math.min(BLOCK_BYTES, to - at));
            for (int i = 0; i + 4 <= block.limit(); i++) {
                int type = block.getInt(i);
                if (type == MOOF || type == MDAT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return the size of the file without the zeros it ends with} */
    private long written() throws IOException {
        long size = file.size();
        long end = size;
        while (end > 0) {
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
        ByteBuffer block = ByteBuffer.allocate(bytes);
        while (block.hasRemaining() && file.read(block, at + block.position()) >= 0) {
            // until the block is full or the file ends
        }
        return block.flip();
    }
}
