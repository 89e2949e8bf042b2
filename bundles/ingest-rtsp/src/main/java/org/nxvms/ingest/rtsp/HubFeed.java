// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.ingest.kit.HostClock;
import org.nxvms.ingest.kit.RunAllowance;
import org.nxvms.ingest.kit.WriterLease;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;

/**
 * Writes one session's access units into the hub: opens a run at the first key frame and at each change of format, gives
 * every unit its wall time, and puts sound and metadata between pictures, as the ring takes one access unit at a time. Video goes
 * from the socket's buffer into the ring in one copy. Loop thread only.
 */
final class HubFeed implements MediaFeed {
    /** Other tracks begin soon after the pictures; a longer tick would place them as much too late. */
    private static final long PLACED_NS = 1_000_000_000L;

    private final IoLoop loop;
    private final VideoSink video = new VideoSink();
    private final PictureTime time = new PictureTime();
    private final HostClock host;
    private FormatSource picture = new AvcParameterSets();
    private double frameRate;
    private SenderClock videoSender = new SenderClock(PictureTime.CLOCK_RATE);
    private final List<SideStash> sides = new ArrayList<>();
    private final List<Depacketizer> depacketizers = new ArrayList<>();
    private int quirks;

    private final RunAllowance allowance;
    private final StreamWriter writer;
    private StreamFormat format;
    private boolean running;
    private boolean wasRunning;
    private int runs;
    private long runBeganNs;
    private long lastUnitNs;
    private long lastKeyNs;
    private boolean sideChanged;
    private long pictures;

    HubFeed(IoLoop loop, WriterLease lease) {
        this.loop = loop;
        this.allowance = lease.runs();
        this.writer = lease.writer();
        this.lastUnitNs = loop.nowNs();
        this.lastKeyNs = lastUnitNs;
        this.host = new HostClock(loop.nowUs(), loop.nowNs());
    }

    @Override
    public AccessUnitSink video(FormatSource source, double framesPerSecond, SenderClock sender) {
        picture = source;
        videoSender = sender;
        frameRate = framesPerSecond;
        return video;
    }

    @Override
    public AccessUnitSink side(FormatSource source, int clockRate, SenderClock sender) {
        SideStash stash = new SideStash(source, clockRate, new LipSync(videoSender, sender, clockRate), this);
        sides.add(stash);
        return stash;
    }

    @Override
    public void receiving(Depacketizer depacketizer, int announcedQuirks) {
        depacketizers.add(depacketizer);
        quirks |= announcedQuirks;
    }

    /**
     * Goes on with the run that another engine left; to be called when the tracks are set up.
     *
     * @param runs format of that run
     */
    void goOn(PlayingSession.Media media, StreamFormat runs) {
        format = runs;
        running = true;
        wasRunning = true;
        runBeganNs = loop.nowNs();
        this.runs++;
        time.goOn(media);
        for (int i = 0; i < sides.size() && i < media.sides().size(); i++) {
            sides.get(i).goOn(media.sides().get(i));
        }
        if (!picture.complete()) {
            // Pictures cannot be told apart before the next key frame, which begins a run then.
            end(
                    GapCause.MAINTENANCE,
                    "the RTSP engine was exchanged, and the camera tells its format in key frames only");
        }
    }

    /** {@return where the run stands, for who goes on with it; empty when nobody can} */
    Optional<PlayingSession.Media> mark() {
        boolean asItBegan = host.setUs() == 0 && !time.hasJumped() && !sideChanged;
        return running && asItBegan && writer.holdsLease()
                ? time.mark(sides.stream().map(SideStash::mark).toList())
                : Optional.empty();
    }

    /** {@return the lease under which the run is open} */
    long epoch() {
        return writer.epoch();
    }

    /** {@return wall time at which the run's footage ends if nothing more comes} */
    long endUs() {
        return time.endUs();
    }

    @Override
    public long pictures() {
        return pictures;
    }

    @Override
    public boolean betweenUnits() {
        boolean between = !video.open;
        for (int i = 0; i < sides.size() && between; i++) {
            between = sides.get(i).isEmpty();
        }
        return between;
    }

    /** {@return how the camera deviates from its payload formats so far, as {@code PayloadQuirk} bits; allocates nothing} */
    int quirks() {
        for (int i = 0; i < depacketizers.size(); i++) {
            quirks |= depacketizers.get(i).quirks();
        }
        return quirks;
    }

    @Override
    public boolean started() {
        return wasRunning;
    }

    @Override
    public Urgency urgency() {
        if (!wasRunning || loop.nowNs() - runBeganNs < PLACED_NS) {
            return Urgency.EACH_TICK;
        }
        return writer.watched() ? Urgency.AT_ONCE : Urgency.LATER;
    }

    @Override
    public int roomBytes() {
        return writer.roomBytes();
    }

    @Override
    public long lastUnitNs() {
        return lastUnitNs;
    }

    @Override
    public long lastKeyNs() {
        return lastKeyNs;
    }

    /** {@return how much too fast the camera's clock runs, in parts per million} */
    double skewPpm() {
        return time.skewPpm();
    }

    /** {@return how many runs were begun; cheap to ask all the time} */
    int runs() {
        return runs;
    }

    Optional<StreamFormat> format() {
        return Optional.ofNullable(format);
    }

    /** The session is over: ends the run. */
    void end(GapCause cause, String detail) {
        if (wasRunning) {
            writer.endRun(endUs(), cause, detail);
        }
        running = false;
    }

