// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

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
import org.nxvms.media.kit.live.LiveFormat;

/**
 * One stream, with its sound or without, as its viewers share it: reads the hub's ring, packages, keeps the newest fragments. The
 * reader's memory is bounded and the ring's writer never notices. One thread: the pump's.
 */
final class Feed implements AutoCloseable {
    /** Without viewers it is kept this long, for reloads and tours. */
    static final long UNUSED_MS_MAX = 5_000;

    /** What every browser's Media Source Extensions know in MP4. */
    private static final Set<Codec> PLAYABLE = EnumSet.of(Codec.H264, Codec.AAC, Codec.OPUS);
    /** 4096 access units: more than two minutes at 30 a second. */
    static final int FRAGMENTS_MAX = 4096;
    /** Access units taken at one tick, so that one stream that returns does not hold up the others. */
    private static final int TAKEN_MAX = 512;

    private final StreamId stream;
    private final boolean sound;
    private final int number;
    private final FragmentLog log;
    private final ReaderBell bell;
    private StreamReader reader;
    private boolean hung;
    private boolean more;
    private boolean broken;
    private Packager packager;
    private long run = Long.MIN_VALUE;
    private String refusal = "";
    private String cause = "";
    private String detail = "";
    private long lastAddedMs;
    private int viewers;
    private long unusedSinceMs;

    /**
     * @param number of this feed and no other, while the server runs
     * @param log empty
     * @param bell rung when there is something to take
     */
    Feed(Feeds.Key wanted, int number, FragmentLog log, ReaderBell bell, long nowMs) {
        this.number = number;
        this.stream = wanted.stream();
        this.sound = wanted.sound();
        this.log = log;
        this.bell = bell;
        this.lastAddedMs = nowMs;
        this.unusedSinceMs = nowMs;
    }

    StreamId stream() {
        return stream;
    }

    int number() {
        return number;
    }

    FragmentLog log() {
        return log;
    }

    /** {@return why the stream cannot be played at all, empty when it can} */
    String refusal() {
        return refusal;
    }

    /** {@return when a fragment was last added, or the feed was opened} */
    long lastAddedMs() {
        return lastAddedMs;
    }

    /** {@return name of the gap cause with which the last run ended, lower case; empty while one is open} */
    String cause() {
        return cause;
    }

    String detail() {
        return detail;
    }

    /** Passes on nothing more: something that should not happen did. Who comes again finds another feed. */
    void breakOff() {
        broken = true;
        close();
    }

    boolean isBroken() {
        return broken;
    }

    void join() {
        viewers++;
    }

    void leave(long nowMs) {
        viewers--;
        unusedSinceMs = nowMs;
    }

    /** {@return whether it may be let go} What is encoded anew waits for reloads itself, and others wait for its place. */
    boolean isForgotten(long nowMs) {
        return viewers == 0 && (stream.rendition() || nowMs - unusedSinceMs >= UNUSED_MS_MAX);
    }

    /** {@return whether nobody has to look here before the bell is rung} */
    boolean rings() {
        return hung && !more;
    }

    /** Takes what is new. */
    void take(StreamHub hub, long nowMs) {
        if (reader == null) {
            reader = hub.openReader(stream, "live-ws", ReaderStart.NEWEST_KEY);
            hung = reader.ringAt(bell, false);
        }
        more = false;
        for (int i = 0; i < TAKEN_MAX; i++) {
            switch (reader.poll()) {
                case StreamReader.ACCESS_UNIT -> accessUnit(nowMs);
                case StreamReader.RUN_START -> startRun();
                case StreamReader.RUN_END -> endRun();
                case StreamReader.LAPPED -> missed();
                case StreamReader.CLOSED -> {
                    // Removed, or the hub was replaced: begin anew at the next tick.
                    close();
                    return;
                }
                default -> {
                    return;
                }
            }
        }
        more = true;
    }

    private void accessUnit(long nowMs) {
        if (reader.run() != run) {
            startRun();
        }
        if (packager == null) {
            return;
        }
        Optional<Fragment> fragment = packager.take(reader);
        if (fragment.isPresent()) {
            add(fragment.get(), nowMs);
        }
    }

    private void add(Fragment fragment, long nowMs) {
        if (log.add(fragment)) {
            lastAddedMs = nowMs;
        } else {
            packager.missed();
            cause = "unsupported";
            detail = "A picture of " + fragment.length() / 1024 + " KiB finds no room in the memory of live"
                    + " view; raise memoryMebibytesMax or streamMebibytesMax of org.nxvms.live.ws.";
        }
    }

    private void startRun() {
        if (reader.run() == run && packager != null) {
            return;
        }
        run = reader.run();
        cause = "";
        detail = "";
        LiveFormat.Choice choice = LiveFormat.choose(run, reader.format(), PLAYABLE, sound);
        refusal = choice.refusal();
        packager = choice.format().map(format -> new Packager(format, number)).orElse(null);
        // Sound that is not sent wakes nobody.
        hung = reader.ringAt(bell, choice.format().filter(LiveFormat::hasAudio).isEmpty());
    }

    private void endRun() {
        cause = reader.gapCause().name().toLowerCase(Locale.ROOT);
        detail = reader.gapDetail();
    }

    private void missed() {
        if (packager != null) {
            packager.missed();
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        hung = false;
        packager = null;
        run = Long.MIN_VALUE;
        refusal = "";
    }
}
