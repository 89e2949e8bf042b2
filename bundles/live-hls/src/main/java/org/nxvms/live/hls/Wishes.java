// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.live.hls.HeldRequest.Answer;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.rest.kit.problem.Problem;

/** What each address is answered with as a stream goes on; see {@link HeldRequest.Wish}. Stateless. */
final class Wishes {
    static final String PLAYLIST = "application/vnd.apple.mpegurl";
    /** Media never change; their numbers never come again. */
    private static final int KEPT_SECONDS = 120;
    /** So many segments ahead may be asked for (RFC 8216bis 6.2.5.2). */
    private static final int SEGMENTS_AHEAD = 2;

    private Wishes() {}

    /** @param others the camera's other streams, as they are when it is answered */
    static HeldRequest.Wish playlist(
            Address.Playlist wanted, Feed.Key key, Supplier<List<MediaPlaylist.Rendition>> others) {
        return timeline -> {
            if (!timeline.isReady()) {
                return Optional.empty();
            }
            requireNear(timeline, wanted.number());
            if (wanted.number() == timeline.nextNumber()
                    && wanted.part() >= timeline.nextPart() + timeline.partsAhead()) {
                throw Problem.malformed(
                                "_HLS_part",
                                "Of segment " + wanted.number() + " there are " + timeline.nextPart()
                                        + " parts: ask for one of the next " + timeline.partsAhead()
                                        + ". Read the playlist again.")
                        .exception();
            }
            if (wanted.number() >= 0 && !timeline.has(wanted.number(), wanted.part())) {
                return Optional.empty();
            }
            return Optional.of(text(PLAYLIST, MediaPlaylist.text(timeline, Address.folder(key), others.get())));
        };
    }

    static HeldRequest.Wish keyFrames(Address.KeyFrames wanted, Feed.Key key) {
        return timeline -> {
            if (!timeline.isReady()) {
                return Optional.empty();
            }
            requireNear(timeline, wanted.number());
            if (timeline.last().format().sent().video().isEmpty()) {
                throw Problem.of("not-playable", "Cannot be played", 409, "There are no pictures, only sound.")
                        .exception();
            }
            if (wanted.number() >= 0 && !timeline.has(wanted.number(), Timeline.WHOLE)) {
                return Optional.empty();
            }
            return Optional.of(text(PLAYLIST, KeyFramePlaylist.text(timeline, Address.folder(key))));
        };
    }

    private static void requireNear(Timeline timeline, long number) {
        if (number > timeline.last().number() + SEGMENTS_AHEAD) {
            throw Problem.malformed(
                            "_HLS_msn",
                            "The newest segment is " + timeline.last().number()
                                    + ": ask for one of the next two. Read the playlist again.")
                    .exception();
        }
    }

    /**
     * The manifest as soon as a segment grows, which is a part's time after the one before: FFmpeg, which reads the manifest
     * before each segment, asks for one that is not there when none follows. Of a stream that stands still it comes without.
     */
    static HeldRequest.Wish manifest(Feed.Key key) {
        return new HeldRequest.Wish() {
            @Override
            public Optional<Answer> answer(Timeline timeline) {
                return timeline.isReady() && !timeline.last().complete() ? late(timeline) : Optional.empty();
            }

            @Override
            public Optional<Answer> late(Timeline timeline) {
                return timeline.isReady()
                        ? Optional.of(text(
                                "application/dash+xml", LiveManifest.text(timeline, key, System.currentTimeMillis())))
                        : Optional.empty();
            }
        };
    }

    static HeldRequest.Wish part(PartName name) {
        return timeline -> part(timeline, name);
    }

    static HeldRequest.Wish segment(long number, Track track) {
        return timeline -> whole(timeline, number, track);
    }

    private static Optional<Answer> whole(Timeline timeline, long number, Track track) {
        Optional<Segment> segment = timeline.segment(number);
        if (segment.isEmpty() && !(timeline.isReady() && number == timeline.nextNumber())) {
            throw gone().exception();
        }
        return segment.filter(Segment::complete).map(all -> {
            requireIn(all, track);
            return new Answer(track.type(all.format()), KEPT_SECONDS, all.of(track));
        });
    }

    private static Optional<Answer> part(Timeline timeline, PartName name) {
        Optional<Part> part = timeline.part(name);
        if (part.isEmpty() && !(timeline.isReady() && timeline.nextName().equals(name))) {
            throw gone().exception();
        }
        return part.map(found ->
                new Answer(Track.ALL.type(timeline.last().format()), KEPT_SECONDS, List.of(found.of(Track.ALL))));
    }

    static HeldRequest.Wish init(Address.Init wanted) {
        return timeline -> Optional.of(timeline.held().stream()
                .map(Segment::format)
                .filter(format -> format.initId().equals(wanted.initId()))
                .filter(wanted.track()::isIn)
                .findFirst()
                .map(format -> new Answer(
                        wanted.track() == Track.SOUND ? "audio/mp4" : "video/mp4",
                        KEPT_SECONDS,
                        List.of(init(format, wanted.track()))))
                .orElseThrow(() -> gone().exception()));
    }

    private static ByteBuffer init(LiveFormat format, Track track) {
        return track == Track.ALL ? format.init() : ByteBuffer.wrap(InitSegment.ofTrack(format.sent(), track.number()));
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException 404 where there are not both pictures and sound */
    static void requireIn(Segment segment, Track track) {
        if (!track.isIn(segment.format())) {
            throw gone().exception();
        }
    }

    private static Answer text(String contentType, String text) {
        return new Answer(contentType, 0, List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))));
    }

    static Problem gone() {
        return Problem.notFound(
                "This is not kept any more, or never was. Read the playlist again: it names what there is.");
    }
}
