// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.nxvms.ingest.kit.ArrivalClock;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.HostClock;
import org.nxvms.ingest.kit.RunAllowance;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;

/**
 * Writes one source's packets into the hub: opens a run at the first key frame, at each change of format and where the source's
 * time jumps, and gives every unit its wall time. All tracks of a container share one time line, so the pictures' clock
 * serves the sound too. The source's thread only, but for {@link #started}, {@link #lastUnitNs}, {@link #runs} and
 * {@link #format}.
 */
final class HubFeed implements SourceListener {
    /** Time stamps of a run begin here, so that neither early sound nor decode times of B-frames fall below zero. */
    private static final long ORIGIN_S = 10;

    private static final int VIDEO_CLOCK_RATE = 90_000;
    /** Slower than one picture a second is time lapse, and a stall rather than a long picture. */
    private static final long PICTURE_US_MAX = 1_000_000;
    /** Sound this far from the pictures belongs to the other side of a jump. */
    private static final long SOUND_US_MAX = 5_000_000;

    private final StreamWriter writer;
    private final UnitBytes ring;
    private final RunAllowance allowance;
    private final Consumer<Failure> over;
    private final LongSupplier wall;
    private final HostClock host;
    private final ArrivalClock clock = new ArrivalClock(VIDEO_CLOCK_RATE);
    private Optional<Pictures> pictures = Optional.empty();
    private Optional<Sound> sound = Optional.empty();
    private double frameRate;
    private Failure refused;

    private boolean running;
    private boolean wasRunning;
    private boolean restart;
    private boolean soundTakesPart;
    private long originTicks;
    private long lastWallUs;
    private long lastStepUs;
    private volatile boolean started;
    private volatile long lastUnitNs = System.nanoTime();
    private volatile int runs;
    private volatile StreamFormat format;

    /** @param over told why the source ended, when the run has been ended */
    HubFeed(StreamWriter writer, RunAllowance allowance, Consumer<Failure> over) {
        this(writer, allowance, over, () -> System.currentTimeMillis() * 1000);
    }

    /** @param wallUs the server's wall clock */
    HubFeed(StreamWriter writer, RunAllowance allowance, Consumer<Failure> over, LongSupplier wallUs) {
        this.writer = writer;
        this.ring = new UnitBytes.Ring(writer);
        this.allowance = allowance;
        this.over = over;
        this.wall = wallUs;
        this.host = new HostClock(wallUs.getAsLong(), System.nanoTime());
    }

    boolean started() {
        return started;
    }

    /** {@return monotonic time of the newest picture, or of the feed's creation} */
    long lastUnitNs() {
        return lastUnitNs;
    }

    int runs() {
        return runs;
    }

    Optional<StreamFormat> format() {
        return Optional.ofNullable(format);
    }

    @Override
    public void opened(List<SourceTrack> tracks) {
        SourceTrack video = tracks.get(0);
        pictures = video.video() ? Pictures.of(video) : Optional.empty();
        frameRate = video.frameRate();
        if (pictures.isEmpty()) {
            refused = refusal(video);
        }
        if (tracks.size() > 1) {
            sound = Sound.of(tracks.get(1));
        }
    }

    /** {@return why a track cannot be recorded} */
    static Failure refusal(SourceTrack video) {
        return Failure.unsupported("the source sends " + (video.video() ? video.codec() : "no video")
                + "; only H.264, H.265 and Motion JPEG are recorded, set its encoder to one of them");
    }

    /** {@return why the source is of no use, once it is open} */
    Optional<Failure> refused() {
        return Optional.ofNullable(refused);
    }

    @Override
    public void changed(int index, SourceTrack track) {
        if (index == 0) {
            pictures.ifPresent(p -> p.configure(track.configuration()));
        } else {
            sound.ifPresent(s -> s.configure(track.configuration()));
        }
    }

    @Override
    public void unit(int index, int flags, long ticks, ByteBuffer data) {
        if (index == 0 && pictures.isPresent()) {
            picture(pictures.get(), (flags & DISCONTINUITY) != 0, ticks, data);
        } else if (index == 1 && sound.isPresent()) {
            soundUnit(sound.get(), ticks, data);
        }
    }

    private void picture(Pictures source, boolean discontinuity, long ticks, ByteBuffer data) {
        if (!writer.begin() || !source.take(data, ring)) {
            writer.abort();
            return;
        }
        if (running && source.formatChanged()) {
            // Without a key frame the new parameter sets cannot be used; the old ones are void.
            running = false;
        }
        if (running) {
            restart |= !follows(ticks) | discontinuity | host.setUs() != 0;
        }
        if (!prepareRun(source, ticks)) {
            writer.abort();
            return;
        }
        long wallUs = clock.wallUs(ticks);
        noteEnd(wallUs);
        writer.commit(0, source.key() ? StreamWriter.KEY : 0, ticks - originTicks, wallUs);
        lastUnitNs = System.nanoTime();
    }

