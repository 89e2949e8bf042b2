// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;

/** Reads parts as a player would. */
final class Received {
    private static final int MOOF = 0x6d6f6f66;

    private Received() {}

    /** The moofs of some parts one after the other, and where each begins. */
    private static List<Integer> moofs(ByteBuffer bytes) {
        List<Integer> moofs = new ArrayList<>();
        for (int at = bytes.position(); at < bytes.limit(); at += bytes.getInt(at)) {
            if (bytes.getInt(at + 4) == MOOF) {
                moofs.add(at);
            }
        }
        return moofs;
    }

    private static FragmentHeader header(ByteBuffer bytes, int moof) {
        try {
            return FragmentHeader.parse(bytes.duplicate()
                    .position(moof)
                    .limit(moof + bytes.getInt(moof))
                    .slice());
        } catch (Mp4Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Numbers of the pictures, which stand in the first four bytes of each. */
    static List<Integer> pictures(ByteBuffer bytes) {
        List<Integer> numbers = new ArrayList<>();
        for (int moof : moofs(bytes)) {
            header(bytes, moof).track(0).ifPresent(table -> {
                for (long offset : table.offset()) {
                    numbers.add(bytes.getInt(moof + (int) offset));
                }
            });
        }
        return numbers;
    }

    /** The tables of a track, numbered from 0, in all fragments that have one. */
    static List<SampleTable> tables(ByteBuffer bytes, int track) {
        return moofs(bytes).stream()
                .flatMap(moof -> header(bytes, moof).track(track).stream())
                .toList();
    }
}
