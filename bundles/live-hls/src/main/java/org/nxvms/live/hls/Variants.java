// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Writes the multivariant playlist of a camera: HLS (RFC 8216bis 4.4.6), each of its streams that players know as a variant, with its
 * key frames. What is told of them is measured in what the hub holds; nothing is cut for it.
 */
final class Variants {
    /** A camera's bit rate is not the same at all times; BANDWIDTH must hold for every segment. */
    private static final int ROOM_PERCENT = 20;

    private final StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:9\n");
    private String refusal = "";

    private Variants() {}

    /**
     * {@return the playlist}
     *
     * @param sound whether with sound where there is some
     * @throws org.nxvms.rest.kit.problem.ProblemException 409 when players know none of the streams, 503 while nothing comes
     */
    static String text(StreamHub hub, UUID camera, boolean sound) {
        Variants variants = new Variants();
        boolean any = false;
        for (StreamRole role : StreamRole.values()) {
            any |= variants.add(hub, new StreamId(camera, role), sound);
        }
        if (any) {
            return variants.out.toString();
        }
        throw (variants.refusal.isEmpty()
                        ? Problem.unavailable(
                                "Nothing arrives from the camera at the moment. Try again when it sends.",
                                HlsServlet.RETRY_AFTER_SECONDS)
                        : Problem.of("not-playable", "Cannot be played", 409, variants.refusal + "."))
                .exception();
    }

    private boolean add(StreamHub hub, StreamId stream, boolean sound) {
        Optional<Survey> seen = Survey.of(hub, stream, "live-hls-variants", Feed.PLAYABLE, sound);
        if (seen.isEmpty()) {
            return false;
        }
        Survey survey = seen.get();
        LiveFormat.Choice choice = survey.choice();
        refusal = refusal.isEmpty() ? choice.refusal() : refusal;
        choice.format().ifPresent(format -> variant(format, survey, stream.role()));
        return choice.format().isPresent();
    }

    private void variant(LiveFormat format, Survey survey, StreamRole role) {
        Optional<TrackFormat> video = format.sent().video();
        out.append("#EXT-X-STREAM-INF:BANDWIDTH=")
                .append(withRoom(survey.peakBps()))
                .append(",AVERAGE-BANDWIDTH=")
                .append(withRoom(survey.averageBps()))
                .append(",CODECS=\"")
                .append(format.sent().codecs())
                .append('"');
        video.ifPresent(track -> resolution(track)
                .append(",FRAME-RATE=")
                .append(String.format(Locale.ROOT, "%.3f", 1e6 / survey.pictureUs())));
        out.append("\nindex.m3u8?stream=").append(role.id()).append('\n');
        video.ifPresent(track -> {
            out.append("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=")
                    .append(withRoom(survey.keyBps()))
                    .append(",CODECS=\"")
                    .append(track.codecString())
                    .append('"');
            resolution(track)
                    .append(",URI=\"keyframes.m3u8?stream=")
                    .append(role.id())
                    .append("\"\n");
        });
    }

    private StringBuilder resolution(TrackFormat track) {
        return track.width() > 0
                ? out.append(",RESOLUTION=").append(track.width()).append('x').append(track.height())
                : out;
    }

    private static long withRoom(long bps) {
        return Math.max(1, bps * (100 + ROOM_PERCENT) / 100);
    }
}