    /** {@return whether a picture's time follows from those before; otherwise it is brought in line until the next key frame} */
    private boolean follows(long ticks) {
        if (clock.observe(ticks, nowUs()) == ArrivalClock.Verdict.FINE) {
            return true;
        }
        originTicks += clock.jumpTicks();
        return false;
    }

    /** {@return whether a run is open that takes this picture} */
    private boolean prepareRun(Pictures source, long ticks) {
        boolean wanted = restart || soundIsNew();
        if (running && !(wanted && source.key())) {
            return true;
        }
        Optional<StreamFormat> next = source.key() ? nextFormat(source) : Optional.empty();
        if (next.isEmpty()) {
            return running;
        }
        if (!allowance.take(System.nanoTime())) {
            if (!running) {
                holdBack();
            }
            return running;
        }
        begin(next.get(), ticks);
        return running;
    }

    private void begin(StreamFormat next, long ticks) {
        source().formatChanged();
        sound.ifPresent(Sound::formatChanged);
        restart = false;
        if (running && host.setUs() != 0) {
            writer.endRun(lastWallUs + lastStepUs, GapCause.CLOCK_JUMP, "the server's clock was set");
            lastWallUs = Long.MIN_VALUE;
            lastStepUs = 0;
        }
        host.restart();
        // A run never begins before the one it follows has ended.
        long startUs = Math.max(nowUs(), lastWallUs + lastStepUs);
        if (startUs - nowUs() > PICTURE_US_MAX) {
            writer.endRun(lastWallUs + lastStepUs, GapCause.CLOCK_JUMP, "the source's time stamps ran ahead");
            startUs = nowUs();
        }
        clock.restart();
        clock.observe(ticks, startUs);
        originTicks = ticks - ORIGIN_S * VIDEO_CLOCK_RATE;
        lastWallUs = startUs;
        lastStepUs = 0;
        soundTakesPart = next.tracks().size() > 1;
        running = writer.startRun(next, startUs, ClockSource.ARRIVAL) > 0;
        wasRunning |= running;
        format = next;
        runs++;
        started |= running;
    }

    private Pictures source() {
        return pictures.orElseThrow();
    }

    private void holdBack() {
        lastUnitNs = System.nanoTime();
        writer.endRun(
                lastWallUs + lastStepUs,
                GapCause.UNSUPPORTED,
                "the source changes its picture format all the time; pictures are left out for some seconds");
    }

    private boolean soundIsNew() {
        return sound.isPresent()
                && sound.get().format().isPresent()
                && (!soundTakesPart || sound.get().formatChanged());
    }

    private Optional<StreamFormat> nextFormat(Pictures source) {
        try {
            List<TrackFormat> tracks = new ArrayList<>();
            tracks.add(TrackFormats.withFrameRate(source.format().format(), frameRate));
            sound.flatMap(Sound::format).ifPresent(tracks::add);
            return Optional.of(new StreamFormat(tracks));
        } catch (NalException | IllegalArgumentException notYet) {
            return Optional.empty();
        }
    }

    private void soundUnit(Sound source, long ticks, ByteBuffer data) {
        if (!source.take(data) || !running || !soundTakesPart) {
            return;
        }
        int rate = source.clockRate();
        long wallUs = clock.wallUs(scaled(ticks, VIDEO_CLOCK_RATE, rate));
        long timestamp = ticks - scaled(originTicks, rate, VIDEO_CLOCK_RATE);
        if (timestamp >= 0 && Math.abs(wallUs - lastWallUs) < SOUND_US_MAX && writer.begin()) {
            writer.append(data);
            writer.commit(1, StreamWriter.KEY, timestamp, wallUs);
        }
    }

    /** {@return value * to / from, exact for any time a stream can have} */
    private static long scaled(long value, long to, long from) {
        return value / from * to + value % from * to / from;
    }

    private void noteEnd(long wallUs) {
        if (wallUs > lastWallUs) {
            lastStepUs = Math.min(PICTURE_US_MAX, wallUs - lastWallUs);
            lastWallUs = wallUs;
        }
    }

    @Override
    public void ended(SourceEnd end) {
        Failure why = refused != null ? refused : Losses.of(end);
        over.accept(why);
    }

    /** The source is over: ends the run. */
    void end(GapCause cause, String detail) {
        if (wasRunning) {
            writer.endRun(lastWallUs + lastStepUs, cause, detail);
        }
        running = false;
    }

    /** {@return the time by which arrivals are noted: it does not jump while a run is open} */
    private long nowUs() {
        return host.us(wall.getAsLong(), System.nanoTime());
    }
}
