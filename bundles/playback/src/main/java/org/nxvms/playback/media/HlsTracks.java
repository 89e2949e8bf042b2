// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.platform.api.archive.Segment;

/**
 * What of footage HLS plays: segments as they lie on the disk, or their pictures alone ({@link TrackServlet}) where their sound is
 * none that HLS has a name for, or not for whoever asks. A player that finds a track it does not know refuses all of it.
 */
final class HlsTracks {
    /** Sound by its sample entry, as it stands in front of a codec's parameters. */
    private static final Set<String> KNOWN_SOUND = Set.of("mp4a", "opus");

    private static final Set<String> UNKNOWN_SOUND = Set.of("ulaw", "alaw", "g726");

    private HlsTracks() {}

    /**
     * {@return whether the pictures of a segment are played by themselves} Of one without pictures there is sound in any case.
     *
     * @param listens whether whoever asks may listen
     */
    static boolean picturesAlone(Segment segment, boolean listens) {
        return segment.hasAudio()
                && entries(segment).anyMatch(entry -> !isSound(entry))
                && (!listens || entries(segment).anyMatch(UNKNOWN_SOUND::contains));
    }

    /** {@return the initialisation segment of what is played of a segment, from a playlist of a range} */
    static String map(Segment segment, boolean listens) {
        String track = picturesAlone(segment, listens) ? "-" + OneTrack.PICTURES.letter() : "";
        return "#EXT-X-MAP:URI=\"../../init/" + segment.initId() + track + ".mp4\"\n";
    }

    /** {@return of codecs those that a player needs to know; sound that none knows where there is nothing else} */
    static String played(Collection<String> codecs, boolean listens) {
        String known = named(codecs, codec -> listens ? !UNKNOWN_SOUND.contains(entry(codec)) : !isSound(entry(codec)));
        return known.isEmpty() ? String.join(",", codecs) : known;
    }

    /** {@return of codecs those of pictures} */
    static String pictures(Collection<String> codecs) {
        return named(codecs, codec -> !isSound(entry(codec)));
    }

    private static String named(Collection<String> codecs, Predicate<String> wanted) {
        return codecs.stream().filter(wanted).collect(Collectors.joining(","));
    }

    private static Stream<String> entries(Segment segment) {
        return Stream.of(segment.codecs().split(",")).map(HlsTracks::entry);
    }

    private static String entry(String codec) {
        return codec.strip().split("\\.", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static boolean isSound(String entry) {
        return KNOWN_SOUND.contains(entry) || UNKNOWN_SOUND.contains(entry);
    }
}
