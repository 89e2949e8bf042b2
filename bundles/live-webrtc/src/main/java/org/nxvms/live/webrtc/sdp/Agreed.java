// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.sdp.MediaSection;

/**
 * What of a track is agreed on with a player.
 *
 * @param section of the offer
 * @param encoding name, clock and channels as in {@code a=rtpmap}
 * @param parameters of the format, empty for none
 * @param payloadType of packets
 * @param resendType of packets that are sent again, negative when they are sent as they were
 * @param playoutDelay number of the extension that tells the player not to wait, 0 when it does not know it
 * @param ssrc of packets
 * @param resendSsrc of packets that are sent again
 */
public record Agreed(
        Offer.Section section,
        String encoding,
        String parameters,
        int payloadType,
        int resendType,
        int playoutDelay,
        int ssrc,
        int resendSsrc) {
    /** Minimum and maximum delay of playing, in the header of packets. */
    public static final String PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

    /** Highest first: a decoder of a higher profile decodes the lower ones. Names of ITU-T H.264 annex A. */
    private static final List<String> PROFILES = List.of("64", "4d", "42");

    private static final String PROFILE_LEVEL = "[0-9a-f]{6}";

    /** Source identifiers of one track. */
    public record Sources(int ssrc, int resendSsrc) {
        /**
         * {@return those of so many tracks of one player} All of them differ: they are protected with the same keys, which two sources
         * under one identifier would use up together (RFC 3711 9.1).
         */
        public static List<Sources> of(int tracks, IntSupplier chance) {
            int[] different =
                    IntStream.generate(chance).distinct().limit(2L * tracks).toArray();
            return IntStream.range(0, tracks)
                    .mapToObj(track -> new Sources(different[2 * track], different[2 * track + 1]))
                    .toList();
        }
    }

    /** {@return how H.264 is sent in this section; empty when it takes none that may be cut in fragments} */
    public static Optional<Agreed> video(Offer.Section section, TrackFormat format, Sources sources) {
        MediaSection media = section.media();
        String profile = format.codecString().length() >= 7
                ? format.codecString().substring(5, 7).toLowerCase(Locale.ROOT)
                : "42";
        Optional<MediaSection.RtpMap> best = media.rtpMaps().stream()
                .filter(Agreed::isH264)
                .filter(map -> media.formatNumber(map.type(), "packetization-mode", 0) == 1)
                .min(Comparator.comparingInt(map -> distance(profile(media, map.type()), profile)));
        return best.map(map -> {
            String parameters = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
                    + profileLevel(media, map.type());
            return new Agreed(
                    section,
                    "H264/90000",
                    parameters,
                    map.type(),
                    section.resendOf(map.type()).orElse(-1),
                    section.extension(PLAYOUT_DELAY).orElse(0),
                    sources.ssrc(),
                    sources.resendSsrc());
        });
    }

    private static boolean isH264(MediaSection.RtpMap map) {
        return map.encoding().equals("H264") && map.clockRate() == 90_000;
    }

    /** {@return why {@link #video} is empty for a section, with the way out, for who wrote the offer} */
    public static String objection(Offer.Section section) {
        return section.media().rtpMaps().stream().anyMatch(Agreed::isH264)
                ? "The offer takes H.264 in packetization-mode=0 only, in which no picture may be larger than a packet:"
                        + " offer packetization-mode=1."
                : "The offer does not take H.264: offer H264/90000 with packetization-mode=1.";
    }

    /** {@return how sound is sent in this section; empty when the player does not know its codec} */
    public static Optional<Agreed> audio(Offer.Section section, TrackFormat format, Sources sources) {
        return encoding(format).flatMap(wanted -> section.media().rtpMaps().stream()
                .filter(map -> wanted.equals(
                        map.encoding() + "/" + map.clockRate() + (map.channels() > 1 ? "/" + map.channels() : "")))
                .findFirst()
                .map(map -> new Agreed(
                        section,
                        wanted.replace("OPUS", "opus"),
                        "",
                        map.type(),
                        -1,
                        section.extension(PLAYOUT_DELAY).orElse(0),
                        sources.ssrc(),
                        sources.resendSsrc())));
    }

    /** {@return name of a sound's encoding that players may know without its being changed} */
    private static Optional<String> encoding(TrackFormat format) {
        boolean telephone = format.clockRate() == 8_000 && format.channels() == 1;
        if (format.codec() == Codec.PCM_MULAW && telephone) {
            return Optional.of("PCMU/8000");
        }
        if (format.codec() == Codec.PCM_ALAW && telephone) {
            return Optional.of("PCMA/8000");
        }
        // RFC 7587 4.1: always told as two channels of 48 kHz.
        return format.codec() == Codec.OPUS && format.clockRate() == 48_000
                ? Optional.of("OPUS/48000/2")
                : Optional.empty();
    }

    /** {@return whether a sound could be sent to a player at all} */
    public static boolean isSound(TrackFormat format) {
        return encoding(format).isPresent();
    }

    private static int distance(String offered, String wanted) {
        int there = PROFILES.indexOf(offered);
        if (offered.equals(wanted)) {
            return -1;
        }
        return there < 0 ? PROFILES.size() : there;
    }

    private static String profile(MediaSection media, int type) {
        return profileLevel(media, type).substring(0, 2);
    }

    /** What is not said is constrained baseline (RFC 6184 8.1). */
    private static String profileLevel(MediaSection media, int type) {
        String told = media.formatParameters(type)
                .getOrDefault("profile-level-id", "42e01f")
                .toLowerCase(Locale.ROOT);
        return told.matches(PROFILE_LEVEL) ? told : "42e01f";
    }
}
