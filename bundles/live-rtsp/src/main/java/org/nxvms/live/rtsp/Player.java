// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.Payloader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one session's packets, on a thread of its own: it waits for the network, so that nobody else has to. */
final class Player implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Player.class);
    private static final long JOIN_MS_MAX = 5_000;

    private final LiveSource source;
    private final OutTrack[] tracks;
    private final List<OutTrack> setUp;
    private final Timeline timeline;
    private final long tickNs;
    private final Runnable ended;
    private final Thread thread;
    private final Unit unit = new Unit();
    private volatile boolean stopped;
    private volatile boolean dismissed;
    private volatile long heardNs = System.nanoTime();
    private long run = -1;

    /**
     * @param tracks by number, null where the client wants none
     * @param ended called when it ends by itself, or was dismissed
     */
    Player(LiveSource source, OutTrack[] tracks, Timeline timeline, long tickNs, Runnable ended) {
        this.source = source;
        this.tracks = tracks.clone();
        this.setUp = Arrays.stream(tracks).filter(Objects::nonNull).toList();
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
        boolean over = true;
        try (source) {
            over = play();
            if (over || dismissed) {
                for (OutTrack track : setUp) {
                    track.bye();
                }
            }
        } catch (IOException e) {
            LOG.debug("A client is gone: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("Sending a stream by RTSP stumbled; its client has to come again", e);
        }
        if (source.skipped() > 0) {
            LOG.info(
                    "An RTSP client of {} was too slow: {} access units were skipped for it",
                    source.stream(),
                    source.skipped());
        }
        if (over || dismissed) {
            ended.run();
        }
    }

    /** {@return whether nothing will follow} */
    private boolean play() throws IOException {
        timeline.begin();
        setUp.forEach(OutTrack::reportSoon);
        while (!stopped) {
            switch (source.next(unit)) {
                case Source.UNIT -> send();
                case Source.END -> {
                    LOG.info("A stream sent by RTSP ended: {}", source.end());
                    return true;
                }
                default -> {
                    for (OutTrack track : setUp) {
                        track.outlet().flush();
                        if (track.outlet().heard()) {
                            heardNs = System.nanoTime();
                        }
                    }
                    LockSupport.parkNanos(tickNs);
                }
            }
        }
        timeline.pause();
        return false;
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
        boolean video = source.format().tracks().get(unit.track).isVideo();
        if (video || !timeline.isEarly(unit)) {
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
