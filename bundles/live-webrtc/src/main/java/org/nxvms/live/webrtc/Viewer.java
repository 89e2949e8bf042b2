// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.DTLSTransport;
import org.nxvms.live.webrtc.ice.Stun;
import org.nxvms.live.webrtc.rtp.Feedback;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.secure.DtlsServer;
import org.nxvms.live.webrtc.secure.RecordQueue;
import org.nxvms.live.webrtc.secure.Srtp;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer from its offer to its end. What comes from the network is put in by the sockets' thread, {@link #shakeHands} runs on a
 * thread of its own, {@link #advance} and all sending is the pump's.
 */
final class Viewer {
    private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);

    /** From the answer to the first check of the way. */
    static final long REACH_MS_MAX = 30_000;
    /** Players ask every few seconds whether they may still be sent to; RFC 7675 5.1 allows 30. */
    static final long CONSENT_MS_MAX = 15_000;
    /** From the answer to the keys: the first check at its latest, then a handshake that waited for its turn. */
    static final long KEYS_MS_MAX = 60_000;

    private static final long REPORT_MS = 1_000;
    /** Chromium checks three to four ways. */
    private static final int PATHS_MAX = 8;

    private static final int FEEDBACKS_MAX = 64;
    /** Packets sent at one tick: a key frame is spread over some milliseconds. */
    private static final int SENT_MAX = 48;
    /** Packets sent again at one tick. */
    private static final int RESENT_MAX = 48;

    private static final int RECORD_BYTES_MAX = 2_048;
    /** Datagrams of DTLS that are read at one tick: alerts come seldom. */
    private static final int RECORDS_MAX = 4;
    /** Datagrams of feedback that are read at one tick. */
    private static final int HEEDED_MAX = 16;

    /** What is agreed in offer and answer. */
    record Terms(UUID id, UUID userId, StreamId stream, String user, String password, byte[] fingerprint) {}

    private final Terms terms;
    private final Optional<Agreed> video;
    private final Optional<Agreed> audio;
    private final Optional<Codec> soundCodec;
    private final StandingAccess access;
    private final long bornMs;
    private final ArrayBlockingQueue<byte[]> feedback = new ArrayBlockingQueue<>(FEEDBACKS_MAX);
    private final RecordQueue records = new RecordQueue(this::sendRecord);
    private final AtomicBoolean handshake = new AtomicBoolean();
    private final List<Path> paths = new ArrayList<>();

    private volatile Path path;
    private volatile long consentMs;
    private volatile DtlsServer dtls;
    private volatile DTLSTransport secured;
    private volatile String ended = "";
    private volatile boolean left;
    private volatile PumpRest pump;

    private final byte[] data = new byte[RECORD_BYTES_MAX];
    private Feed feed;
    private Lane pictures;
    private Lane sounds;
    private Srtp out;
    private Srtp in;
    private long reportedMs;
    private int resentNow;
    private Burst burst;

    /** @param soundCodec of the sound that was agreed on */
    Viewer(
            Terms terms,
            Optional<Agreed> video,
            Optional<Agreed> audio,
            Optional<Codec> soundCodec,
            StandingAccess access,
            long nowMs) {
        this.terms = terms;
        this.video = video;
        this.audio = audio;
        this.soundCodec = soundCodec;
        this.access = access;
        this.bornMs = nowMs;
        this.consentMs = nowMs;
    }

    Terms terms() {
        return terms;
    }

    StandingAccess access() {
        return access;
    }

    /** {@return paths on which this viewer was ever reached} Any thread. */
    List<Path> paths() {
        synchronized (paths) {
            return List.copyOf(paths);
        }
    }

    /** {@return why it ended, empty while it goes on} */
    String ended() {
        return ended;
    }

    /** Ends it at the pump's next tick. Any thread. */
    void end(String reason) {
        if (ended.isEmpty()) {
            ended = reason == null || reason.isBlank() ? "it was ended" : reason;
        }
    }

    // ---- the sockets' thread

    /** A check of the way, which was genuine; {@return a path that is given up for it}. */
    Optional<Path> reached(Path by, Stun.Request request, long nowMs) {
        consentMs = nowMs;
        Optional<Path> givenUp = Optional.empty();
        synchronized (paths) {
            if (!paths.contains(by)) {
                if (paths.size() == PATHS_MAX) {
                    givenUp = Optional.of(paths.remove(paths.get(0).equals(path) ? 1 : 0));
                }
                paths.add(by);
            }
        }
        if (path == null || request.nominates()) {
            path = by;
        }
        return givenUp;
    }

    /** Nothing comes or goes any more by a path. Where it was the one in use, the player checks another, or is missed. */
    void lost(Path gone) {
        synchronized (paths) {
            paths.remove(gone);
        }
    }

    /** A record of DTLS; the first one begins the handshake. */
    void record(byte[] datagram, Handshakes handshakes) {
        if (records.offer(datagram) && handshake.compareAndSet(false, true)) {
            try {
                handshakes.begin(this);
            } catch (RejectedExecutionException full) {
                end("too many players connect at once");
            }
        }
    }

    void feedback(byte[] datagram) {
        // Full: the player repeats what matters.
        feedback.offer(datagram);
        // What was lost is sent again before its time has passed.
        PumpRest resting = pump;
        if (resting != null) {
            resting.end();
        }
    }

    // ---- a thread of the handshakes

    void shakeHands(DtlsServer server) {
        try {
            DTLSTransport made = server.accept(records);
            dtls = server;
            secured = made;
            if (left) {
                sayGoodbye(made);
            }
        } catch (IOException | RuntimeException e) {
            if (ended.isEmpty()) {
                LOG.info(
                        "A viewer of camera {} could not agree on keys: {}",
                        terms.stream().cameraId(),
                        e.toString());
            }
        } finally {
            if (secured == null) {
                end("no keys could be agreed on");
            }
        }
    }

    private static void sayGoodbye(DTLSTransport open) {
        try {
            open.close();
        } catch (IOException e) {
            LOG.debug("A viewer could not be told that it ends: {}", e.toString());
        }
    }

    // ---- the pump's thread

    private void sendRecord(byte[] datagram, int length) {
        Path by = path;
        if (by != null) {
            by.send(datagram, length);
        }
    }

    /**
     * @param rest ended when the player says something
     * @param gathering what packets are gathered in, the pump's one
     */
    void begin(Feed joined, PumpRest rest, Burst gathering, int firstSequence) {
        pump = rest;
        burst = gathering;
        feed = joined;
        pictures = video.map(agreed -> new Lane(joined.video(), agreed, true, firstSequence))
                .orElse(null);
        sounds = audio.map(agreed -> new Lane(joined.audio(), agreed, false, firstSequence))
                .orElse(null);
    }

    Feed feed() {
        return feed;
    }

    /** Sends what can be sent now. */
    void advance(long nowMs) {
        if (!ended.isEmpty() || secured == null) {
            mindClocks(nowMs);
            return;
        }
        try {
            if (out == null) {
                out = Srtp.of(dtls.keys().server());
                in = Srtp.of(dtls.keys().client());
            }
            hear();
            resentNow = 0;
            heed(nowMs);
            if (pictures != null) {
                pictures.send(out, path, burst, SENT_MAX, nowMs);
            }
            if (sounds != null && (pictures == null || pictures.begun())) {
                sounds.send(out, path, burst, SENT_MAX, nowMs);
            }
            if (nowMs - reportedMs >= REPORT_MS) {
                reportedMs = nowMs;
                report();
            }
        } catch (GeneralSecurityException e) {
            LOG.warn(
                    "A viewer of camera {} ends: packets cannot be protected",
                    terms.stream().cameraId(),
                    e);
            end("packets cannot be protected");
        }
        mindClocks(nowMs);
    }

    /** {@return whether something is to be done, whether or not anything new comes from the camera} */
    boolean behind() {
        return ended.isEmpty()
                && (secured == null
                        || !feedback.isEmpty()
                        || !records.isEmpty()
                        || pictures != null && pictures.behind()
                        || sounds != null && sounds.behind());
    }

    private void report() throws GeneralSecurityException {
        if (pictures != null) {
            pictures.report(out, path);
        }
        if (sounds != null) {
            sounds.report(out, path);
        }
    }

    private void mindClocks(long nowMs) {
        if (path == null && nowMs - bornMs > REACH_MS_MAX) {
            end("the player never came");
        } else if (path != null && nowMs - consentMs > CONSENT_MS_MAX) {
            end("the player is not heard any more");
        } else if (secured == null && nowMs - bornMs > KEYS_MS_MAX) {
            end("the player came, but agreed on no keys");
        }
        feed.refusal().ifPresent(refusal -> end(refusal.detail()));
        if (audio.isPresent()
                && feed.sound().isPresent()
                && !feed.sound().map(TrackFormat::codec).equals(soundCodec)) {
            end("the sound is of another kind now");
        }
    }

    /** DTLS is asked only when a record came, and waits for none: what is no record of ours holds up nobody else. */
    private void hear() {
        if (records.isEmpty()) {
            return;
        }
        records.permit(RECORDS_MAX);
        try {
            int bytes;
            do {
                bytes = secured.receive(data, 0, data.length, 1);
            } while (bytes >= 0);
        } catch (InterruptedIOException all) {
            // Goes on at the next tick.
        } catch (IOException e) {
            end("the player ended");
        }
    }

    private void heed(long nowMs) throws GeneralSecurityException {
        for (int i = 0; i < HEEDED_MAX && resentNow < RESENT_MAX; i++) {
            byte[] datagram = feedback.poll();
            if (datagram == null) {
                return;
            }
            int length = in.unprotectRtcp(datagram, datagram.length);
            if (length > 0) {
                Feedback.read(datagram, length, new Heard(nowMs));
            }
        }
    }

    /** What the player says of its packets. */
    private final class Heard implements Feedback.Listener {
        private final long nowMs;

        Heard(long nowMs) {
            this.nowMs = nowMs;
        }

        @Override
        public void lost(int ssrc, int sequence) {
            if (pictures == null || ssrc != pictures.agreed().ssrc() || resentNow >= RESENT_MAX) {
                return;
            }
            try {
                resentNow += pictures.resend(sequence, out, path) ? 1 : 0;
            } catch (GeneralSecurityException e) {
                end("packets cannot be protected");
            }
        }

        @Override
        public void keyWanted(int ssrc) {
            if (pictures != null && ssrc == pictures.agreed().ssrc()) {
                pictures.keyWanted(nowMs);
            }
        }
    }

    /** Says goodbye, and leaves. */
    void leave(long nowMs) {
        feed.leave(nowMs);
        left = true;
        DTLSTransport open = secured;
        if (open != null) {
            sayGoodbye(open);
        }
        records.close();
        if (pictures != null && pictures.jumped() > 0) {
            LOG.info(
                    "A viewer of camera {} left; {} packets were left out for it because it was too slow",
                    terms.stream().cameraId(),
                    pictures.jumped());
        }
    }

    /** For tests and statistics: packets sent again. */
    long resent() {
        return pictures == null ? 0 : pictures.resent();
    }

    /** Where handshakes run. */
    @FunctionalInterface
    interface Handshakes {
        /** @throws RejectedExecutionException when there are too many */
        void begin(Viewer viewer);
    }
}
