// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AacDepacketizer;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.H265Depacketizer;
import org.nxvms.media.kit.rtp.PlainDepacketizer;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;

/**
 * The pictures of a recording, or its sound, as its description has them.
 *
 * @param control where they are set up
 * @param source tells their format once the first has come
 */
record ReplayTrack(String control, int payloadType, int clockRate, Depacketizer depacketizer, FormatSource source) {

    /** The first track of pictures that is understood. */
    static ReplayTrack of(SessionDescription description, AccessUnitSink sink) throws DriverException {
        String others = "none";
        for (MediaSection section : description.media()) {
            Optional<MediaSection.RtpMap> map = section.rtpMap();
            if (section.kind().equals("video") && map.isPresent()) {
                String control = section.control().orElse("*");
                int type = map.get().type();
                int rate = map.get().clockRate();
                switch (map.get().encoding()) {
                    case "H264" -> {
                        AvcParameterSets sets = new AvcParameterSets();
                        sets.offerSprop(section.formatParameters(type).getOrDefault("sprop-parameter-sets", ""));
                        return new ReplayTrack(control, type, rate, new H264Depacketizer(sink, sets, true), sets);
                    }
                    case "H265", "HEVC" -> {
                        HevcParameterSets sets = new HevcParameterSets();
                        for (String name : List.of("sprop-vps", "sprop-sps", "sprop-pps")) {
                            sets.offerSprop(section.formatParameters(type).getOrDefault(name, ""));
                        }
                        return new ReplayTrack(control, type, rate, new H265Depacketizer(sink, sets, true), sets);
                    }
                    default -> others = map.get().encoding();
                }
            }
        }
        throw new DriverException(
                Kind.UNSUPPORTED,
                "The camera's recording has no pictures of H.264 or H.265 (" + DeviceHttp.words(others) + ").");
    }

    /** The first track of sound that is understood; what is not, and metadata, are left where they are. */
    static Optional<ReplayTrack> sound(SessionDescription description, AccessUnitSink sink) {
        return description.media().stream()
                .filter(section ->
                        section.kind().equals("audio") && section.control().isPresent())
                .flatMap(section -> section.rtpMap().stream().flatMap(map -> sound(section, map, sink).stream()))
                .findFirst();
    }

    private static Optional<ReplayTrack> sound(MediaSection section, MediaSection.RtpMap map, AccessUnitSink sink) {
        return switch (map.encoding()) {
            case "PCMU" ->
                Optional.of(
                        plain(section, map, TrackFormats.g711(Codec.PCM_MULAW, map.clockRate(), map.channels()), sink));
            case "PCMA" ->
                Optional.of(
                        plain(section, map, TrackFormats.g711(Codec.PCM_ALAW, map.clockRate(), map.channels()), sink));
            case "OPUS" -> Optional.of(plain(section, map, TrackFormats.opus(2), sink));
            case "MPEG4-GENERIC" -> aac(section, map, sink);
            default -> Optional.empty();
        };
    }

    private static ReplayTrack plain(
            MediaSection section, MediaSection.RtpMap map, TrackFormat format, AccessUnitSink sink) {
        return new ReplayTrack(
                section.control().orElseThrow(),
                map.type(),
                format.clockRate(),
                new PlainDepacketizer(sink),
                FormatSource.of(format));
    }

    /** As cameras send it (RFC 3640 3.3.6): sizes of 13 bits, or whatever is said. */
    private static Optional<ReplayTrack> aac(MediaSection section, MediaSection.RtpMap map, AccessUnitSink sink) {
        try {
            TrackFormat format = TrackFormats.aac(section.config(map.type()).orElse(new byte[0]), map.clockRate());
            Depacketizer depacketizer = new AacDepacketizer(
                    sink,
                    section.formatNumber(map.type(), "sizelength", 13),
                    section.formatNumber(map.type(), "indexlength", 3),
                    section.formatNumber(map.type(), "indexdeltalength", 3),
                    TrackFormats.unitTicks(format));
            return Optional.of(new ReplayTrack(
                    section.control().orElseThrow(),
                    map.type(),
                    format.clockRate(),
                    depacketizer,
                    FormatSource.of(format)));
        } catch (NalException | IllegalArgumentException unusual) {
            return Optional.empty();
        }
    }
}
