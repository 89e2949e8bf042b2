// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AudioSpecificConfig;
import org.nxvms.media.kit.nal.NalException;

/**
 * Sample entries: how each codec is named and described in {@code stsd} (ISO/IEC 14496-12 8.5.2). The names are those of the
 * MP4 Registration Authority, but for G.726: it has the registered {@code g726}, which no player knows, so its entry follows
 * the QuickTime File Format's way of writing WAVE codecs ({@code 'ms'} and the format tag).
 */
final class SampleEntries {
    /** {@code 'ms'} and WAVE_FORMAT_G726_ADPCM. */
    static final int G726 = 0x6D73_0045;

    static final String METADATA_NAMESPACE = "http://www.onvif.org/ver10/schema";

    /** Object types of ISO/IEC 14496-1 as registered: AAC, and JPEG. */
    private static final int OBJECT_AAC = 0x40;

    static final int OBJECT_JPEG = 0x6C;

    /** ISO/IEC 14496-1 streamType and the reserved bit behind it. */
    private static final int STREAM_AUDIO = 5 << 2 | 1;

    private static final int STREAM_VISUAL = 4 << 2 | 1;
    private static final byte[] NOTHING = {};

    private SampleEntries() {}

    static boolean supports(Codec codec) {
        return switch (codec) {
            case H264, HEVC, MJPEG, AAC, PCM_MULAW, PCM_ALAW, G726, OPUS, ONVIF_METADATA -> true;
            default -> false;
        };
    }

    static void write(ByteBuffer out, TrackFormat track) {
        switch (track.codec()) {
            case H264, HEVC, MJPEG -> visual(out, track);
            case AAC, PCM_MULAW, PCM_ALAW, G726, OPUS -> audio(out, track);
            case ONVIF_METADATA -> metadata(out);
            default -> throw new IllegalArgumentException("cannot store " + track.codec() + " in MP4");
        }
    }

    private static void visual(ByteBuffer out, TrackFormat track) {
        String name =
                switch (track.codec()) {
                    case H264 -> "avc1";
                    case HEVC -> "hvc1";
                    default -> "mp4v";
                };
        int entry = Boxes.begin(out, Boxes.type(name));
        out.putInt(0).putShort((short) 0).putShort((short) 1);
        out.putLong(0).putLong(0);
        out.putShort((short) track.width()).putShort((short) track.height());
        out.putInt(0x480000).putInt(0x480000).putInt(0).putShort((short) 1);
        out.put(new byte[32]);
        out.putShort((short) 0x18).putShort((short) -1);
        if (track.codec() == Codec.MJPEG) {
            esds(out, OBJECT_JPEG, STREAM_VISUAL, NOTHING);
        } else {
            int config = Boxes.begin(out, Boxes.type(track.codec() == Codec.HEVC ? "hvcC" : "avcC"));
            out.put(track.configuration());
            Boxes.end(out, config);
        }
        Boxes.end(out, entry);
    }

    private static void audio(ByteBuffer out, TrackFormat track) {
        int type =
                switch (track.codec()) {
                    case AAC -> Boxes.type("mp4a");
                    case PCM_MULAW -> Boxes.type("ulaw");
                    case PCM_ALAW -> Boxes.type("alaw");
                    case OPUS -> Boxes.type("Opus");
                    default -> G726;
                };
        int sampleBits = track.codec() == Codec.G726 ? track.configuration()[0] : 16;
        int sampleRate = sampleRate(track);
        int entry = Boxes.begin(out, type);
        out.putInt(0).putShort((short) 0).putShort((short) 1);
        out.putLong(0);
        out.putShort((short) track.channels()).putShort((short) sampleBits).putInt(0);
        out.putInt(sampleRate <= 0xFFFF ? sampleRate << 16 : 0);
        if (track.codec() == Codec.AAC) {
            esds(out, OBJECT_AAC, STREAM_AUDIO, track.configuration());
        } else if (track.codec() == Codec.OPUS) {
            int specific = Boxes.begin(out, Boxes.type("dOps"));
            out.put(track.configuration());
            Boxes.end(out, specific);
        }
        Boxes.end(out, entry);
    }

    /** The clock of AAC's timestamps may run at another rate than its samples. */
    private static int sampleRate(TrackFormat track) {
        if (track.codec() == Codec.AAC) {
            try {
                return AudioSpecificConfig.parse(track.configuration()).sampleRate();
            } catch (NalException unreadable) {
                return track.clockRate();
            }
        }
        return track.clockRate();
    }

    /** XMLMetaDataSampleEntry (ISO/IEC 14496-12 12.3.3.2): plain XML of this namespace, no schema location. */
    private static void metadata(ByteBuffer out) {
        int entry = Boxes.begin(out, Boxes.type("metx"));
        out.putInt(0).putShort((short) 0).putShort((short) 1);
        out.put((byte) 0);
        out.put(METADATA_NAMESPACE.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        out.put((byte) 0);
        Boxes.end(out, entry);
    }

    /** ES_Descriptor of ISO/IEC 14496-14 5.6; every descriptor here is shorter than 128 bytes. */
    private static void esds(ByteBuffer out, int objectType, int streamType, byte[] config) {
        int specific = config.length == 0 ? 0 : 2 + config.length;
        int box = Boxes.beginFull(out, Boxes.type("esds"), 0, 0);
        out.put((byte) 3).put((byte) (3 + 2 + 13 + specific + 3));
        out.putShort((short) 0).put((byte) 0);
        out.put((byte) 4).put((byte) (13 + specific));
        out.put((byte) objectType)
                .put((byte) streamType)
                .put(new byte[3])
                .putInt(0)
                .putInt(0);
        if (config.length > 0) {
            out.put((byte) 5).put((byte) config.length).put(config);
        }
        out.put((byte) 6).put((byte) 1).put((byte) 2);
        Boxes.end(out, box);
    }
}
