// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.ingest.rtsp.TrackPlan.Unusable;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.nal.LatmConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AacDepacketizer;
import org.nxvms.media.kit.rtp.DocumentDepacketizer;
import org.nxvms.media.kit.rtp.G726Depacketizer;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.H265Depacketizer;
import org.nxvms.media.kit.rtp.JpegDepacketizer;
import org.nxvms.media.kit.rtp.JpegPicture;
import org.nxvms.media.kit.rtp.LatmDepacketizer;
import org.nxvms.media.kit.rtp.PayloadQuirk;
import org.nxvms.media.kit.rtp.PlainDepacketizer;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.MediaSection.RtpMap;

/** From the words of a session description to a {@link Payload}: the one list of payload formats that are understood. */
final class PayloadFormats {
    /** Modes whose access units do not come in the order of time, or with fields we do not read (RFC 3640 4.1). */
    private static final List<String> AAC_FIELDS_REFUSED = List.of(
            "ctsdeltalength",
            "dtsdeltalength",
            "randomaccessindication",
            "streamstateindication",
            "auxiliarydatasizelength",
            "constantsize",
            "maxdisplacement",
            "de-interleavebuffersize");

    private PayloadFormats() {}

    /**
     * {@return how this payload type is received}
     *
     * @throws Unusable naming the codec, or the mode of it, that is not
     */
    static Payload of(MediaSection section, RtpMap map) throws Unusable {
        return switch (map.encoding()) {
            case "H264" -> h264(section, map);
            case "H265", "HEVC" -> h265(section, map);
            case "JPEG" -> jpeg(section, map);
            case "PCMU" -> plain(TrackFormats.g711(Codec.PCM_MULAW, map.clockRate(), map.channels()));
            case "PCMA" -> plain(TrackFormats.g711(Codec.PCM_ALAW, map.clockRate(), map.channels()));
            case "G726-16", "AAL2-G726-16" -> g726(map, 2);
            case "G726-24", "AAL2-G726-24" -> g726(map, 3);
            case "G726-32", "AAL2-G726-32" -> g726(map, 4);
            case "G726-40", "AAL2-G726-40" -> g726(map, 5);
            case "OPUS" -> opus(section, map);
            case "MPEG4-GENERIC" -> aac(section, map);
            case "MP4A-LATM" -> latm(section, map);
            case "VND.ONVIF.METADATA" -> metadata(map);
            default -> throw new Unusable(map.encoding());
        };
    }

    private static Payload h264(MediaSection section, RtpMap map) throws Unusable {
        if (section.formatNumber(map.type(), "packetization-mode", 0) > 1) {
            throw new Unusable("H264 in interleaved packets (packetization-mode 2)");
        }
        AvcParameterSets sets = new AvcParameterSets();
        boolean proper = sets.offerSprop(section.formatParameters(map.type()).getOrDefault("sprop-parameter-sets", ""));
        return new Payload(
                Codec.Kind.VIDEO,
                sets,
                map.clockRate(),
                announced(proper),
                (sink, waitForKey) -> new H264Depacketizer(sink, sets, waitForKey));
    }

    private static Payload h265(MediaSection section, RtpMap map) throws Unusable {
        if (section.formatNumber(map.type(), "sprop-max-don-diff", 0) > 0) {
            throw new Unusable("H265 out of decoding order (sprop-max-don-diff above 0)");
        }
        HevcParameterSets sets = new HevcParameterSets();
        Map<String, String> parameters = section.formatParameters(map.type());
        boolean proper = true;
        for (String name : List.of("sprop-vps", "sprop-sps", "sprop-pps")) {
            proper &= sets.offerSprop(parameters.getOrDefault(name, ""));
        }
        return new Payload(
                Codec.Kind.VIDEO,
                sets,
                map.clockRate(),
                announced(proper),
                (sink, waitForKey) -> new H265Depacketizer(sink, sets, waitForKey));
    }

    private static int announced(boolean proper) {
        return proper ? 0 : PayloadQuirk.ANNOUNCED_START_CODES.bit();
    }

