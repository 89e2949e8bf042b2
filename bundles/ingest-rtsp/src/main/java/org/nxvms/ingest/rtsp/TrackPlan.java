// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AudioSpecificConfig;
import org.nxvms.media.kit.nal.AvcParameterSets;
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

/** Chooses what to fetch out of a session description: the first H.264 or H.265 section and the first audio that is understood. */
final class TrackPlan {
    /**
     * One track to set up.
     *
     * @param section of the session description
     * @param map its payload type
     * @param audio what an audio track will be; empty for video
     */
    record Wanted(MediaSection section, MediaSection.RtpMap map, Optional<TrackFormat> audio) {
        boolean isVideo() {
            return audio.isEmpty();
        }

        String control() {
            return section.control().orElse("*");
        }
    }

    private final Wanted video;
    private final Optional<Wanted> audio;

    private TrackPlan(Wanted video, Optional<Wanted> audio) {
        this.video = video;
        this.audio = audio;
    }

    /** What cannot be fetched, in a sentence. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    static TrackPlan of(SessionDescription description) throws Unusable {
        Wanted video = null;
        Wanted audio = null;
        List<String> otherVideo = new ArrayList<>();
        for (MediaSection section : description.media()) {
            Optional<MediaSection.RtpMap> map = section.rtpMap();
            if ("video".equals(section.kind())) {
                if (video == null && map.isPresent() && isVideoCodec(map.get().encoding())) {
                    video = new Wanted(section, map.get(), Optional.empty());
                } else {
                    otherVideo.add(map.map(MediaSection.RtpMap::encoding).orElse("an unnamed codec"));
                }
            } else if ("audio".equals(section.kind()) && audio == null && map.isPresent()) {
                Optional<TrackFormat> format = audioFormat(section, map.get());
                audio = format.isPresent() ? new Wanted(section, map.get(), format) : null;
            }
        }
        if (video == null) {
            throw new Unusable(
                    otherVideo.isEmpty()
                            ? "the camera offers no video at this URL"
                            : "the camera sends " + String.join(", ", otherVideo)
                                    + "; only H.264 and H.265 are supported, set the camera's encoder to one of them");
        }
        return new TrackPlan(video, Optional.ofNullable(audio));
    }

    private static boolean isVideoCodec(String encoding) {
        return "H264".equals(encoding) || "H265".equals(encoding);
    }

    private static Optional<TrackFormat> audioFormat(MediaSection section, MediaSection.RtpMap map) {
        return switch (map.encoding()) {
            case "PCMU" -> Optional.of(TrackFormats.g711(Codec.PCM_MULAW, map.clockRate(), map.channels()));
            case "PCMA" -> Optional.of(TrackFormats.g711(Codec.PCM_ALAW, map.clockRate(), map.channels()));
            case "MPEG4-GENERIC" ->
                section.config(map.type()).flatMap(config -> {
                    try {
                        return Optional.of(TrackFormats.aac(config, map.clockRate()));
                    } catch (NalException notAac) {
                        return Optional.empty();
                    }
                });
            default -> Optional.empty();
        };
    }

    /** Video first, as the hub wants its tracks. */
    List<Wanted> tracks() {
        return audio.isPresent() ? List.of(video, audio.get()) : List.of(video);
    }

    /** Connects a track to a feed. */
    static Depacketizer depacketizer(Wanted wanted, MediaFeed feed, boolean waitForKey) {
        int type = wanted.map().type();
        MediaSection section = wanted.section();
        if (wanted.isVideo()) {
            double frameRate = section.frameRate().orElse(0);
            Map<String, String> parameters = section.formatParameters(type);
            if ("H265".equals(wanted.map().encoding())) {
                HevcParameterSets sets = new HevcParameterSets();
                for (String name : List.of("sprop-vps", "sprop-sps", "sprop-pps")) {
                    sets.offerSprop(parameters.getOrDefault(name, ""));
                }
                return new H265Depacketizer(feed.video(sets, frameRate), sets, waitForKey);
            }
            AvcParameterSets sets = new AvcParameterSets();
            sets.offerSprop(parameters.getOrDefault("sprop-parameter-sets", ""));
            return new H264Depacketizer(feed.video(sets, frameRate), sets, waitForKey);
        }
        TrackFormat format = wanted.audio().orElseThrow();
        AccessUnitSink sink = feed.audio(format);
        if (format.codec() != Codec.AAC) {
            return new PlainDepacketizer(sink);
        }
        return new AacDepacketizer(
                sink,
                bits(section, type, "sizelength", 13),
                bits(section, type, "indexlength", 3),
                bits(section, type, "indexdeltalength", 3),
                ticksPerUnit(format));
    }

    private static int bits(MediaSection section, int type, String name, int usual) {
        int told = section.formatNumber(type, name, usual);
        return told >= 0 && told <= 16 && (told > 0 || !"sizelength".equals(name)) ? told : usual;
    }

    /** 1024 samples of the core coder, in ticks of the RTP clock: with SBR the clock runs at twice the core's rate. */
    private static int ticksPerUnit(TrackFormat format) {
        try {
            int coreRate = AudioSpecificConfig.parse(format.configuration()).sampleRate();
            return (int) (1024L * format.clockRate() / coreRate);
        } catch (NalException impossible) {
            return 1024;
        }
    }
}
