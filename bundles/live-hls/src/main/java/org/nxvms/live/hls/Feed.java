// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.kit.live.LiveFormat;

/**
 * One stream, with its sound or without, as all its viewers share it: read from the hub's ring, cut into parts and segments. It
 * begins with what the ring holds, so that a player has a playlist at once. The ring's writer never notices.
 *
 * <p>{@link #timeline}, {@link #touch} and what is told of it are for any thread, the rest is the pump's own.
 */
final class Feed implements AutoCloseable {
    /** Players ask once a segment, of ten seconds at most. */
    static final long RENDITION_LINGER_MS_MAX = 15_000;

    /** What players know in fragmented MP4; not all of them know all of it. */
    static final Set<Codec> PLAYABLE = EnumSet.of(Codec.H264, Codec.HEVC, Codec.AAC, Codec.OPUS);
    /** Access units taken at one tick, so that one stream that returns does not hold up the others. */
    private static final int TAKEN_MAX = 512;

    private static final long SURVEY_MS = 100;
    /** A camera that has shown no second key frame for so long is not waited for. */
    private static final long KEY_WAIT_MS = 4_000;
    /** No ring reaches so far back: what seems to be older was taken by a clock that was set since. */
    private static final long SKIPPED_US_MAX = 600_000_000;

    /**
     * A stream as it is shared.
     *
     * @param sound whether with its sound; without for those who may not listen
     */
    record Key(StreamId stream, boolean sound) {}

    /** How it is cut, and how much of it is kept. */
    record Shape(long partUs, long segmentUs, long windowUs, long bytesMax) {}

    private final Key key;
    private final Shape shape;
    private final long openedMs;
    private final SegmentLog.First first;
    private final ReaderBell bell;
    private volatile Timeline timeline = Timeline.NOTHING;
    private volatile String refusal = "";
    private volatile String cause = "";
    private volatile String detail = "";
    private volatile long usedMs;
    private volatile boolean over;

    private StreamReader reader;
    /** While a stream that is encoded anew has no picture yet: open, since its readers are the wish for it, and not read. */
    private StreamReader wish;

    private Targets targets;
    private SegmentLog log;
    private Cutter cutter;
    private long run = Long.MIN_VALUE;
    private long fromWallUs;
    private long newestWallUs = Long.MIN_VALUE;
    private boolean skips = true;
    private boolean caughtUp;
    private boolean hung;
    private boolean more;
    private long surveyedMs = Long.MIN_VALUE;

    /**
     * @param first see {@link SegmentLog}
     * @param bell rung when there is something to take
     */
    Feed(Key key, Shape shape, long nowMs, SegmentLog.First first, ReaderBell bell) {
        this.bell = bell;
        this.key = key;
        this.shape = shape;
        this.openedMs = nowMs;
        this.usedMs = nowMs;
        this.first = first;
    }

    Key key() {
        return key;
    }

    Timeline timeline() {
        return timeline;
    }

    /** {@return why the stream cannot be played at all, empty when it can} */
    String refusal() {
        return refusal;
    }

    /** {@return name of the gap cause with which the last run ended, lower case; empty while one is open} */
    String cause() {
        return cause;
    }

    String detail() {
        return detail;
    }

    /** {@return whether nothing comes of it any more: who watches asks for the stream again} */
    boolean isOver() {
        return over;
    }

    /** Somebody watches. */
    void touch(long nowMs) {
        usedMs = nowMs;
    }

    /**
     * {@return whether it may be let go} What is encoded anew waits for a while itself, and others wait for its place.
     *
     * @param lingerMs how long a stream is kept that nobody asks for
     */
    boolean isForgotten(long lingerMs, long nowMs) {
        return nowMs - usedMs >= (key.stream().rendition() ? Math.min(lingerMs, RENDITION_LINGER_MS_MAX) : lingerMs);
    }

    long bytes() {
        return log == null ? 0 : log.bytes();
    }

    /** Others need room; {@return whether something was given up} */
    boolean giveUp() {
        boolean given = log != null && log.giveUp();
        publish();
        return given;
    }

    /** {@return whether nobody has to look here before the bell is rung} */
    boolean rings() {
        return hung && !more;
    }

    /** Takes what is new. */
    void take(StreamHub hub, long nowMs) {
        if (reader == null && !open(hub, nowMs)) {
            return;
        }
        more = false;
        for (int i = 0; i < TAKEN_MAX; i++) {
            switch (reader.poll()) {
                case StreamReader.ACCESS_UNIT -> accessUnit();
                case StreamReader.RUN_START -> startRun();
                case StreamReader.RUN_END -> endRun();
                case StreamReader.LAPPED -> interrupt();
                case StreamReader.CLOSED -> {
                    // Removed, or the hub was replaced: begin anew at the next tick.
                    close();
                    return;
                }
                default -> {
                    caughtUp = true;
                    publish();
                    return;
                }
            }
        }
        more = true;
        publish();
    }

