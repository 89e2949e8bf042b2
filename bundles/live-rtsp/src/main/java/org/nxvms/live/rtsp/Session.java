// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.PayloadDescription;
import org.nxvms.media.kit.rtp.Payloader;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.Permission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one client has set up of one stream, and plays. The connection's thread, but for what says so. */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 8;
    private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long GUARD_ABSENT_NS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final String id;
    private final Target target;
    private final StreamFormat format;
    private final AuthenticatedUser user;
    private final OutTrack[] tracks;
    private final String[] urls;
    private final Timeline timeline;
    private OptionalLong standsUs = OptionalLong.empty();
    private OptionalLong sendsFromUs = OptionalLong.empty();
    private volatile boolean hears;
    private volatile Optional<Player> player = Optional.empty();
    /** Of the thread that checks. */
    private long checkedNs = System.nanoTime();

    private long answeredNs = checkedNs;

    /** @param target as a whole */
    Session(Target target, StreamFormat format, AuthenticatedUser user) {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        this.id = HexFormat.of().formatHex(random);
        this.target = target;
        this.format = format;
        this.user = user;
        int count = format.tracks().size();
        this.tracks = new OutTrack[count];
        this.urls = new String[count];
        int[] rates = format.tracks().stream().mapToInt(TrackFormat::clockRate).toArray();
        this.timeline = new Timeline(rates, RANDOM.longs(count, 0, 1L << 32).toArray());
    }

    String id() {
        return id;
    }

    Target target() {
        return target;
    }

    StreamId stream() {
        return target.stream();
    }

    StreamFormat format() {
        return format;
    }

    AuthenticatedUser user() {
        return user;
    }

    boolean isPlaying() {
        return player.filter(known -> !known.isOver()).isPresent();
    }

    Optional<Player> player() {
        return player;
    }

    boolean uses(int channel) {
        for (OutTrack track : tracks) {
            if (track != null && track.outlet() instanceof InterleavedOutlet in && in.uses(channel)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a track goes by UDP: then only what the client says tells that it is there} */
    boolean needsToBeHeard() {
        for (OutTrack track : tracks) {
            if (track != null && track.outlet() instanceof UdpOutlet) {
                return true;
            }
        }
        return !isPlaying();
    }

    /** Sets up a track, or another way for one; {@return its SSRC} */
    int add(int number, String url, Outlet outlet) throws NalException {
        TrackFormat track = format.tracks().get(number);
        int type = PayloadDescription.of(track, number).payloadType();
        Optional<ReplayExtension> replay = target.recorded() ? Optional.of(new ReplayExtension()) : Optional.empty();
        OutTrack made =
                new OutTrack(type, RANDOM.nextInt(), RANDOM.nextInt(1 << 16), Payloader.of(track), outlet, replay);
        OutTrack before = tracks[number];
        if (before != null) {
            before.close();
        }
        tracks[number] = made;
        urls[number] = url;
        hears |= track.isAudio();
        return made.ssrc();
    }

    /** {@return the RTP-Info header for what is played next} */
    String rtpInfo() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < tracks.length; i++) {
            if (tracks[i] != null) {
                told.add("url=" + urls[i] + ";seq=" + tracks[i].sequence() + ";rtptime=" + timeline.start(i));
            }
        }
        return String.join(",", told);
    }

    /** Footage that was sent, by wall time. */
    record Sent(long fromUs, long toUs) {}

    /** @param fromUs where footage begins to be sent; empty for what is live */
    void play(Source source, Player.Manner manner, OptionalLong fromUs, long tickNs, Runnable ended) {
        sendsFromUs = fromUs;
        Player made = new Player(source, manner, tracks, timeline, tickNs, ended);
        player = Optional.of(made);
    }

    /** {@return where footage goes on after a pause, or stands while it plays} */
    OptionalLong standsUs() {
        return player.filter(known -> !known.isOver())
                .map(Player::wallUs)
                .filter(us -> us > 0)
                .map(us -> OptionalLong.of(us + 1))
                .orElse(standsUs);
    }

    /** {@return the footage that was sent since it was asked for last, told once; empty while it is being sent} */
    Optional<Sent> takeSent() {
        if (player.isPresent() || sendsFromUs.isEmpty() || standsUs.isEmpty()) {
            return Optional.empty();
        }
        Sent sent = new Sent(sendsFromUs.getAsLong(), standsUs.getAsLong());
        sendsFromUs = OptionalLong.empty();
        // Nothing was sent: it stands where it stood before.
        return Optional.of(sent).filter(some -> some.toUs() > some.fromUs());
    }

    /** {@return whether what was sent to the client has come to an end} */
    boolean pause() {
        boolean paused = player.map(Player::stop).orElse(true);
        player.map(Player::wallUs).filter(us -> us > 0).ifPresent(us -> standsUs = OptionalLong.of(us + 1));
        player = Optional.empty();
        return paused;
    }

    /**
     * Asks every two seconds whether the user still may. The thread that checks.
     *
     * @throws AccessDeniedException when not, or when nobody could say for too long
     */
    void check(Services services, String address, long nowNs) throws AccessDeniedException {
        if (nowNs - checkedNs < CHECK_NS) {
            return;
        }
        checkedNs = nowNs;
        if (wasAsked(services, address)) {
            answeredNs = nowNs;
        } else if (nowNs - answeredNs > GUARD_ABSENT_NS_MAX) {
            throw new AccessDeniedException(
                    AccessDeniedException.Kind.FORBIDDEN, "Rights cannot be checked now. Try again.");
        }
    }

    /** {@return whether it could be asked; then the user may} */
    private boolean wasAsked(Services services, String address) throws AccessDeniedException {
        AccessGuard guard = services.guard().get();
        KeySignIn keys = services.keys().get();
        if (guard == null || keys == null) {
            return false;
        }
        try {
            require(services, guard, keys.again(user, address));
            return true;
        } catch (RuntimeException e) {
            // One that is being exchanged. If it lasts, it counts as one that is away.
            LOG.debug("The rights of user {} cannot be checked now", user.username(), e);
            return false;
        }
    }

    private void require(Services services, AccessGuard guard, AuthenticatedUser now) throws AccessDeniedException {
        guard.require(now, target.permission(), Optional.of(stream().cameraId()));
        if (hears) {
            guard.require(now, Permission.LISTEN, Optional.of(stream().cameraId()));
        }
        // Footage outlives its camera; where it ends, its session does.
        if (!target.recorded()
                && KnownCameras.isNotConfigured(
                        services.cameras().get(), stream().cameraId())) {
            throw new AccessDeniedException(AccessDeniedException.Kind.NOT_FOUND, "The camera was removed.");
        }
    }

    void close() {
        for (OutTrack track : tracks) {
            if (track != null) {
                track.close();
            }
        }
    }
}
