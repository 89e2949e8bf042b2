// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;

/** The pictures of one fragment. */
final class FragmentPictures {
    private static final int MOOF = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'f';

    private FragmentPictures() {}

    /** {@return the number of the track with pictures, from 0} */
    static int track(StreamFormat format) throws Mp4Exception {
        for (int i = 0; i < format.tracks().size(); i++) {
            if (format.tracks().get(i).isVideo()) {
                return i;
            }
        }
        throw new Mp4Exception("no track of pictures");
    }

    /**
     * {@return the pictures in the order of their decoding; their bytes are the buffer's}
     *
     * @param fragment its {@code moof} and its {@code mdat}, and what stands before them, from position to limit
     * @param startUs when the first one is shown that comes first
     */
    static List<Picture> of(StreamFormat format, ByteBuffer fragment, long startUs) throws Mp4Exception {
        ByteBuffer moofAndMdat = fromMoof(fragment);
        int moof = moofAndMdat.position();
        int size = moofAndMdat.getInt(moof);
        if (size < 8 || size > moofAndMdat.remaining()) {
            throw new Mp4Exception("a moof of " + size + " bytes in a fragment of " + moofAndMdat.remaining());
        }
        int track = track(format);
        FragmentHeader header = FragmentHeader.parse(moofAndMdat.slice(moof, size));
        TrackFormat video = format.tracks().get(track);
        List<Picture> pictures = new ArrayList<>();
        SampleTable table = header.track(track).orElse(null);
        if (table == null || table.count() == 0) {
            return pictures;
        }
        long first = table.presentationTime()[0];
        for (int i = 0; i < table.count(); i++) {
            long offset = table.offset()[i];
            if (offset < size || offset + table.size()[i] > moofAndMdat.remaining()) {
                throw new Mp4Exception("a picture that lies outside its fragment");
            }
            long us = startUs + us(table.presentationTime()[i] - first, video.clockRate());
            long durationUs = us(Integer.toUnsignedLong(table.duration()[i]), video.clockRate());
            ByteBuffer data = moofAndMdat.slice(moof + (int) offset, table.size()[i]);
            pictures.add(new Picture(us, durationUs, table.key()[i], data));
        }
        return pictures;
    }

    /** In the archive a {@code prft} stands before it. */
    private static ByteBuffer fromMoof(ByteBuffer fragment) throws Mp4Exception {
        ByteBuffer at = fragment.duplicate();
        while (at.remaining() >= 8 && at.getInt(at.position() + 4) != MOOF) {
            int size = at.getInt(at.position());
            if (size < 8 || size > at.remaining()) {
                throw new Mp4Exception("a box of " + size + " bytes before a fragment");
            }
            at.position(at.position() + size);
        }
        if (at.remaining() < 8) {
            throw new Mp4Exception("a fragment without moof");
        }
        return at;
    }

    private static long us(long ticks, int clockRate) {
        return Math.floorDiv(ticks * 1_000_000L + clockRate / 2, clockRate);
    }
}
