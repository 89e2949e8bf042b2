// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;

/** The pictures of one fragment, and its sound. */
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
     * @param startUs when what lies first was taken: a picture, or sound where pictures are rare
     */
    static List<Picture> of(StreamFormat format, ByteBuffer fragment, long startUs) throws Mp4Exception {
        ByteBuffer moofAndMdat = fromMoof(fragment);
        FragmentHeader header = header(moofAndMdat);
        int track = track(format);
        int rate = format.tracks().get(track).clockRate();
        List<Picture> pictures = new ArrayList<>();
        SampleTable table = header.track(track).orElse(null);
        if (table == null || table.count() == 0) {
            return pictures;
        }
        long first = table.presentationTime()[0];
        long beginsUs = startUs + behindUs(format, header, table);
        for (int i = 0; i < table.count(); i++) {
            long us = beginsUs + us(table.presentationTime()[i] - first, rate);
            long durationUs = us(Integer.toUnsignedLong(table.duration()[i]), rate);
            pictures.add(new Picture(us, durationUs, table.key()[i], data(moofAndMdat, table, i)));
        }
        return pictures;
    }

    /** {@return the sound beside them} Both are on one line of media time. As {@link #of}. */
    static List<Sound> sound(StreamFormat format, int track, ByteBuffer fragment, long startUs) throws Mp4Exception {
        ByteBuffer moofAndMdat = fromMoof(fragment);
        FragmentHeader header = header(moofAndMdat);
        int pictureTrack = track(format);
        Optional<SampleTable> pictures = header.track(pictureTrack).filter(table -> table.count() > 0);
        Optional<SampleTable> beside = header.track(track);
        List<Sound> sound = new ArrayList<>();
        if (pictures.isEmpty() || beside.isEmpty()) {
            return sound;
        }
        long firstUs = us(
                pictures.get().presentationTime()[0],
                format.tracks().get(pictureTrack).clockRate());
        SampleTable table = beside.get();
        int rate = format.tracks().get(track).clockRate();
        long beginsUs = startUs + behindUs(format, header, pictures.get());
        for (int i = 0; i < table.count(); i++) {
            long us = beginsUs + us(table.presentationTime()[i], rate) - firstUs;
            sound.add(new Sound(us, data(moofAndMdat, table, i)));
        }
        return sound;
    }

    /** {@return by how much the first picture comes behind what lies first} */
    private static long behindUs(StreamFormat format, FragmentHeader header, SampleTable pictures) throws Mp4Exception {
        SampleTable first = header.first().orElse(pictures);
        if (first.trackId() == pictures.trackId()) {
            return 0;
        }
        return shownUs(format, pictures) - shownUs(format, first);
    }

    private static long shownUs(StreamFormat format, SampleTable table) throws Mp4Exception {
        if (table.trackId() > format.tracks().size()) {
            throw new Mp4Exception("a fragment of a track that its file does not have");
        }
        return us(
                table.presentationTime()[0],
                format.tracks().get(table.trackId() - 1).clockRate());
    }

    private static FragmentHeader header(ByteBuffer moofAndMdat) throws Mp4Exception {
        int moof = moofAndMdat.position();
        int size = moofAndMdat.getInt(moof);
        if (size < 8 || size > moofAndMdat.remaining()) {
            throw new Mp4Exception("a moof of " + size + " bytes in a fragment of " + moofAndMdat.remaining());
        }
        return FragmentHeader.parse(moofAndMdat.slice(moof, size));
    }

    private static ByteBuffer data(ByteBuffer moofAndMdat, SampleTable table, int number) throws Mp4Exception {
        int moof = moofAndMdat.position();
        long offset = table.offset()[number];
        int size = table.size()[number];
        if (offset < moofAndMdat.getInt(moof) || offset + size > moofAndMdat.remaining()) {
            throw new Mp4Exception("what lies outside its fragment");
        }
        return moofAndMdat.slice(moof + (int) offset, size);
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