    private static Payload jpeg(MediaSection section, RtpMap map) {
        Optional<MediaSection.Dimensions> size = section.dimensions();
        JpegPicture picture = new JpegPicture(
                size.map(MediaSection.Dimensions::width).orElse(0),
                size.map(MediaSection.Dimensions::height).orElse(0));
        return new Payload(
                Codec.Kind.VIDEO, picture, map.clockRate(), (sink, waitForKey) -> new JpegDepacketizer(sink, picture));
    }

    private static Payload plain(TrackFormat format) {
        return new Payload(
                Codec.Kind.AUDIO,
                FormatSource.of(format),
                format.clockRate(),
                (sink, waitForKey) -> new PlainDepacketizer(sink));
    }

    /** Always announced with two channels; whether there are, each packet says (RFC 7587 7). */
    private static Payload opus(MediaSection section, RtpMap map) {
        boolean mono = section.formatNumber(map.type(), "sprop-stereo", 1) == 0;
        return plain(TrackFormats.opus(mono ? 1 : 2));
    }

    private static Payload g726(RtpMap map, int codeBits) {
        TrackFormat format = TrackFormats.g726(codeBits, map.clockRate(), map.channels());
        boolean leastFirst = !map.encoding().startsWith("AAL2-");
        return new Payload(
                Codec.Kind.AUDIO,
                FormatSource.of(format),
                format.clockRate(),
                (sink, waitForKey) -> new G726Depacketizer(sink, codeBits, leastFirst));
    }

    private static Payload aac(MediaSection section, RtpMap map) throws Unusable {
        for (String field : AAC_FIELDS_REFUSED) {
            if (section.formatNumber(map.type(), field, 0) > 0) {
                throw new Unusable("MPEG4-GENERIC with " + field);
            }
        }
        byte[] config = section.config(map.type())
                .orElseThrow(() -> new Unusable("MPEG4-GENERIC without a readable config parameter"));
        TrackFormat format;
        try {
            format = TrackFormats.aac(config, map.clockRate());
        } catch (NalException notAac) {
            throw new Unusable("MPEG4-GENERIC that is not AAC: " + notAac.getMessage());
        }
        boolean low =
                "AAC-lbr".equalsIgnoreCase(section.formatParameters(map.type()).getOrDefault("mode", ""));
        int size = bits(section, map, "sizelength", low ? 6 : 13);
        int index = bits(section, map, "indexlength", low ? 2 : 3);
        int delta = bits(section, map, "indexdeltalength", low ? 2 : 3);
        return new Payload(
                Codec.Kind.AUDIO,
                FormatSource.of(format),
                format.clockRate(),
                (sink, waitForKey) ->
                        new AacDepacketizer(sink, size == 0 ? 13 : size, index, delta, TrackFormats.unitTicks(format)));
    }

    private static int bits(MediaSection section, RtpMap map, String name, int usual) {
        int told = section.formatNumber(map.type(), name, usual);
        return told >= 0 && told <= 16 ? told : usual;
    }

    private static Payload latm(MediaSection section, RtpMap map) throws Unusable {
        boolean inBand = section.formatNumber(map.type(), "cpresent", 1) != 0;
        Optional<LatmConfig> announced = Optional.empty();
        if (!inBand) {
            byte[] config = section.config(map.type())
                    .orElseThrow(() -> new Unusable("MP4A-LATM without a readable config parameter"));
            try {
                announced = Optional.of(LatmConfig.parseAnnounced(config));
                announced.get().audio();
            } catch (NalException unusual) {
                throw new Unusable("MP4A-LATM: " + unusual.getMessage());
            }
        }
        LatmDepacketizer.Format format = new LatmDepacketizer.Format(map.clockRate(), announced);
        return new Payload(
                Codec.Kind.AUDIO,
                format,
                map.clockRate(),
                (sink, waitForKey) -> new LatmDepacketizer(sink, format, inBand));
    }

    private static Payload metadata(RtpMap map) {
        return new Payload(
                Codec.Kind.DATA,
                FormatSource.of(TrackFormats.onvifMetadata(map.clockRate())),
                map.clockRate(),
                (sink, waitForKey) -> new DocumentDepacketizer(sink));
    }
}
