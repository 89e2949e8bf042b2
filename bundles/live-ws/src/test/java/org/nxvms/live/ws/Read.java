// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.Prft;
import org.nxvms.media.kit.fmp4.SampleTable;

/** Reads fragments as a player would. */
final class Read {
    private static final int PRFT = 0x70726674;
    private static final int MOOF = 0x6d6f6f66;

    private Read() {}

    private static ByteBuffer box(ByteBuffer fragment, int type) {
        int at = fragment.position();
        while (at < fragment.limit()) {
            int size = fragment.getInt(at);
            if (fragment.getInt(at + 4) == type) {
                return fragment.duplicate().position(at).limit(at + size).slice();
            }
            at += size;
        }
        throw new IllegalArgumentException("no such box");
    }

    static long wallUs(ByteBuffer fragment) {
        try {
            return Prft.wallUs(box(fragment, PRFT));
        } catch (Mp4Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Of which track a fragment tells when its first access unit was taken, and when that was. */
    record Timed(int trackId, long wallUs) {}

    static Timed timed(ByteBuffer fragment) {
        return new Timed(box(fragment, PRFT).getInt(12), wallUs(fragment));
    }

    /** The one table of a live fragment. */
    static SampleTable samples(ByteBuffer fragment) {
        try {
            FragmentHeader header = FragmentHeader.parse(box(fragment, MOOF));
            return header.tracks().get(0);
        } catch (Mp4Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The number in the first four bytes of the payload. */
    static int pictureNumber(ByteBuffer fragment) {
        int moofAt = fragment.getInt(fragment.position());
        return fragment.getInt(
                fragment.position() + moofAt + (int) samples(fragment).offset()[0]);
    }
}
