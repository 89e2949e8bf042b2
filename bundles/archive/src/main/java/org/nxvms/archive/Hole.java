// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.Archive.TimeRange;
import org.nxvms.platform.api.archive.FragmentEntry;

/**
 * Time within a chunk of which damage left nothing, longer than what needs no explanation (archive.md invariant 5). A
 * chunk's index tells it: there the times of two fragments do not meet.
 *
 * @param offset where the damaged bytes begin
 * @param bytes how many there are
 */
record Hole(long fromUs, long toUs, long offset, long bytes) {
    /** Repair looks no further than an hour for what follows damage; what claims to be later has a damaged time. */
    private static final long US_MAX = TimeUnit.HOURS.toMicros(2);

    /**
     * {@return whether these are bytes in ciphertext that are damaged, which stand for themselves in the index} A fragment of
     * one picture, the last before a crash, may have no duration and is footage.
     */
    static boolean isDamage(FragmentEntry one) {
        return one.durationUs() == 0 && one.accessUnits() == 0;
    }

    /** Finds the holes of a chunk, fragment by fragment. */
    static final class Finder {
        private static final long PRFT_BYTES = 32;

        private final long frontBytes;
        private final List<Hole> found = new ArrayList<>();
        private long endUs;
        private long end = -1;

        /** @param startUs when the chunk began */
        Finder(long startUs, boolean encrypted) {
            this.endUs = startUs;
            this.frontBytes = PRFT_BYTES + (encrypted ? CipherBox.BYTES : 0);
        }

        void next(FragmentEntry one, long moofOffset) {
            end = end < 0 ? one.offset() : end;
            if (isDamage(one)) {
                return;
            }
            long us = one.startUs() - endUs;
            // Where no byte is lost, the next picture came late: a camera may send one in some seconds.
            long lost = moofOffset - frontBytes - end;
            if (lost > 0 && us > GapLedger.UNEXPLAINED_US_MIN && us < US_MAX) {
                found.add(new Hole(endUs, one.startUs(), end, lost));
            }
            endUs = Math.max(endUs, one.startUs() + one.durationUs());
            end = one.offset() + one.length();
        }

        List<Hole> found() {
            return found;
        }
    }

    /** {@return the holes of a sealed chunk} */
    static List<Hole> in(ChunkName name, ChunkReader.Sealed sealed) {
        Finder finder = new Finder(name.startUs(), sealed.encrypted().isPresent());
        for (int i = 0; i < sealed.fragments().size(); i++) {
            finder.next(sealed.fragments().get(i), sealed.entries().get(i).moofOffset());
        }
        return finder.found();
    }

    /** {@return what is left of a stretch of time} */
    static List<TimeRange> without(long fromUs, long toUs, List<Hole> holes) {
        List<TimeRange> left = new ArrayList<>();
        long at = fromUs;
        for (Hole hole : holes) {
            if (hole.fromUs() > at) {
                left.add(new TimeRange(at, hole.fromUs()));
            }
            at = Math.max(at, hole.toUs());
        }
        if (at < toUs) {
            left.add(new TimeRange(at, toUs));
        }
        return left;
    }
}
