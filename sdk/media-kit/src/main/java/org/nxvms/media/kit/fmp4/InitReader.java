// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.HevcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** Reads what {@link InitSegment} writes: formats from {@code moov}, identity from the {@code uuid} box. */
public final class InitReader {
    /** Larger init segments are refused; ours are below two kilobytes. */
    public static final int INIT_BYTES_MAX = 1 << 20;

    /**
     * A read init segment.
     *
     * @param format tracks in file order
     * @param run whose footage it is; empty for init segments made for players
     * @param bytes length of the init segment; the first fragment begins there
     */
    public record Init(StreamFormat format, Optional<RunInfo> run, int bytes) {}

    private InitReader() {}

    /**
     * Reads the init segment at the buffer's position; bytes behind it are left alone.
     *
     * @throws Mp4Exception when it is damaged, of a codec this code does not know, or not complete within the buffer
     */
    public static Init read(ByteBuffer in) throws Mp4Exception {
        StreamFormat format = null;
        Optional<RunInfo> run = Optional.empty();
        int start = in.position();
        int end = start;
        BoxCursor box = new BoxCursor(in, start, in.limit());
        while (in.limit() - end >= 8 && belongsToInit(in, end) && box.next()) {
            end = box.end();
            if (box.type() == Boxes.MOOV) {
                format = moov(box);
            } else if (box.type() == Boxes.UUID_BOX) {
                ByteBuffer content = box.content(0, 16);
                if (Boxes.getUuid(content).equals(RunInfo.TYPE)) {
                    run = RunInfo.read(content);
                }
            }
        }
        if (format == null) {
            throw new Mp4Exception("no moov box before the first fragment");
        }
        return new Init(format, run, end - start);
    }

    private static boolean belongsToInit(ByteBuffer in, int position) throws Mp4Exception {
        int type = in.getInt(position + 4);
        if (type == Boxes.UUID_BOX && in.limit() - position >= 24) {
            UUID extended = new UUID(in.getLong(position + 8), in.getLong(position + 16));
            return extended.equals(RunInfo.TYPE);
        }
        return type == Boxes.FTYP || type == Boxes.MOOV || type == Boxes.FREE;
    }

    private static StreamFormat moov(BoxCursor moov) throws Mp4Exception {
        List<TrackFormat> tracks = new ArrayList<>();
        for (BoxCursor box = moov.children(); box.next(); ) {
            if (box.type() == Boxes.TRAK) {
                if (tracks.size() == StreamFormat.TRACKS_MAX) {
                    throw new Mp4Exception("more than " + StreamFormat.TRACKS_MAX + " tracks");
                }
                tracks.add(trak(box));
            }
        }
        try {
            return new StreamFormat(tracks);
        } catch (IllegalArgumentException badTracks) {
            throw new Mp4Exception(badTracks.getMessage());
        }
    }

    private static TrackFormat trak(BoxCursor trak) throws Mp4Exception {
        int timescale = 0;
        TrackFormat[] found = new TrackFormat[1];
        for (BoxCursor mdia = trak.children(); mdia.next(); ) {
            if (mdia.type() != Boxes.MDIA) {
                continue;
            }
            for (BoxCursor box = mdia.children(); box.next(); ) {
                if (box.type() == Boxes.MDHD) {
                    ByteBuffer in = box.content(0, 20);
                    boolean wide = in.getInt() >>> 24 == 1;
                    timescale = wide ? box.content(0, 28).getInt(20) : in.getInt(12);
                } else if (box.type() == Boxes.MINF) {
                    found[0] = entryOf(box, timescale);
                }
            }
        }
        if (found[0] == null) {
            throw new Mp4Exception("track without a sample entry");
        }
        return found[0];
    }

    private static TrackFormat entryOf(BoxCursor minf, int timescale) throws Mp4Exception {
        for (BoxCursor stbl = minf.children(); stbl.next(); ) {
            if (stbl.type() != Boxes.STBL) {
                continue;
            }
            for (BoxCursor stsd = stbl.children(); stsd.next(); ) {
                if (stsd.type() == Boxes.STSD) {
                    stsd.content(8);
                    BoxCursor entry = stsd.childrenAfter(8);
                    if (entry.next()) {
                        return entry(entry, timescale);
                    }
                }
            }
        }
        throw new Mp4Exception("track without a sample entry");
    }

