// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.Payloader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one session's packets, on a thread of its own: it waits for the network, so that nobody else has to. */
final class Player implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Player.class);
    private static final long LATE_NS_MAX = TimeUnit.SECONDS.toNanos(2);
    private static final long REST_NS_MAX = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long JOIN_MS_MAX = 5_000;
    /** For so long the last picture is seen. */
    private static final long LAST_NS = TimeUnit.MILLISECONDS.toNanos(40);

    /**
     * How it is played.
     *
     * @param scale how much faster than it happened
     * @param paced whether it is sent as it happened, or as fast as the client takes it
     * @param recorded whether it is footage, which skips what was not recorded
     * @param cseq of the request
     */
    record Manner(int scale, boolean paced, boolean recorded, int cseq) {}

    private final Source source;
    private final Manner manner;
    private final OutTrack[] tracks;
    private final OutTrack[] setUp;
    private final Timeline timeline;
    private final long tickNs;
    private final Runnable ended;
    private final Thread thread;
    private final Unit unit = new Unit();
    private volatile boolean stopped;
    private volatile boolean dismissed;
    private volatile boolean over;
    private volatile long heardNs = System.nanoTime();
    private long run = -1;
    /** When the session's first moment would have been played. */
    private long originNs;

    private long restedNs = System.nanoTime();
    private volatile long wallUs;

    /**
     * @param tracks by number, null where the client wants none
     * @param ended called when it ends by itself, or was dismissed
     */
    Player(Source source, Manner manner, OutTrack[] tracks, Timeline timeline, long tickNs, Runnable ended) {
        this.source = source;
        this.manner = manner;
        this.tracks = tracks.clone();
        this.setUp = Arrays.stream(tracks).filter(Objects::nonNull).toArray(OutTrack[]::new);
        this.timeline = timeline;
        this.tickNs = tickNs;
        this.ended = ended;
        this.thread = new Thread(this, "nxvms-rtsp-play");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** {@return when the client was last heard by the ports of its tracks, by {@link System#nanoTime}} */
    long heardNs() {
        return heardNs;
    }

    /** {@return whether it has come to its end} */
    boolean isOver() {
        return over;
    }

    /** {@return wall time of what was sent last, 0 when nothing was} */
    long wallUs() {
        return wallUs;
    }

    /** Stops, and waits for it; {@return whether it has stopped: one whose client takes nothing does not} */
    boolean stop() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Says goodbye and ends. Any thread, does not wait. */
    void dismiss() {
        dismissed = true;
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        boolean gone = true;
        try (source) {
            boolean end = play();
            if (end || dismissed) {
                for (OutTrack track : setUp) {
                    track.bye();
                }
            }
            // Who has seen footage to its end may want other footage.
            gone = end && !manner.recorded() || dismissed;
        } catch (IOException e) {
            LOG.debug("A client of {} is sent nothing more: {}", source.stream(), e.toString());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("Sending a stream by RTSP stumbled; its client has to come again", e);
        } finally {
            over = true;
            if (gone) {
                ended.run();
            }
        }
        if (source.skipped() > 0) {
            LOG.info(
                    "An RTSP client of {} was too slow: {} access units were skipped for it",
                    source.stream(),
                    source.skipped());
        }
    }

    /** {@return whether nothing will follow} */
    private boolean play() throws IOException {
        timeline.begin(manner.scale(), manner.recorded());
        for (OutTrack track : setUp) {
            track.begin(manner.cseq());
        }
        while (!stopped) {
            switch (source.next(unit)) {
                case Source.UNIT -> send();
                case Source.END -> {
                    LOG.debug("What was sent of {} ended: {}", source.stream(), source.end());
                    outlast();
                    timeline.pause();
                    return true;
                }
                case Source.FAILED -> {
                    LOG.warn("An RTSP client of {} is hung up: {}", source.stream(), source.end());
                    throw new IOException(source.end());
                }
                default -> {
                    attend();
                    source.await(tickNs);
                }
            }
        }
        timeline.pause();
        // What was taken is sent before the answer to the request that stops it.
        for (OutTrack track : setUp) {
            track.outlet().flush();
        }
        return false;
    }

    /** Sends what was gathered, looks whether the client is there, and waits. */
    private void rest(long ns) throws IOException {
        attend();
        LockSupport.parkNanos(ns);
    }

    private void attend() throws IOException {
        for (OutTrack track : setUp) {
            track.outlet().flush();
            if (track.outlet().heard()) {
                heardNs = System.nanoTime();
            }
        }
        restedNs = System.nanoTime();
    }

    /** Waits until it is time. Who was held up for long is not hurried afterwards. */
    private void pace() throws IOException {
        long dueNs = originNs + TimeUnit.MICROSECONDS.toNanos(timeline.dueUs(unit));
        long now = System.nanoTime();
        if (originNs == 0 || now - dueNs > LATE_NS_MAX) {
            originNs += now - dueNs;
            return;
        }
        for (long left = dueNs - now; left > 0 && !stopped; left = dueNs - System.nanoTime()) {
            rest(Math.min(left, REST_NS_MAX));
        }
    }

    /** Footage ends when its last picture was seen: GStreamer may hang when goodbye comes while it has that still in hand. */
    private void outlast() throws IOException {
        long untilNs = System.nanoTime() + LAST_NS;
        for (long left = LAST_NS; manner.paced() && left > 0 && !stopped; left = untilNs - System.nanoTime()) {
            rest(left);
        }
    }

    private void send() throws IOException {
        OutTrack track = unit.track < tracks.length ? tracks[unit.track] : null;
        if (track == null) {
            return;
        }
        if (unit.run != run) {
            follow(source.format());
            run = unit.run;
        }
        long rtpTime = timeline.place(unit);
        wallUs = unit.wallUs;
        if (System.nanoTime() - restedNs > REST_NS_MAX) {
            rest(0);
        }
        boolean video = source.format().tracks().get(unit.track).isVideo();
        if (video || !timeline.isEarly(unit)) {
            if (manner.paced()) {
                pace();
            }
            track.send(unit, rtpTime);
        }
    }

    /** Another run may have other parameter sets, and another origin of its clock. */
    private void follow(StreamFormat format) throws IOException {
        for (int i = 0; i < tracks.length; i++) {
            if (tracks[i] != null) {
                try {
                    tracks[i].follow(Payloader.of(format.tracks().get(i)));
                    tracks[i].reportSoon();
                } catch (NalException e) {
                    throw new IOException("a track that cannot be sent: " + e.getMessage(), e);
                }
            }
        }
    }
}
