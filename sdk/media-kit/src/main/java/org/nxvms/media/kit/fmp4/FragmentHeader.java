// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A parsed {@code moof}.
 *
 * @param sequence fragment number
 * @param tracks one table per track present
 */
public record FragmentHeader(int sequence, List<SampleTable> tracks) {
    /** Largest {@code moof} that is read: 170 000 samples. Ours are a few kilobytes. */
    public static final int MOOF_BYTES_MAX = 4 << 20;

    private static final int TRACKS_MAX = 16;
    /** Of all tracks together; a fragment of hours has fewer. */
    private static final int SAMPLES_MAX = 1 << 18;

    public FragmentHeader {
        tracks = List.copyOf(tracks);
    }

    /** {@return the table of one track, from 0} */
    public Optional<SampleTable> track(int number) {
        return tracks.stream().filter(table -> table.trackId() == number + 1).findFirst();
    }

    /**
     * {@return the track whose access unit lies first; empty when there is none} The archive's index, as {@code prft} before the
     * fragment, tells when that one was taken: where pictures are rare it is sound.
     */
    public Optional<SampleTable> first() {
        return tracks.stream().filter(table -> table.count() > 0).min(Comparator.comparingLong(table -> table.offset()[
                0]));
    }

    /** {@return access units of all tracks together} */
    public int samples() {
        return tracks.stream().mapToInt(SampleTable::count).sum();
    }

    /** {@return where the last access unit ends, in bytes from the first byte of {@code moof}} */
    public long dataEnd() {
        long end = 0;
        for (SampleTable table : tracks) {
            for (int i = 0; i < table.count(); i++) {
                end = Math.max(end, table.offset()[i] + table.size()[i]);
            }
        }
        return end;
    }

    /** Parses the {@code moof} box that fills the buffer from its position to its limit. */
    public static FragmentHeader parse(ByteBuffer moof) throws Mp4Exception {
        BoxCursor top = new BoxCursor(moof, moof.position(), moof.limit());
        if (!top.next() || top.type() != Boxes.MOOF) {
            throw new Mp4Exception("not a moof box");
        }
        int sequence = 0;
        int samples = 0;
        List<SampleTable> tracks = new ArrayList<>();
        for (BoxCursor box = top.children(); box.next(); ) {
            if (box.type() == Boxes.MFHD) {
                sequence = box.content(4, 4).getInt();
            } else if (box.type() == Boxes.TRAF) {
                if (tracks.size() == TRACKS_MAX) {
                    throw new Mp4Exception("moof with more than " + TRACKS_MAX + " tracks");
                }
                SampleTable table = new TrafParser(SAMPLES_MAX - samples).parse(box);
                samples += table.count();
                tracks.add(table);
            }
        }
        return new FragmentHeader(sequence, tracks);
    }
}
