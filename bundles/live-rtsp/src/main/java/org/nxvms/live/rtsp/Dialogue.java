// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection's requests and what they lead to (RFC 2326 10). The connection's thread, but for {@link #check}. */
final class Dialogue {
    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);
    private static final String METHODS =
            "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER";
    private static final int RETRY_S = 5;
    /** ONVIF Streaming 6.2: footage is played so whether it is asked for or not. */
    private static final String REPLAY = "onvif-replay";

    private static final String SDP = "application/sdp";

    /** Who is at the other end. */
    record Peer(InetAddress local, InetAddress remote, boolean secure) {
        String address() {
            return remote.getHostAddress();
        }
    }

    private final Services services;
    private final Rules rules;
    private final Peer peer;
    private final Wire.Batch batch;
    private final Login login;
    private final Runnable hangUp;
    private volatile Optional<Session> session = Optional.empty();
    private volatile long provedNs = System.nanoTime();
    private Runnable afterAnswer = () -> {};
    private Optional<Target> described = Optional.empty();
    private final Recordings recordings;
    private final Viewings viewings;

    /** @param hangUp ends the connection, from any thread */
    Dialogue(Services services, Rules rules, Peer peer, Wire wire, Runnable hangUp) {
        this.services = services;
        this.rules = rules;
        this.peer = peer;
        this.batch = new Wire.Batch(wire);
        this.login = new Login(peer.address(), peer.secure());
        this.hangUp = hangUp;
        this.recordings = new Recordings(services);
        this.viewings = new Viewings(services, peer.address());
    }

    /** {@return the answer to a request}; {@link #answered} comes when it was sent */
    RtspResponse answer(RtspRequest request) {
        RtspResponse answer;
        try {
            if (request.cseq() < 0) {
                throw Refusal.malformed("A request needs a CSeq.");
            }
            for (String option :
                    String.join(",", request.headers().all("Require")).split(",")) {
                if (!option.isBlank() && !option.strip().equals(REPLAY)) {
                    throw Refusal.unsupportedOption(option.strip());
                }
            }
            answer = new RtspResponse(200, "OK", RtspHeaders.EMPTY);
            answer = switch (request.method()) {
                case "OPTIONS" -> with(answer, "Public", METHODS);
                case "DESCRIBE" -> describe(request, user(request));
                case "SETUP" -> setUp(request, user(request));
                case "PLAY" -> play(request, user(request));
                case "PAUSE" -> pause(request, user(request));
                case "TEARDOWN" -> tearDown(request, user(request));
                case "GET_PARAMETER", "SET_PARAMETER" -> parameter(request, user(request));
                default ->
                    throw Refusal.notImplemented(request.method() + " is not known here.")
                            .with("Allow", METHODS);
            };
        } catch (Refusal e) {
            LOG.debug("{} {} of {}: {}", e.status(), e.reason(), peer.address(), e.getMessage());
            answer = new RtspResponse(e.status(), e.reason(), e.headers().with("X-Detail", e.getMessage()));
        }
        RtspHeaders all = RtspHeaders.of("CSeq", request.headers().first("CSeq").orElse("0"))
                .with("Server", "NXvms");
        for (RtspHeaders.Line line : answer.headers().lines()) {
            all = all.with(line.name(), line.value());
        }
        return new RtspResponse(answer.status(), answer.reason(), all, answer.body());
    }

    /** The answer was sent. */
    void answered() {
        Runnable now = afterAnswer;
        afterAnswer = () -> {};
        now.run();
    }

    private static RtspResponse with(RtspResponse answer, String name, String value) {
        return new RtspResponse(
                answer.status(), answer.reason(), answer.headers().with(name, value), answer.body());
    }

    private RtspResponse ok(Session of) {
        return new RtspResponse(200, "OK", RtspHeaders.of("Session", of.id() + ";timeout=" + rules.timeoutSeconds()));
    }

    /** Whoever has a session goes on as the same. */
    private AuthenticatedUser user(RtspRequest request) throws Refusal {
        AuthenticatedUser user = login.user(request, services.presentKeys());
        if (session.isPresent() && !session.get().user().id().equals(user.id())) {
            throw Refusal.forbidden("The session on this connection is another user's.");
        }
        provedNs = System.nanoTime();
        return user;
    }

    private AccessGuard admit(AuthenticatedUser user, Target target) throws Refusal {
        AccessGuard guard = services.presentGuard();
        UUID camera = target.stream().cameraId();
        try {
            guard.require(user, target.permission(), Optional.of(camera));
        } catch (AccessDeniedException e) {
            if (target.recorded()) {
                viewings.refused(user, camera);
            }
            throw e.kind() == AccessDeniedException.Kind.NOT_FOUND ? noCamera(camera) : login.refusal(e);
        }
        if (services.isOfNoCamera(target)) {
            throw noCamera(camera);
        }
        return guard;
    }

    /** The same for one that is hidden from the user and one that does not exist. */
    private static Refusal noCamera(UUID camera) {
        return Refusal.notFound("There is no camera " + camera + ".");
    }

    private StreamFormat format(Target target, AuthenticatedUser user) throws Refusal {
        if (target.recorded()) {
            return recordings.format(target);
        }
        services.await(target.stream(), user.id());
        return services.presentHub()
                .statistics(target.stream())
                .filter(StreamStatistics::live)
                .flatMap(StreamStatistics::format)
                .orElseThrow(() -> Refusal.unavailable(
                        "The camera sends no " + target.stream().name() + " stream at the moment.", RETRY_S));
    }

    private RtspResponse describe(RtspRequest request, AuthenticatedUser user) throws Refusal {
        Target target = Target.parse(request.uri());
        AccessGuard guard = admit(user, target);
        boolean sound =
                Services.may(guard, user, Permission.LISTEN, target.stream().cameraId());
        String range = target.recorded() ? recordings.range(target).orElse("npt=0-") : "npt=now-";
        byte[] body = Descriptions.of(target.stream(), format(target, user), range, sound);
        described = Optional.of(target.whole());
        // The query is not repeated: clients put the track's name behind it.
        String base = request.uri().split("\\?", 2)[0];
        base = base.endsWith("/") ? base : base + "/";
        return new RtspResponse(200, "OK", RtspHeaders.of("Content-Base", base).with("Content-Type", SDP), body);
    }

    private RtspResponse setUp(RtspRequest request, AuthenticatedUser user) throws Refusal {
        Target named = Target.parse(request.uri());
        Target target = meant(named);
        AccessGuard guard = admit(user, target);
        if (session.isPresent() && !session.get().target().equals(target)) {
            throw Refusal.notTogether("A session is of one stream. Use a connection for each.");
        }
        if (session.isPresent()) {
            requireSession(request);
            if (session.get().isPlaying()) {
                throw Refusal.notNow("Tracks are set up before PLAY, or after PAUSE.");
            }
        }
        StreamFormat format = session.isPresent() ? session.get().format() : format(target, user);
        int number = track(named, format);
        TrackFormat track = format.tracks().get(number);
        if (track.isAudio()
                && !Services.may(guard, user, Permission.LISTEN, target.stream().cameraId())) {
            throw Refusal.forbidden("The sound of this camera is not for user " + user.username() + ".");
        }
        TransportWish wish =
                TransportWish.parse(request.headers().first("Transport").orElse(""), rules.udp() && !peer.secure());
        boolean first = session.isEmpty();
        Session into = session.orElseGet(() -> new Session(target, format, user));
        Outlet outlet = outlet(wish, into);
        if (first) {
            try {
                rules.places().take(user.id());
            } catch (Refusal e) {
                outlet.close();
                throw e;
            }
            session = Optional.of(into);
        }
        try {
            int ssrc = into.add(number, request.uri(), outlet);
            String transport = outlet.describe() + ";ssrc=" + String.format("%08X", ssrc);
            return with(ok(into), "Transport", transport);
        } catch (NalException e) {
            outlet.close();
            throw Refusal.notFound("Track " + number + " cannot be sent: " + e.getMessage() + ".");
        }
    }

    /** {@return the stream as it was described, time included: tracks are named without that} */
    private Target meant(Target named) {
        return described
                .filter(told -> named.range().equals(ClockRange.OPEN)
                        && told.recorded() == named.recorded()
                        && told.stream().equals(named.stream()))
                .orElseGet(named::whole);
    }

    /** {@return the number of the track that is meant: a client may leave it out where there is one only} */
    private static int track(Target target, StreamFormat format) throws Refusal {
        List<Integer> carried = Descriptions.carried(format, true);
        if (target.track().isEmpty() && carried.size() == 1) {
            return carried.get(0);
        }
        if (target.track().isEmpty()) {
            throw Refusal.notTogether("Set up each track by itself, as the description names them.");
        }
        if (!carried.contains(target.track().getAsInt())) {
            throw Refusal.notFound("The stream has no track " + target.track().getAsInt() + " that can be sent.");
        }
        return target.track().getAsInt();
    }

    private Outlet outlet(TransportWish wish, Session into) throws Refusal {
        if (wish.tcp()) {
            int channel = wish.first();
            if (channel < 0) {
                int free = 0;
                while (into.uses(free) || into.uses(free + 1)) {
                    free += 2;
                }
                return new InterleavedOutlet(batch, free, free + 1);
            }
            return new InterleavedOutlet(batch, channel, wish.second());
        }
        try {
            return UdpOutlet.open(peer.local(), peer.remote(), wish, rules.udpPorts());
        } catch (IOException e) {
            LOG.warn("No UDP ports for an RTSP client: {}. Widen udpPortMin and udpPortMax", e.toString());
            throw Refusal.unsupportedTransport("No UDP ports are free. Use TCP.");
        }
    }

    private Session requireSession(RtspRequest request) throws Refusal {
        String id =
                request.headers().first("Session").orElse("").split(";", 2)[0].strip();
        return session.filter(own -> own.id().equals(id)).orElseThrow(Refusal::noSession);
    }

    private RtspResponse play(RtspRequest request, AuthenticatedUser user) throws Refusal {
        Session own = requireSession(request);
        admit(user, own.target());
        boolean recorded = own.target().recorded();
        boolean moves = recorded
                && (request.headers().first("Range").isPresent()
                        || request.headers().first("Scale").isPresent());
        if (own.isPlaying() && !moves) {
            return ok(own);
        }
        Recordings.Plan plan = recorded
                ? recordings.plan(request, own, own.standsUs())
                : new Recordings.Plan(
                        new LiveSource(services.hub(), own.stream(), own.format()),
                        new Player.Manner(1, false, false, request.cseq()),
                        OptionalLong.empty(),
                        RtspHeaders.of("Range", "npt=now-"));
        // Only now: a request that is refused changes nothing (RFC 2326 11.3).
        if (own.isPlaying() && !pause(own)) {
            hangUp.run();
            throw Refusal.notNow("What was played before takes too long to end.");
        }
        own.play(plan.source(), plan.manner(), plan.fromUs(), TimeUnit.MILLISECONDS.toNanos(rules.tickMs()), hangUp);
        plan.fromUs().ifPresent(fromUs -> viewings.begun(user, own.stream().cameraId(), fromUs));
        afterAnswer = () -> own.player().ifPresent(Player::start);
        RtspResponse answer = with(ok(own), "RTP-Info", own.rtpInfo());
        for (RtspHeaders.Line line : plan.headers().lines()) {
            answer = with(answer, line.name(), line.value());
        }
        return answer;
    }

    private RtspResponse pause(RtspRequest request, AuthenticatedUser user) throws Refusal {
        Session own = requireSession(request);
        LOG.debug("User {} pauses {}", user.username(), own.stream());
        if (!pause(own)) {
            hangUp.run();
        }
        return ok(own);
    }

    private boolean pause(Session own) {
        boolean paused = own.pause();
        own.takeSent().ifPresent(sent -> viewings.ended(own.user(), own.stream().cameraId(), sent));
        return paused;
    }

    private RtspResponse tearDown(RtspRequest request, AuthenticatedUser user) throws Refusal {
        Session own = requireSession(request);
        LOG.debug("User {} ends {}", user.username(), own.stream());
        end();
        return new RtspResponse(200, "OK", RtspHeaders.EMPTY);
    }

    /** Keeps a session alive; there is nothing to be asked or set. */
    private RtspResponse parameter(RtspRequest request, AuthenticatedUser user) throws Refusal {
        if (request.body().length > 0) {
            throw Refusal.notUnderstood("There are no parameters here, " + user.username() + ".");
        }
        return session.isPresent() ? ok(session.get()) : new RtspResponse(200, "OK", RtspHeaders.EMPTY);
    }

    /** {@return when somebody last said who it is, or the connection began}, by {@link System#nanoTime} */
    long provedNs() {
        return provedNs;
    }

    /** {@return whether nothing is being sent any more} */
    boolean isSilent() {
        return session.flatMap(Session::player).map(Player::isOver).orElse(true);
    }

    /** {@return whether somebody has set something up} */
    boolean hasSession() {
        return session.isPresent();
    }

    /**
     * {@return why the client is to go, empty when it may stay} The thread that checks; the client is told goodbye.
     *
     * @param heardNs when something came over the connection last
     */
    Optional<String> check(long nowNs, long heardNs) {
        Optional<Session> own = session;
        if (own.isEmpty()) {
            return Optional.empty();
        }
        try {
            own.get().check(services, peer.address(), nowNs);
        } catch (AccessDeniedException e) {
            return dismissed(own.get(), e.getMessage());
        }
        long heard = Math.max(heardNs, own.get().player().map(Player::heardNs).orElse(heardNs));
        long silentNs = nowNs - heard;
        if (own.get().needsToBeHeard() && silentNs > TimeUnit.SECONDS.toNanos(rules.timeoutSeconds())) {
            return dismissed(own.get(), "nothing was heard for " + TimeUnit.NANOSECONDS.toSeconds(silentNs) + " s");
        }
        return Optional.empty();
    }

    private static Optional<String> dismissed(Session own, String why) {
        own.player().ifPresent(Player::dismiss);
        return Optional.of(why);
    }

    /** Ends what was set up. Waits for the player, so the connection must be closed or its client reading. */
    void end() {
        Optional<Session> own = session;
        session = Optional.empty();
        own.ifPresent(ending -> {
            pause(ending);
            ending.close();
            rules.places().release(ending.user().id());
        });
    }
}
