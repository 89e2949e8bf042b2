// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;

/**
 * Chooses what to fetch out of a session description: of picture, sound and metadata the first section each that {@link
 * PayloadFormats} understands. A picture there must be; whatever else is not understood is left out and said why.
 */
final class TrackPlan {
    /**
     * One track to set up.
     *
     * @param section of the session description
     * @param map its payload type
     * @param payload what takes its packets
     * @param sender filled by its sender reports
     */
    record Wanted(MediaSection section, MediaSection.RtpMap map, Payload payload, SenderClock sender) {
        boolean isVideo() {
            return payload.kind() == Codec.Kind.VIDEO;
        }

        String control() {
            return section.control().orElse("*");
        }
    }

    private final List<Wanted> tracks;
    private final List<String> leftOut;

    private TrackPlan(List<Wanted> tracks, List<String> leftOut) {
        this.tracks = List.copyOf(tracks);
        this.leftOut = List.copyOf(leftOut);
    }

    /** What cannot be fetched, in a sentence. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    static TrackPlan of(SessionDescription description) throws Unusable {
        List<String> leftOut = new ArrayList<>();
        List<Wanted> tracks = new ArrayList<>();
        Optional<Wanted> video = first(Codec.Kind.VIDEO, description, leftOut);
        if (video.isEmpty()) {
            throw new Unusable(
                    leftOut.isEmpty()
                            ? "the camera offers no video at this URL"
                            : "the camera sends " + String.join(", ", leftOut)
                                    + "; H.264, H.265 and Motion JPEG are supported, set the camera's encoder to one of"
                                    + " them");
        }
        tracks.add(video.get());
        first(Codec.Kind.AUDIO, description, leftOut).ifPresent(tracks::add);
        first(Codec.Kind.DATA, description, leftOut).ifPresent(tracks::add);
        return new TrackPlan(tracks, leftOut);
    }

    private static Optional<Wanted> first(Codec.Kind kind, SessionDescription description, List<String> leftOut) {
        String name =
                switch (kind) {
                    case VIDEO -> "video";
                    case AUDIO -> "audio";
                    case DATA -> "application";
                };
        for (MediaSection section : description.media()) {
            if (!name.equals(section.kind())) {
                continue;
            }
            for (MediaSection.RtpMap map : section.rtpMaps()) {
                try {
                    Payload payload = PayloadFormats.of(section, map);
                    if (payload.kind() == kind) {
                        return Optional.of(new Wanted(section, map, payload, new SenderClock(payload.clockRate())));
                    }
                } catch (Unusable reason) {
                    leftOut.add(reason.getMessage());
                }
            }
            if (section.rtpMaps().isEmpty()) {
                leftOut.add("an unnamed codec");
            }
        }
        return Optional.empty();
    }

    /** Video first, as the hub wants its tracks. */
    List<Wanted> tracks() {
        return tracks;
    }

    /** {@return what else is offered and why it is not fetched, each as a part of a sentence} */
    List<String> leftOut() {
        return leftOut;
    }

    /** Connects a track to a feed. */
    static Depacketizer depacketizer(Wanted wanted, MediaFeed feed, boolean waitForKey) {
        Payload payload = wanted.payload();
        AccessUnitSink sink = wanted.isVideo()
                ? feed.video(payload.format(), wanted.section().frameRate().orElse(0), wanted.sender())
                : feed.side(payload.format(), payload.clockRate(), wanted.sender());
        Depacketizer depacketizer = payload.into(sink, waitForKey);
        feed.receiving(depacketizer, payload.quirks());
        return depacketizer;
    }
}