    /** Players are told of nothing before all that the ring holds was cut: else they would begin far behind. */
    private void publish() {
        if (caughtUp && log != null && log.hasChanged()) {
            timeline = log.timeline();
        }
    }

    private boolean open(StreamHub hub, long nowMs) {
        if (surveyedMs != Long.MIN_VALUE && nowMs - surveyedMs < SURVEY_MS) {
            return false;
        }
        surveyedMs = nowMs;
        refusal = hub.statistics(key.stream())
                .flatMap(StreamStatistics::format)
                .map(format ->
                        LiveFormat.choose(0, format, PLAYABLE, key.sound()).refusal())
                .orElse("");
        if (log == null && (!refusal.isEmpty() || !survey(hub, nowMs))) {
            wish(hub);
            return false;
        }
        reader = hub.openReader(key.stream(), "live-hls", ReaderStart.OLDEST_KEY);
        hung = reader.ringAt(bell, false);
        endWish();
        return true;
    }

    private void wish(StreamHub hub) {
        boolean wished = wish != null && wish.poll() != StreamReader.CLOSED;
        if (key.stream().rendition() && refusal.isEmpty() && !wished) {
            endWish();
            wish = hub.openReader(key.stream(), "live-hls-wish", ReaderStart.NEWEST_KEY);
        }
    }

    private void endWish() {
        if (wish != null) {
            wish.close();
            wish = null;
        }
    }

    /** {@return whether enough is known of the stream to cut it} */
    private boolean survey(StreamHub hub, long nowMs) {
        Optional<Survey> seen = Survey.of(hub, key.stream(), "live-hls-survey", PLAYABLE, key.sound());
        if (seen.isEmpty()) {
            return false;
        }
        Optional<Long> keyUs = seen.get().keyUs();
        if (keyUs.isEmpty() && nowMs - openedMs < KEY_WAIT_MS) {
            return false;
        }
        targets =
                Targets.of(seen.get().pictureUs(), keyUs.orElse(shape.segmentUs()), shape.partUs(), shape.segmentUs());
        log = new SegmentLog(targets, shape.windowUs(), shape.bytesMax(), first);
        fromWallUs = seen.get().newestWallUs() - shape.windowUs() - Timeline.segmentUsMax(targets.seconds());
        return true;
    }

    private void accessUnit() {
        if (reader.run() != run) {
            startRun();
        }
        long wallUs = reader.wallUs();
        if (cutter == null || isSkipped(wallUs)) {
            return;
        }
        newestWallUs = Math.max(newestWallUs, wallUs);
        cutter.unit(reader);
    }

    /**
     * What the ring holds of earlier times; only until something is taken. From then on everything is, since pictures that
     * refer to later ones, and sound, do not come in the order of their times.
     */
    private boolean isSkipped(long wallUs) {
        skips &= wallUs < fromWallUs && fromWallUs - wallUs < SKIPPED_US_MAX;
        return skips;
    }

    private void startRun() {
        if (reader.run() == run && cutter != null) {
            return;
        }
        interrupt();
        run = reader.run();
        // The clock may have been set between two runs.
        newestWallUs = Long.MIN_VALUE;
        cause = "";
        detail = "";
        LiveFormat.Choice choice = LiveFormat.choose(run, reader.format(), PLAYABLE, key.sound());
        refusal = choice.refusal();
        int partBytesMax = (int) Math.min(Integer.MAX_VALUE / 2, shape.bytesMax());
        cutter = choice.format()
                .map(format -> new Cutter(format, targets, log, partBytesMax))
                .orElse(null);
        // Sound that is not sent wakes nobody.
        hung = reader.ringAt(bell, choice.format().filter(LiveFormat::hasAudio).isEmpty());
    }

    private void endRun() {
        interrupt();
        cause = reader.gapCause().name().toLowerCase(Locale.ROOT);
        detail = reader.gapDetail();
    }

    private void interrupt() {
        if (cutter != null) {
            cutter.interrupt();
        }
    }

    /** Ends reading. What was cut stays; when it goes on, it goes on behind a break. */
    @Override
    public void close() {
        endWish();
        if (reader != null) {
            reader.close();
            reader = null;
            interrupt();
            publish();
        }
        hung = false;
        cutter = null;
        run = Long.MIN_VALUE;
        // Not once more what is there already.
        fromWallUs = newestWallUs == Long.MIN_VALUE ? fromWallUs : newestWallUs + 1;
        skips = true;
    }

    /** Ends for good. */
    void end() {
        over = true;
        close();
    }

    /** {@return numbers that no segment and no period had} */
    SegmentLog.First next() {
        return log == null ? first : log.next();
    }
}
