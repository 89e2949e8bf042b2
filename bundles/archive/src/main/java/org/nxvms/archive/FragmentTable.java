// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.platform.api.archive.FragmentEntry;

/** The fragments of one chunk, as columns. Not safe for several threads; {@link OpenChunk} guards it. */
final class FragmentTable {
    /** Five minutes of three fragments in two seconds are 450: made when the chunk begins, not while it is written. */
    private static final int START_CAPACITY = 512;

    private int count;
    private long[] offset = new long[START_CAPACITY];
    private int[] bytes = new int[START_CAPACITY];
    private int[] moofOffset = new int[START_CAPACITY];
    private long[] startUs = new long[START_CAPACITY];
    private long[] durationUs = new long[START_CAPACITY];
    private long[] presentationTime = new long[START_CAPACITY];
    private boolean[] key = new boolean[START_CAPACITY];
    private int[] accessUnits = new int[START_CAPACITY];
    private byte[] hashes = new byte[START_CAPACITY * HashChain.HASH_BYTES];
    private long accessUnitsTotal;

    /** Makes room for one more; {@return its number}. Until {@link #commit} it does not count. */
    int reserve() {
        if (count == offset.length) {
            int capacity = count * 2;
            offset = Arrays.copyOf(offset, capacity);
            bytes = Arrays.copyOf(bytes, capacity);
            moofOffset = Arrays.copyOf(moofOffset, capacity);
            startUs = Arrays.copyOf(startUs, capacity);
            durationUs = Arrays.copyOf(durationUs, capacity);
            presentationTime = Arrays.copyOf(presentationTime, capacity);
            key = Arrays.copyOf(key, capacity);
            accessUnits = Arrays.copyOf(accessUnits, capacity);
            hashes = Arrays.copyOf(hashes, capacity * HashChain.HASH_BYTES);
        }
        return count;
    }

    void place(long fragmentOffset, int fragmentBytes, int moofFrom, long fragmentPresentationTime) {
        int i = reserve();
        offset[i] = fragmentOffset;
        bytes[i] = fragmentBytes;
        moofOffset[i] = moofFrom;
        presentationTime[i] = fragmentPresentationTime;
    }

    void commit(long fragmentStartUs, long fragmentDurationUs, boolean isKey, int fragmentAccessUnits) {
        startUs[count] = fragmentStartUs;
        durationUs[count] = fragmentDurationUs;
        key[count] = isKey;
        accessUnits[count] = fragmentAccessUnits;
        accessUnitsTotal += fragmentAccessUnits;
        count++;
    }

    /** Forgets the fragments from {@code first} on. */
    void cutTo(int first) {
        for (int i = first; i < count; i++) {
            accessUnitsTotal -= accessUnits[i];
        }
        count = Math.min(count, first);
    }

    int count() {
        return count;
    }

    long offset(int i) {
        return offset[i];
    }

    int bytes(int i) {
        return bytes[i];
    }

    long firstStartUs() {
        return startUs[0];
    }

    /** {@return wall time up to which fragments lie within the first {@code wholeBytes}} */
    long endUsWithin(long wholeBytes) {
        int within = count;
        while (within > 0 && offset[within - 1] + bytes[within - 1] > wholeBytes) {
            within--;
        }
        return within == 0 ? firstStartUs() : startUs[within - 1] + durationUs[within - 1];
    }

    long endUs() {
        return count == 0 ? 0 : startUs[count - 1] + durationUs[count - 1];
    }

    long accessUnitsTotal() {
        return accessUnitsTotal;
    }

    /** {@return the array that holds the hashes; the one of fragment i at {@code i * 32}} */
    byte[] hashes() {
        return hashes;
    }

    int[] accessUnits() {
        return Arrays.copyOf(accessUnits, count);
    }

    List<FragmentEntry> entries() {
        List<FragmentEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(i));
        }
        return entries;
    }

    private FragmentEntry entry(int i) {
        return new FragmentEntry(offset[i], bytes[i], startUs[i], durationUs[i], key[i], accessUnits[i]);
    }

    /** {@return the fragment in which a byte of the file lies} */
    Optional<FragmentEntry> at(long fileOffset) {
        int found = Arrays.binarySearch(offset, 0, count, fileOffset);
        int i = found >= 0 ? found : -found - 2;
        return i >= 0 && fileOffset < offset[i] + bytes[i] ? Optional.of(entry(i)) : Optional.empty();
    }

    /** @param chunkStartUs when the chunk began */
    List<Hole> holes(long chunkStartUs, boolean encrypted) {
        Hole.Finder finder = new Hole.Finder(chunkStartUs, encrypted);
        for (int i = 0; i < count; i++) {
            finder.next(entry(i), offset[i] + moofOffset[i]);
        }
        return finder.found();
    }

    List<FragmentIndex.Entry> indexEntries() {
        List<FragmentIndex.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int hash = i * HashChain.HASH_BYTES;
            entries.add(new FragmentIndex.Entry(
                    offset[i],
                    bytes[i],
                    offset[i] + moofOffset[i],
                    startUs[i],
                    durationUs[i],
                    presentationTime[i],
                    key[i],
                    Arrays.copyOfRange(hashes, hash, hash + HashChain.HASH_BYTES)));
        }
        return entries;
    }
}