    /** {@return whether a run is open that takes this picture} */
    private boolean prepareRun(long ticks, boolean key) {
        boolean hostJumped = host.setUs() != 0;
        if (running && !(key && (hostJumped || time.hasJumped() || sideChanged))) {
            return true;
        }
        if (running && !allowance.isLeft(loop.nowNs())) {
            // All is well but for the paper work, which can wait: until then the run keeps the time it began with.
            return true;
        }
        Optional<StreamFormat> next = key ? nextFormat() : Optional.empty();
        if (next.isEmpty()) {
            return running;
        }
        if (!allowance.take(loop.nowNs())) {
            if (!running) {
                holdBack();
            }
            return running;
        }
        if (running && (hostJumped || time.hasJumped())) {
            String what = hostJumped
                    ? "the server's clock was set"
                    : "the camera's time stamps jumped by " + time.jumpSeconds() + " s";
            writer.endRun(endUs(), GapCause.CLOCK_JUMP, what);
        }
        format = next.get();
        sideChanged = false;
        takeHostTime();
        time.begin(ticks, loop.nowUs());
        runBeganNs = loop.nowNs();
        running = writer.startRun(format, time.runStartUs(), ClockSource.ARRIVAL) > 0;
        wasRunning |= running;
        runs++;
        numberSides();
        return running;
    }

    /** What is noted by the host's clock as it was moves to where it stands now. */
    private void takeHostTime() {
        for (SideStash side : sides) {
            side.clock().hostSet(host.setUs());
        }
        host.restart();
    }

    /** The camera asks for more runs than are good for anybody: the time until the next one is a gap with its cause. */
    private void holdBack() {
        running = false;
        lastUnitNs = loop.nowNs();
        writer.endRun(
                endUs(),
                GapCause.UNSUPPORTED,
                "the camera changes its picture format all the time; pictures are left out for some seconds");
    }

    /** Every track whose format is known takes part in the run; another one will begin a new run as soon as it is. */
    private Optional<StreamFormat> nextFormat() {
        try {
            List<TrackFormat> tracks = new ArrayList<>();
            tracks.add(TrackFormats.withFrameRate(picture.format(), frameRate));
            for (SideStash side : sides) {
                if (side.source().complete()) {
                    tracks.add(side.source().format());
                }
            }
            return Optional.of(new StreamFormat(tracks));
        } catch (NalException | IllegalArgumentException notYet) {
            return Optional.empty();
        }
    }

    private void numberSides() {
        int number = 1;
        for (SideStash side : sides) {
            side.runStarted(side.source().complete() ? number++ : SideStash.NO_TRACK);
        }
    }

    private void commitVideo(long ticks, boolean key, boolean afterLoss) {
        long arrivalUs = nowUs();
        if (running) {
            time.observe(ticks, arrivalUs);
        }
        if (!prepareRun(ticks, key)) {
            writer.abort();
            return;
        }
        time.stored(ticks);
        int flags = (key ? StreamWriter.KEY : 0) | (afterLoss ? StreamWriter.AFTER_LOSS : 0);
        writer.commit(0, flags, time.timestamp(ticks), time.wallUs(ticks));
        lastUnitNs = loop.nowNs();
        lastKeyNs = key ? lastUnitNs : lastKeyNs;
        pictures++;
        flushSides();
    }

    private void flushSides() {
        for (int i = 0; i < sides.size(); i++) {
            sides.get(i).flush();
        }
    }

    /** Called by the stash with a whole unit. {@return false while a picture is being assembled: ask again} */
    boolean commitSide(SideStash stash, ByteBuffer unit, long ticks) {
        if (video.open) {
            return false;
        }
        if (!running || stash.track() == SideStash.NO_TRACK) {
            return true;
        }
        long wallUs = stash.clock().wallUs(ticks);
        long told = stash.lipSync().pictureTicks(ticks, time.lastTicks(), time.ticksAt(nowUs()), time.earlyTicks());
        long timestamp = stash.timestamp(
                ticks,
                sideTicks(stash, time.ticksAt(wallUs)),
                told == LipSync.NOT_TOLD ? told : sideTicks(stash, told));
        if (timestamp >= 0 && writer.begin()) {
            writer.append(unit);
            writer.commit(stash.track(), StreamWriter.KEY, timestamp, wallUs);
        }
        return true;
    }

    /** {@return the time stamp within the run, in the track's ticks, of the moment of a picture's} */
    private long sideTicks(SideStash stash, long pictureTicks) {
        return time.timestamp(pictureTicks) * stash.clockRate() / PictureTime.CLOCK_RATE;
    }

    /** A track beside the pictures is another one from now on: the next key frame begins a run with it. */
    void sideFormatChanged() {
        sideChanged = true;
    }

    /** {@return the time by which arrivals are noted: it does not jump while a run is open} */
    long nowUs() {
        return host.us(loop.nowUs(), loop.nowNs());
    }

    /** Assembles pictures in place in the ring. */
    private final class VideoSink implements AccessUnitSink {
        private boolean open;

        @Override
        public boolean begin(boolean knownKey) {
            open = writer.begin();
            return open;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            int position = source.position();
            int limit = source.limit();
            source.limit(offset + length).position(offset);
            boolean stored = writer.append(source);
            source.limit(limit).position(position);
            return stored;
        }

        @Override
        public boolean appendInt(int value) {
            return writer.appendInt(value);
        }

        @Override
        public boolean appendByte(int value) {
            return writer.appendByte(value);
        }

        @Override
        public int position() {
            return writer.position();
        }

        @Override
        public void putInt(int at, int value) {
            writer.putInt(at, value);
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            open = false;
            commitVideo(timestamp, key, afterLoss);
        }

        @Override
        public void abort() {
            open = false;
            writer.abort();
            flushSides();
        }

        @Override
        public void formatChanged() {
            running = false;
        }
    }
}
