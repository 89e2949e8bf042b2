// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.mkv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;

/**
 * How tracks are described (RFC 9559 5.1.4) and codecs named (Matroska codec specifications). What has no name there, the
 * metadata of ONVIF, is left out.
 */
final class Tracks {
    private static final int TRACKS = 0x1654AE6B;
    private static final int TRACK_ENTRY = 0xAE;
    private static final int NUMBER = 0xD7;
    private static final int UID = 0x73C5;
    private static final int TYPE = 0x83;
    private static final int LACING = 0x9C;
    private static final int CODEC_ID = 0x86;
    private static final int CODEC_PRIVATE = 0x63A2;
    private static final int VIDEO = 0xE0;
    private static final int WIDTH = 0xB0;
    private static final int HEIGHT = 0xBA;
    private static final int AUDIO = 0xE1;
    private static final int SAMPLING = 0xB5;
    private static final int CHANNELS = 0x9F;
    private static final int BIT_DEPTH = 0x6264;

    private static final int TYPE_VIDEO = 1;
    private static final int TYPE_AUDIO = 2;
    /** Format tags of WAVE. */
    private static final int WAVE_ALAW = 6;

    private static final int WAVE_MULAW = 7;
    private static final int WAVE_G726 = 0x45;
    private static final byte[] NOTHING = {};

    private Tracks() {}

    static boolean has(TrackFormat track) {
        return !codecId(track.codec()).isEmpty();
    }

    static Ebml of(StreamFormat format) {
        Ebml all = new Ebml();
        for (int i = 0; i < format.tracks().size(); i++) {
            if (has(format.tracks().get(i))) {
                all.master(TRACK_ENTRY, entry(i + 1, format.tracks().get(i)));
            }
        }
        return new Ebml().master(TRACKS, all);
    }

    private static Ebml entry(int number, TrackFormat track) {
        Ebml entry = new Ebml()
                .number(NUMBER, number)
                .number(UID, number)
                .number(TYPE, track.isVideo() ? TYPE_VIDEO : TYPE_AUDIO)
                .number(LACING, 0)
                .text(CODEC_ID, codecId(track.codec()));
        byte[] set = codecPrivate(track);
        if (set.length > 0) {
            entry.binary(CODEC_PRIVATE, set);
        }
        if (track.isVideo()) {
            return entry.master(VIDEO, new Ebml().number(WIDTH, track.width()).number(HEIGHT, track.height()));
        }
        Ebml sound = new Ebml().real(SAMPLING, track.clockRate()).number(CHANNELS, track.channels());
        if (bits(track) > 0) {
            sound.number(BIT_DEPTH, bits(track));
        }
        return entry.master(AUDIO, sound);
    }

    private static String codecId(Codec codec) {
        return switch (codec) {
            case H264 -> "V_MPEG4/ISO/AVC";
            case HEVC -> "V_MPEGH/ISO/HEVC";
            case MJPEG -> "V_MJPEG";
            case AAC -> "A_AAC";
            case OPUS -> "A_OPUS";
            case PCM_MULAW, PCM_ALAW, G726 -> "A_MS/ACM";
            default -> "";
        };
    }

    private static byte[] codecPrivate(TrackFormat track) {
        return switch (track.codec()) {
            case H264, HEVC, AAC -> track.configuration();
            case OPUS -> opusHead(ByteBuffer.wrap(track.configuration()));
            case PCM_MULAW -> wave(WAVE_MULAW, track);
            case PCM_ALAW -> wave(WAVE_ALAW, track);
            case G726 -> wave(WAVE_G726, track);
            default -> NOTHING;
        };
    }

    private static int bits(TrackFormat track) {
        return switch (track.codec()) {
            case PCM_MULAW, PCM_ALAW -> 8;
            case G726 -> track.configuration()[0];
            default -> 0;
        };
    }

    /** WAVEFORMATEX. */
    private static byte[] wave(int tag, TrackFormat track) {
        int bits = bits(track);
        int bytesPerSecond = track.clockRate() * track.channels() * bits / 8;
        return ByteBuffer.allocate(18)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) tag)
                .putShort((short) track.channels())
                .putInt(track.clockRate())
                .putInt(bytesPerSecond)
                .putShort((short) 1)
                .putShort((short) bits)
                .putShort((short) 0)
                .array();
    }

    /** What {@code dOps} says (Opus in ISOBMFF 4.3.2) in words of RFC 7845 5.1. */
    private static byte[] opusHead(ByteBuffer dOps) {
        return ByteBuffer.allocate(19)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put(dOps.get(1))
                .putShort(dOps.getShort(2))
                .putInt(dOps.getInt(4))
                .putShort(dOps.getShort(8))
                .put((byte) 0)
                .array();
    }
}
