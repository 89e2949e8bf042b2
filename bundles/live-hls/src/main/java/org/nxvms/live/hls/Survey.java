// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.Optional;
import java.util.Set;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;

/**
 * Looks through what the hub holds of a stream, without its payload: how often pictures and key frames come, and where the newest
 * access unit stands. Only the newest run counts. One thread.
 */
final class Survey {
    /** More than a ring ever holds; a stream whose writer is faster than we count is not waited for. */
    private static final int UNITS_MAX = 1 << 20;
    /** Fewer say too little. */
    private static final int PICTURES_MIN = 4;

    private static final long AUDIO_KEY_US = 1_000_000;

    private int lead;
    private int clockRate = 1;
    private boolean video;
    private long first;
    private long newest;
    private long pictures;
    private long lastKey = Long.MIN_VALUE;
    private long keyTicks;
    private long newestWallUs;

    private Survey() {}

    /**
     * {@return what is known; empty while too little was sent}
     *
     * @param playable codecs that count
     */
    static Optional<Survey> of(StreamHub hub, StreamId stream, Set<Codec> playable) {
        Survey survey = new Survey();
        try (StreamReader reader = hub.openReader(stream, "live-hls-survey", ReaderStart.OLDEST_KEY)) {
            for (int i = 0; i < UNITS_MAX; i++) {
                int entry = reader.poll();
                if (entry == StreamReader.RUN_START) {
                    survey.begin(reader, playable);
                } else if (entry == StreamReader.ACCESS_UNIT) {
                    survey.unit(reader, playable);
                } else if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    break;
                }
            }
        }
        return survey.pictures < PICTURES_MIN ? Optional.empty() : Optional.of(survey);
    }

    private void begin(StreamReader reader, Set<Codec> playable) {
        lead = -1;
        pictures = 0;
        lastKey = Long.MIN_VALUE;
        keyTicks = 0;
        for (int i = 0; i < reader.format().tracks().size() && lead < 0; i++) {
            TrackFormat track = reader.format().tracks().get(i);
            if (playable.contains(track.codec())) {
                lead = i;
                clockRate = track.clockRate();
                video = track.isVideo();
            }
        }
    }

    private void unit(StreamReader reader, Set<Codec> playable) {
        if (clockRate == 1) {
            // The reader began within a run.
            begin(reader, playable);
        }
        if (reader.track() != lead) {
            return;
        }
        newest = pictures == 0 ? reader.timestamp() : Math.max(newest, reader.timestamp());
        first = pictures == 0 ? newest : first;
        pictures++;
        newestWallUs = reader.wallUs();
        if (video && reader.key()) {
            keyTicks = lastKey == Long.MIN_VALUE ? 0 : Math.max(keyTicks, reader.timestamp() - lastKey);
            lastKey = reader.timestamp();
        }
    }

    /** {@return from one picture to the next, on average; of sound from one frame to the next} */
    long pictureUs() {
        return Math.max(1, us(newest - first) / (pictures - 1));
    }

    /** {@return the longest time from one key frame to the next; empty when there was only one} */
    Optional<Long> keyUs() {
        if (!video) {
            return Optional.of(AUDIO_KEY_US);
        }
        return keyTicks > 0 ? Optional.of(us(keyTicks)) : Optional.empty();
    }

    long newestWallUs() {
        return newestWallUs;
    }

    private long us(long ticks) {
        return ticks * 1_000_000 / clockRate;
    }
}
