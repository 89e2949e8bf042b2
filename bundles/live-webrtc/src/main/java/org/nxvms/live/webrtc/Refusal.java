// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;

/**
 * Why a stream cannot be watched this way, with the way out.
 *
 * @param detail sentences for people
 */
record Refusal(String detail) {
    private static final String WAY_OUT =
            " Watch it by WebSocket (/ws/v1/live/{cameraId}), have it encoded anew (stream=main~h264)";

    /** Decoders of WebRTC show pictures in the order they come. */
    static final Refusal REORDERED = new Refusal("The camera sends B-frames, which browsers do not show by WebRTC."
            + WAY_OUT + ", or switch B-frames off in the camera.");

    /** What should not happen; the log says what it was. */
    static final Refusal STUMBLED = new Refusal("Live view by WebRTC stumbled. Try again.");

    /** Entries of a ring that are looked at: pictures and sounds of a second or two, more than any pattern of B-frames. */
    private static final int ENTRIES_MAX = 128;

    /** What is known of a stream. */
    record Look(Optional<StreamFormat> format, Optional<Refusal> refusal) {}

    /** {@return why the tracks do not do} */
    static Optional<Refusal> ofFormat(StreamFormat format) {
        Optional<TrackFormat> video = format.video();
        if (video.isEmpty()) {
            return Optional.of(new Refusal("The stream has no picture." + WAY_OUT + "."));
        }
        if (video.get().codec() != Codec.H264) {
            return Optional.of(new Refusal("The stream is " + video.get().codec()
                    + ", WebRTC carries H.264 here. Take the other stream (stream=sub or stream=main), have it encoded"
                    + " anew (stream=main~h264), or set the camera to H.264."));
        }
        return Optional.empty();
    }

    /** Looks at what the ring holds of a stream; a cursor of its own, that is gone afterwards. Any thread. */
    static Look look(StreamHub hub, StreamId stream) {
        if (hub.statistics(stream).isEmpty()) {
            return new Look(Optional.empty(), Optional.empty());
        }
        Optional<StreamFormat> format = Optional.empty();
        long newest = Long.MIN_VALUE;
        boolean reordered = false;
        try (StreamReader reader = hub.openReader(stream, "live-webrtc-look", ReaderStart.OLDEST_KEY)) {
            for (int entries = 0; entries < ENTRIES_MAX; entries++) {
                int state = reader.poll();
                if (state == StreamReader.RUN_START) {
                    format = Optional.of(reader.format());
                    newest = Long.MIN_VALUE;
                    reordered = false;
                } else if (state == StreamReader.ACCESS_UNIT) {
                    format = Optional.of(reader.format());
                    if (reader.track() == 0) {
                        reordered |= reader.timestamp() < newest;
                        newest = Math.max(newest, reader.timestamp());
                    }
                } else if (state == StreamReader.EMPTY || state == StreamReader.CLOSED) {
                    break;
                }
            }
        }
        Optional<Refusal> refusal = format.flatMap(Refusal::ofFormat);
        if (refusal.isEmpty() && reordered) {
            refusal = Optional.of(REORDERED);
        }
        return new Look(format, refusal);
    }
}
