// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * What becomes of a rendition in the hub: the encoder's pictures and sound, and what else the source has beside them as it came. The
 * former come on the process's thread, the latter on the feeding one; so each call takes the lock.
 */
final class Encoded {
    /** Sound this far from the pictures belongs to the other side of a jump. */
    private static final long SOUND_US_MAX = 5_000_000;

    /** What not every browser plays as it comes. */
    private static final Set<Codec> MADE_OPUS = EnumSet.of(Codec.AAC, Codec.PCM_ALAW, Codec.PCM_MULAW);

    private static final int OPUS_RATE = 48_000;

    private final StreamWriter writer;
    private final CompletableFuture<StreamFormat> first = new CompletableFuture<>();
    private final WallTimes times = new WallTimes();
    private H264Units units = new H264Units();
    private List<TrackFormat> beside = List.of();
    private volatile int soundTrack = -1;
    private Optional<TrackFormat> sound = Optional.empty();
    private long soundTicks;
    private long soundWallUs;
    private StreamFormat newest;
    private double frameRate;
    private boolean running;
    /** Whether a run is open in the hub, be it that its source's has ended without a word. */
    private boolean open;

    private long lastWallUs;
    private long lastStepUs;
    private volatile long pictures;

    Encoded(StreamWriter writer) {
        this.writer = writer;
    }

    /** {@return the format, once there was a picture} */
    CompletableFuture<StreamFormat> first() {
        return first;
    }

    long pictures() {
        return pictures;
    }

    /** A run of the source begins: its next pictures are the first of another run here. */
    synchronized void begin(StreamFormat source) {
        running = false;
        units = new H264Units();
        times.clear();
        frameRate = source.video().map(TrackFormat::frameRate).orElse(0.0);
        soundTrack = -1;
        sound = Optional.empty();
        soundTicks = 0;
        List<TrackFormat> others = new ArrayList<>();
        for (int i = 1; i < source.tracks().size(); i++) {
            TrackFormat track = source.tracks().get(i);
            if (soundTrack < 0 && MADE_OPUS.contains(track.codec())) {
                soundTrack = i;
                sound = Optional.of(track);
                track = TrackFormats.opus(Math.min(2, Math.max(1, track.channels())));
            }
            others.add(track);
        }
        beside = others;
    }

    /** {@return number of the source's track whose sound is encoded anew, negative when there is none} */
    int soundTrack() {
        return soundTrack;
    }

    /** {@return its format} */
    synchronized Optional<TrackFormat> soundFormat() {
        return sound;
    }

    /** A sound goes to the encoder. */
    synchronized void soundSent(long timestamp, long wallUs) {
        int rate = sound.map(TrackFormat::clockRate).orElse(OPUS_RATE);
        soundTicks = timestamp / rate * OPUS_RATE + timestamp % rate * OPUS_RATE / rate;
        soundWallUs = wallUs;
    }

    /** A sound has come from the encoder. */
    synchronized void sound(long timestamp, ByteBuffer data) {
        other(
                soundTrack,
                StreamWriter.KEY,
                timestamp,
                soundWallUs + (timestamp - soundTicks) * 1_000_000 / OPUS_RATE,
                data);
    }

    /** A picture goes to the encoder. */
    void sent(long timestamp, long wallUs) {
        times.add(timestamp, wallUs);
    }

    /** A picture has come from the encoder. */
    synchronized void picture(boolean key, long timestamp, ByteBuffer data) {
        if (!writer.begin() || !units.take(data, writer)) {
            writer.abort();
            return;
        }
        long wallUs = times.of(timestamp, lastWallUs + lastStepUs);
        if (running && units.formatChanged() && key) {
            running = false;
        }
        if (!running && !(key && start(wallUs))) {
            writer.abort();
            return;
        }
        if (writer.commit(0, key ? StreamWriter.KEY : 0, timestamp, wallUs) == StreamWriter.COMMITTED) {
            if (wallUs > lastWallUs) {
                lastStepUs = Math.min(1_000_000, wallUs - lastWallUs);
                lastWallUs = wallUs;
            }
            pictures++;
            first.complete(newest);
        }
    }

    private boolean start(long wallUs) {
        try {
            List<TrackFormat> tracks = new ArrayList<>();
            tracks.add(TrackFormats.withFrameRate(units.format(), frameRate));
            tracks.addAll(beside);
            StreamFormat format = new StreamFormat(tracks);
            units.formatChanged();
            running = writer.startRun(format, wallUs, ClockSource.ARRIVAL) > 0;
            open |= running;
            lastWallUs = wallUs;
            lastStepUs = 0;
            newest = format;
            return running;
        } catch (NalException | IllegalArgumentException notYet) {
            return false;
        }
    }

    /** What is not encoded anew goes beside the pictures as it came. */
    synchronized void other(int track, int flags, long timestamp, long wallUs, ByteBuffer data) {
        if (running && Math.abs(wallUs - lastWallUs) < SOUND_US_MAX && writer.begin()) {
            writer.append(data);
            writer.commit(track, flags, timestamp, wallUs);
        }
    }

    /** Nothing follows for now. */
    synchronized void end(GapCause cause, String detail) {
        if (open) {
            writer.endRun(lastWallUs + lastStepUs, cause, detail);
        }
        running = false;
        open = false;
    }

    synchronized void close() {
        writer.close();
        first.completeExceptionally(new IllegalStateException("it has ended"));
    }
}
