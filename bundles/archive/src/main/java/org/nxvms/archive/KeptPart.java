// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.FragmentHeader;

/**
 * A part of a chunk that a repair keeps; parts stand one behind the other, as an index wants it. Bytes that are damaged
 * belong to the fragment behind them, or in an encrypted chunk, where a fragment opens at its own place only, are a part
 * without access units.
 *
 * @param from where it begins, damaged bytes included
 * @param fragment what it ends with
 */
record KeptPart(long from, ChunkScan.Fragment fragment) {
    private static final FragmentHeader NOTHING = new FragmentHeader(0, List.of());
    /** What stands in front of the moof of an encrypted fragment: of such, only that can be damaged. */
    private static final int FRONT_BYTES = CipherBox.BYTES + 32;

    long end() {
        return fragment.offset() + fragment.bytes();
    }

    long bytes() {
        return end() - from;
    }

    /** {@return how many bytes in front of the fragment belong to none} */
    long damagedBytes() {
        return fragment.offset() - from;
    }

    /** {@return the same bytes, of which none can be read} */
    KeptPart damaged() {
        return damage(from, bytes());
    }

    private static KeptPart damage(long from, long bytes) {
        return new KeptPart(from, new ChunkScan.Fragment(from, bytes, from, 0, NOTHING));
    }

    boolean isDamage() {
        return fragment.header().tracks().isEmpty();
    }

    /** Parts of a chunk in the clear, from the end of its head on. */
    static List<KeptPart> plain(List<ChunkScan.Fragment> sound, long headEnd) throws ChunkReader.DamagedException {
        List<KeptPart> parts = new ArrayList<>(sound.size());
        long before = headEnd;
        for (ChunkScan.Fragment one : sound) {
            parts.add(new KeptPart(before, one).bounded());
            before = one.offset() + one.bytes();
        }
        return parts;
    }

    /** Parts of an encrypted chunk, from the end of its head on. */
    static List<KeptPart> encrypted(List<ChunkScan.Fragment> all, long headEnd) throws ChunkReader.DamagedException {
        List<KeptPart> parts = new ArrayList<>(all.size());
        long before = headEnd;
        for (ChunkScan.Fragment one : all) {
            long gap = one.offset() - before;
            if (gap > FRONT_BYTES) {
                parts.add(damage(before, gap).bounded());
                before = one.offset();
            }
            parts.add(new KeptPart(before, one).bounded());
            before = one.offset() + one.bytes();
        }
        return parts;
    }

    private KeptPart bounded() throws ChunkReader.DamagedException {
        if (bytes() > Integer.MAX_VALUE) {
            throw new ChunkReader.DamagedException(bytes() + " bytes from " + from + " on hold one fragment only");
        }
        return this;
    }
}
