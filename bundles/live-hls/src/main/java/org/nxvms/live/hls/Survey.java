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
import org.nxvms.media.kit.live.LiveFormat;

/**
 * Looks through what the hub holds of a stream, without its payload: how often pictures and key frames come, how many bits, and where
 * the newest access unit stands. Only the newest run counts. One thread.
 */
final class Survey {
    /** More than a ring ever holds; a stream whose writer is faster than we count is not waited for. */
    private static final int UNITS_MAX = 1 << 20;
    /** Fewer say too little. */
    private static final int PICTURES_MIN = 4;

    private static final long AUDIO_KEY_US = 1_000_000;
    /** As long as a segment mostly is, over which the peak of the bit rate is taken. */
    private static final long PEAK_US = 2_000_000;

    private final Set<Codec> playable;
    private final boolean sound;
    private LiveFormat.Choice choice;

    private int lead;
    private int clockRate = 1;
    private boolean video;
    private long first;
    private long newest;
    private long pictures;
    private long lastKey = Long.MIN_VALUE;
    private long keyTicks;
    private long newestWallUs;
    private long bytes;
    private long keyBytesMax;
    private long windowStart;
    private long windowBytes;
    private long peakBps;

    private Survey(Set<Codec> playable, boolean sound) {
        this.playable = playable;
        this.sound = sound;
    }

    /**
     * {@return what is known; empty while too little was sent}
     *
     * @param reading the reader's name
     * @param playable codecs that count
     * @param sound whether sound is sent with pictures
     */
    static Optional<Survey> of(StreamHub hub, StreamId stream, String reading, Set<Codec> playable, boolean sound) {
        Survey survey = new Survey(playable, sound);
        try (StreamReader reader = hub.openReader(stream, reading, ReaderStart.OLDEST_KEY)) {
            for (int i = 0; i < UNITS_MAX; i++) {
                int entry = reader.poll();
                if (entry == StreamReader.RUN_START) {
                    survey.begin(reader);
                } else if (entry == StreamReader.ACCESS_UNIT) {
                    survey.unit(reader);
                } else if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    break;
                }
            }
        }
        return survey.pictures < PICTURES_MIN ? Optional.empty() : Optional.of(survey);
    }

    private void begin(StreamReader reader) {
        choice = LiveFormat.choose(reader.run(), reader.format(), playable, sound);
        bytes = 0;
        keyBytesMax = 0;
        windowBytes = 0;
        peakBps = 0;
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

    private void unit(StreamReader reader) {
        if (clockRate == 1) {
            // The reader began within a run.
            begin(reader);
        }
        if (choice.format().isPresent() && choice.format().get().liveTrack(reader.track()) >= 0) {
            bytes += reader.length();
            windowBytes += reader.length();
        }
        if (reader.track() != lead) {
            return;
        }
        if (pictures == 0) {
            windowStart = reader.timestamp();
        } else if (us(reader.timestamp() - windowStart) >= PEAK_US) {
            peakBps = Math.max(peakBps, bps(windowBytes, us(reader.timestamp() - windowStart)));
            windowStart = reader.timestamp();
            windowBytes = 0;
        }
        newest = pictures == 0 ? reader.timestamp() : Math.max(newest, reader.timestamp());
        first = pictures == 0 ? newest : first;
        pictures++;
        newestWallUs = reader.wallUs();
        if (video && reader.key()) {
            keyBytesMax = Math.max(keyBytesMax, reader.length());
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

    /** {@return what of its newest run is sent, or why nothing is} */
    LiveFormat.Choice choice() {
        return choice;
    }

    long averageBps() {
        return bps(bytes, newest - first > 0 ? us(newest - first) : 1_000_000);
    }

    /** {@return over as long as a segment lasts} */
    long peakBps() {
        return Math.max(peakBps, averageBps());
    }

    /** {@return of one key frame a segment} */
    long keyBps() {
        return bps(keyBytesMax, Math.max(AUDIO_KEY_US, keyUs().orElse(PEAK_US)));
    }

    private static long bps(long bytes, long us) {
        return bytes * 8_000_000 / Math.max(1, us);
    }

    long newestWallUs() {
        return newestWallUs;
    }

    private long us(long ticks) {
        return ticks * 1_000_000 / clockRate;
    }
}