    private static TrackFormat entry(BoxCursor entry, int timescale) throws Mp4Exception {
        String type = Boxes.name(entry.type());
        try {
            return switch (type) {
                case "avc1", "avc3" -> TrackFormats.h264(AvcConfig.parse(config(entry, 78, "avcC")));
                case "hvc1", "hev1" -> TrackFormats.h265(HevcConfig.parse(config(entry, 78, "hvcC")));
                case "mp4a" -> TrackFormats.aac(audioConfig(config(entry, 28, "esds")), timescale);
                case "mp4v" -> mjpeg(entry);
                case "ulaw" -> TrackFormats.g711(Codec.PCM_MULAW, timescale, channels(entry));
                case "alaw" -> TrackFormats.g711(Codec.PCM_ALAW, timescale, channels(entry));
                case "Opus" -> opus(config(entry, 28, "dOps"));
                case "metx" -> metadata(entry, timescale);
                default -> {
                    if (entry.type() != SampleEntries.G726) {
                        throw new Mp4Exception("sample entry " + type + " is not known here");
                    }
                    yield TrackFormats.g726(entry.content(18, 2).getShort(), timescale, channels(entry));
                }
            };
        } catch (NalException | IllegalArgumentException bad) {
            throw new Mp4Exception("sample entry " + type + ": " + bad.getMessage());
        }
    }

    private static int channels(BoxCursor entry) throws Mp4Exception {
        return entry.content(16, 2).getShort();
    }

    private static TrackFormat mjpeg(BoxCursor entry) throws Mp4Exception {
        byte[] esds = config(entry, 78, "esds");
        int objectType = descriptor(esds, 4)[0] & 0xFF;
        if (objectType != SampleEntries.OBJECT_JPEG) {
            throw new Mp4Exception("mp4v of object type " + Integer.toHexString(objectType) + " is not known here");
        }
        ByteBuffer size = entry.content(24, 4);
        return TrackFormats.mjpeg(size.getShort() & 0xFFFF, size.getShort() & 0xFFFF);
    }

    private static TrackFormat opus(byte[] specific) throws Mp4Exception {
        TrackFormat track = TrackFormats.opus(specific.length > 1 ? specific[1] : 0);
        if (!Arrays.equals(track.configuration(), specific)) {
            throw new Mp4Exception("dOps box of a kind that is not known here");
        }
        return track;
    }

    private static TrackFormat metadata(BoxCursor entry, int timescale) throws Mp4Exception {
        byte[] names = new byte[entry.content(8).remaining()];
        entry.content(8).get(names);
        if (!new String(names, StandardCharsets.US_ASCII).contains(SampleEntries.METADATA_NAMESPACE)) {
            throw new Mp4Exception("metadata of a namespace that is not known here");
        }
        return TrackFormats.onvifMetadata(timescale);
    }

    private static byte[] config(BoxCursor entry, int skip, String name) throws Mp4Exception {
        entry.content(skip);
        for (BoxCursor box = entry.childrenAfter(skip); box.next(); ) {
            if (box.type() == Boxes.type(name)) {
                ByteBuffer in = box.content(0);
                byte[] bytes = new byte[in.remaining()];
                in.get(bytes);
                return bytes;
            }
        }
        throw new Mp4Exception("sample entry " + Boxes.name(entry.type()) + " without " + name);
    }

    private static byte[] audioConfig(byte[] esds) throws Mp4Exception {
        return descriptor(esds, 5);
    }

    /** Finds a descriptor within an esds box (ISO/IEC 14496-1 7.2.6); {@return its content, at least one byte}. */
    private static byte[] descriptor(byte[] esds, int wanted) throws Mp4Exception {
        ByteBuffer in = ByteBuffer.wrap(esds);
        if (in.remaining() < 4) {
            throw new Mp4Exception("esds box is too short");
        }
        in.position(4);
        while (in.remaining() >= 2) {
            int tag = in.get();
            int length = 0;
            int more;
            do {
                more = in.hasRemaining() ? in.get() : 0;
                length = (length & 0xFFFFF) << 7 | more & 0x7F;
            } while ((more & 0x80) != 0);
            if (tag == wanted && length > 0 && length <= in.remaining()) {
                byte[] config = new byte[length];
                in.get(config);
                return config;
            }
            int header = tag == 3 ? 3 : tag == 4 ? 13 : 0;
            in.position(Math.min(in.limit(), in.position() + (header > 0 ? header : length)));
        }
        throw new Mp4Exception("esds box without descriptor " + wanted);
    }
}
