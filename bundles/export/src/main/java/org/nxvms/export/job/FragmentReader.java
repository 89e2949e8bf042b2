// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;

/** Reads one fragment after the other into the same memory. One thread. */
final class FragmentReader {
    /** Of any fragment there is: 0.7 s at more than 700 Mbit/s. */
    private static final int FRAGMENT_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 2 << 20;
    private static final int MOOF = 0x6d6f6f66;
    private static final int MDAT = 0x6d646174;

    private final Toll toll;
    /** Direct, so that what the disk has is copied once. */
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    FragmentReader(Toll toll) {
        this.toll = toll;
    }

    /**
     * {@return the fragment from its {@code moof} to the end of its {@code mdat}; valid until the next is read} Before it stand
     * boxes about the fragment's place on the disk and its old times.
     *
     * @throws Mp4Exception when it is damaged
     */
    ByteBuffer read(Archive.SegmentBytes bytes, FragmentEntry fragment)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        int length = fragment.length();
        if (length > FRAGMENT_BYTES_MAX) {
            throw new UnreadableException(
                    "the fragment at byte " + fragment.offset() + " claims " + length + " bytes", null);
        }
        if (buffer.capacity() < length) {
            buffer = ByteBuffer.allocateDirect(Math.min(FRAGMENT_BYTES_MAX, Integer.highestOneBit(length) * 2));
        }
        buffer.clear().limit(length);
        while (buffer.hasRemaining()) {
            long from = fragment.offset() + buffer.position();
            if (CameraPart.reading(toll, () -> bytes.read(buffer, from)) <= 0) {
                throw new UnreadableException("the fragment at byte " + fragment.offset() + " breaks off", null);
            }
        }
        buffer.flip();
        return buffer.position(box(MOOF));
    }

    /** {@return the {@code moof} of the fragment that was read} */
    ByteBuffer moof() throws Mp4Exception {
        int moof = box(MOOF);
        return buffer.slice(moof, box(MDAT) - moof);
    }

    /** {@return where a box of the fragment begins} */
    private int box(int type) throws Mp4Exception {
        for (int at = 0; at + 8 <= buffer.limit(); ) {
            if (buffer.getInt(at + 4) == type) {
                return at;
            }
            int bytes = buffer.getInt(at);
            if (bytes < 8 || bytes > buffer.limit() - at) {
                break;
            }
            at += bytes;
        }
        throw new Mp4Exception("a fragment without its boxes");
    }
}
