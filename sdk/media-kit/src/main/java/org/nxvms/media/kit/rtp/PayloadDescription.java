// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.HevcConfig;
import org.nxvms.media.kit.nal.NalException;

/**
 * What a session description says of a track that a {@link Payloader} cuts.
 *
 * @param media {@code video} or {@code audio}
 * @param payloadType RTP payload type; from 96 on of our choice
 * @param encoding of {@code a=rtpmap}: {@code H264/90000}
 * @param parameters of {@code a=fmtp}, empty when there are none
 */
public record PayloadDescription(String media, int payloadType, String encoding, String parameters) {
    /** The first payload type that is not fixed (RFC 3551 6). */
    public static final int DYNAMIC = 96;

    private static final int PCMU = 0;
    private static final int PCMA = 8;
    private static final int JPEG = 26;
    private static final int TELEPHONE_HZ = 8000;

    /**
     * Describes a track.
     *
     * @param number of the track, 0 to 31
     * @throws NalException when the track's configuration is damaged or its codec is not carried
     */
    public static PayloadDescription of(TrackFormat track, int number) throws NalException {
        int own = DYNAMIC + number;
        return switch (track.codec()) {
            case H264 -> video(own, "H264", track, h264(AvcConfig.parse(track.configuration())));
            case HEVC -> video(own, "H265", track, h265(HevcConfig.parse(track.configuration())));
            case MJPEG -> video(JPEG, "JPEG", track, "");
            case AAC ->
                audio(
                        own,
                        "mpeg4-generic/" + track.clockRate() + "/" + track.channels(),
                        "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3"
                                + ";config=" + HexFormat.of().formatHex(track.configuration()));
            case OPUS -> audio(own, "opus/48000/2", track.channels() == 2 ? "sprop-stereo=1" : "sprop-stereo=0");
            case PCM_MULAW -> g711(isTelephone(track) ? PCMU : own, "PCMU", track);
            case PCM_ALAW -> g711(isTelephone(track) ? PCMA : own, "PCMA", track);
            case G726 -> audio(own, "AAL2-G726-" + 8 * track.configuration()[0] + rate(track), "");
            default -> throw new NalException(track.codec() + " is not carried over RTP here");
        };
    }

    private static PayloadDescription video(int type, String name, TrackFormat track, String parameters) {
        return new PayloadDescription("video", type, name + "/" + track.clockRate(), parameters);
    }

    private static PayloadDescription audio(int type, String encoding, String parameters) {
        return new PayloadDescription("audio", type, encoding, parameters);
    }

    private static PayloadDescription g711(int type, String name, TrackFormat track) {
        return audio(type, name + rate(track), "");
    }

    private static boolean isTelephone(TrackFormat track) {
        return track.clockRate() == TELEPHONE_HZ && track.channels() == 1;
    }

    private static String rate(TrackFormat track) {
        return "/" + track.clockRate() + (track.channels() > 1 ? "/" + track.channels() : "");
    }

    private static String h264(AvcConfig config) {
        byte[] sps = config.sps().get(0);
        return String.format(
                Locale.ROOT,
                "packetization-mode=1;profile-level-id=%02X%02X%02X;sprop-parameter-sets=%s,%s",
                sps[1],
                sps[2],
                sps[3],
                base64(config.sps()),
                base64(config.pps()));
    }

    private static String h265(HevcConfig config) {
        return (config.vps().isEmpty() ? "" : "sprop-vps=" + base64(config.vps()) + ";") + "sprop-sps="
                + base64(config.sps()) + ";sprop-pps=" + base64(config.pps());
    }

    private static String base64(List<byte[]> sets) {
        return sets.stream().map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(","));
    }

    /** {@return the lines of the media section, without {@code a=control}} */
    public List<String> lines() {
        String map = "a=rtpmap:" + payloadType + " " + encoding;
        String line = "m=" + media + " 0 RTP/AVP " + payloadType;
        return parameters.isEmpty()
                ? List.of(line, map)
                : List.of(line, map, "a=fmtp:" + payloadType + " " + parameters);
    }
}
