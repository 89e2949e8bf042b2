// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;

/**
 * Writes {@code ftyp} and {@code moov}: all a player needs before the first fragment. The track id is the track's number
 * in the format plus one, the timescale its clock rate.
 */
public final class InitSegment {
    private static final int[] MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
    private static final int LANGUAGE_UNDETERMINED = 0x55C4;

    private InitSegment() {}

    /** {@return whether {@link #build} knows how to store this codec} */
    public static boolean supports(Codec codec) {
        return SampleEntries.supports(codec);
    }

    /** The init segment for players: the same bytes for the same format, whoever recorded it. */
    public static byte[] build(StreamFormat format) {
        return build(format, Optional.empty());
    }

    /**
     * The init segment of a chunk file.
     *
     * @throws IllegalArgumentException for a codec that {@link #supports} does not name
     */
    public static byte[] build(StreamFormat format, Optional<RunInfo> run) {
        return build(format.tracks(), 0, run);
    }

    /**
     * The init segment of one track by itself. It keeps the id that it has beside the others, so that its fragments need not be
     * written anew for either.
     *
     * @param number of the track, from 0
     */
    public static byte[] ofTrack(StreamFormat format, int number) {
        return build(List.of(format.tracks().get(number)), number, Optional.empty());
    }

    private static byte[] build(List<TrackFormat> tracks, int first, Optional<RunInfo> run) {
        int size = 1024;
        for (TrackFormat track : tracks) {
            size += 1024 + track.configuration().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        ftyp(out);
        int moov = Boxes.begin(out, Boxes.MOOV);
        mvhd(out, first + tracks.size() + 1);
        for (int i = 0; i < tracks.size(); i++) {
            trak(out, first + i + 1, tracks.get(i));
        }
        int mvex = Boxes.begin(out, Boxes.MVEX);
        for (int i = 0; i < tracks.size(); i++) {
            int trex = Boxes.beginFull(out, Boxes.TREX, 0, 0);
            out.putInt(first + i + 1).putInt(1).putInt(0).putInt(0);
            out.putInt(tracks.get(i).isVideo() ? Boxes.FLAGS_NON_SYNC : Boxes.FLAGS_SYNC);
            Boxes.end(out, trex);
        }
        Boxes.end(out, mvex);
        Boxes.end(out, moov);
        run.ifPresent(info -> info.write(out));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void ftyp(ByteBuffer out) {
        int box = Boxes.begin(out, Boxes.FTYP);
        out.putInt(Boxes.type("iso6")).putInt(1);
        out.putInt(Boxes.type("iso6")).putInt(Boxes.type("iso5")).putInt(Boxes.type("mp41"));
        Boxes.end(out, box);
    }

    private static void mvhd(ByteBuffer out, int nextTrackId) {
        int box = Boxes.beginFull(out, Boxes.MVHD, 0, 0);
        out.putInt(0).putInt(0).putInt(1000).putInt(0);
        out.putInt(0x10000).putShort((short) 0x100).putShort((short) 0).putLong(0);
        matrix(out);
        for (int i = 0; i < 6; i++) {
            out.putInt(0);
        }
        out.putInt(nextTrackId);
        Boxes.end(out, box);
    }

    private static void matrix(ByteBuffer out) {
        for (int value : MATRIX) {
            out.putInt(value);
        }
    }

    private static void trak(ByteBuffer out, int id, TrackFormat track) {
        int trak = Boxes.begin(out, Boxes.TRAK);
        int tkhd = Boxes.beginFull(out, Boxes.TKHD, 0, 3);
        out.putInt(0).putInt(0).putInt(id).putInt(0).putInt(0).putLong(0);
        out.putShort((short) 0).putShort((short) (track.isAudio() ? 1 : 0));
        out.putShort((short) (track.isAudio() ? 0x100 : 0)).putShort((short) 0);
        matrix(out);
        out.putInt(track.width() << 16).putInt(track.height() << 16);
        Boxes.end(out, tkhd);

        int mdia = Boxes.begin(out, Boxes.MDIA);
        int mdhd = Boxes.beginFull(out, Boxes.MDHD, 0, 0);
        out.putInt(0).putInt(0).putInt(track.clockRate()).putInt(0);
        out.putShort((short) LANGUAGE_UNDETERMINED).putShort((short) 0);
        Boxes.end(out, mdhd);
        int hdlr = Boxes.beginFull(out, Boxes.HDLR, 0, 0);
        out.putInt(0).putInt(Boxes.type(track.isVideo() ? "vide" : track.isAudio() ? "soun" : "meta"));
        out.putInt(0).putInt(0).putInt(0).put((byte) 0);
        Boxes.end(out, hdlr);
        minf(out, track);
        Boxes.end(out, mdia);
        Boxes.end(out, trak);
    }

    private static void minf(ByteBuffer out, TrackFormat track) {
        int minf = Boxes.begin(out, Boxes.MINF);
        if (track.isVideo()) {
            int vmhd = Boxes.beginFull(out, Boxes.type("vmhd"), 0, 1);
            out.putLong(0);
            Boxes.end(out, vmhd);
        } else if (track.isAudio()) {
            int smhd = Boxes.beginFull(out, Boxes.type("smhd"), 0, 0);
            out.putInt(0);
            Boxes.end(out, smhd);
        } else {
            Boxes.end(out, Boxes.beginFull(out, Boxes.type("nmhd"), 0, 0));
        }
        int dinf = Boxes.begin(out, Boxes.type("dinf"));
        int dref = Boxes.beginFull(out, Boxes.type("dref"), 0, 0);
        out.putInt(1);
        Boxes.end(out, Boxes.beginFull(out, Boxes.type("url "), 0, 1));
        Boxes.end(out, dref);
        Boxes.end(out, dinf);
        int stbl = Boxes.begin(out, Boxes.STBL);
        int stsd = Boxes.beginFull(out, Boxes.STSD, 0, 0);
        out.putInt(1);
        SampleEntries.write(out, track);
        Boxes.end(out, stsd);
        for (String empty : new String[] {"stts", "stsc", "stsz", "stco"}) {
            int box = Boxes.beginFull(out, Boxes.type(empty), 0, 0);
            if ("stsz".equals(empty)) {
                out.putInt(0);
            }
            out.putInt(0);
            Boxes.end(out, box);
        }
        Boxes.end(out, stbl);
        Boxes.end(out, minf);
    }
}
