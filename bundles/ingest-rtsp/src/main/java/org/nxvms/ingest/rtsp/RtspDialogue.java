// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspMessage;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspSession;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;

/**
 * One session with a camera from connect to its end: OPTIONS, DESCRIBE, SETUP for each track, PLAY, then keep-alive
 * (RFC 2326 10). Every step has a deadline. Loop thread only; ends exactly once, by {@link Owner#ended},
 * {@link Owner#redirected} or {@link #close()}.
 */
final class RtspDialogue implements RtspConnection.Handler {
    /** Who asked for the session. */
    interface Owner {
        /** The camera agreed to send. */
        void playing();

        void ended(Failure failure);

        /** The camera sends us elsewhere; the session is over. */
        void redirected(String url);
    }

    private enum Stage {
        CONNECT,
        OPTIONS,
        DESCRIBE,
        SETUP,
        PLAY,
        PLAYING,
        CLOSED
    }

    private static final String USER_AGENT = "NXvms";
    private static final int CHANNELS = 256;
    private static final long REPORT_NS = 10_000_000_000L;
    private static final long KEEP_ALIVE_NS_MAX = 30_000_000_000L;

    private final IoLoop loop;
    private final Target target;
    private final MediaFeed feed;
    private final Owner owner;
    private final RtspConnection connection;
    private final Optional<RtspAuthenticator> credentials;

    private final TrackReceiver[] rtp = new TrackReceiver[CHANNELS];
    private final TrackReceiver[] rtcp = new TrackReceiver[CHANNELS];
    private final List<TrackReceiver> receivers = new ArrayList<>();

    private Stage stage = Stage.CONNECT;
    private long deadlineNs;
    private int cseq;
    private RtspRequest pending;
    private int pendingCseq;

    private String base = "";
    private String aggregate = "";
    private List<TrackPlan.Wanted> tracks = List.of();
    private int nextTrack;
    private String sessionId = "";
    private long keepAliveNs = KEEP_ALIVE_NS_MAX;
    private boolean getParameter;
    private long playingSinceNs;
    private long nextKeepAliveNs;
    private long nextReportNs;
    private int keepAliveCseq = -1;

    RtspDialogue(IoLoop loop, Target target, MediaFeed feed, Owner owner) throws IOException {
        this.loop = loop;
        this.target = target;
        this.feed = feed;
        this.owner = owner;
        this.credentials = target.credentials();
        deadlineNs = loop.nowNs() + loop.settings().connectTimeoutNs();
        connection = new RtspConnection(loop, target.address(), target.peer(), this);
    }

    boolean playing() {
        return stage == Stage.PLAYING;
    }

    long packetsLost() {
        long lost = 0;
        // Asked at every tick: not even an iterator.
        for (int i = 0; i < receivers.size(); i++) {
            lost += receivers.get(i).packetsLost();
        }
        return lost;
    }

    /** {@return in a sentence how far the session came; for a probe that ran out of time} */
    Failure unfinished() {
        return switch (stage) {
            case CONNECT ->
                Failure.unreachable(target.peer() + " does not answer; check address, port, network and firewall");
            case OPTIONS, DESCRIBE, SETUP, PLAY ->
                Failure.protocol(target.peer() + " accepts connections but does not answer " + stage
                        + "; is this its RTSP port?");
            default ->
                Failure.stalled(
                        feed.started()
                                ? target.peer() + " stopped sending"
                                : target.peer() + " agreed to send, but no key"
                                        + " frame arrived; check that the stream is enabled on the camera");
        };
    }

    // ---- from the connection -------------------------------------------------------------------------------------

    @Override
    public void connected() {
        stage = Stage.OPTIONS;
        request("OPTIONS", target.uri().toString(), RtspHeaders.EMPTY);
    }

    @Override
    public void frame(ByteBuffer in, int channel, int offset, int length) {
        if (rtp[channel] != null) {
            rtp[channel].rtp(in, offset, length);
        } else if (rtcp[channel] != null) {
            rtcp[channel].rtcp(in, offset, length, loop.nowNs());
            if (rtcp[channel].bye() && receivers.get(0) == rtcp[channel]) {
                end(Failure.unreachable(target.peer() + " ended the stream"));
            }
        }
    }

    @Override
    public void message(RtspMessage message) {
        if (message instanceof RtspRequest request) {
            answer(request);
        } else if (message instanceof RtspResponse response) {
            response(response);
        }
    }

    @Override
    public void failed(Failure failure) {
        end(failure);
    }

    /** Servers may ask too; a camera that gets no answer may hang up (RFC 2326 10.2). */
    private void answer(RtspRequest request) {
        boolean known =
                switch (request.method()) {
                    case "OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE" -> true;
                    default -> false;
                };
        RtspHeaders headers = RtspHeaders.of("CSeq", String.valueOf(Math.max(0, request.cseq())));
        connection.send(new RtspResponse(known ? 200 : 501, known ? "OK" : "Not Implemented", headers).toBytes());
        if ("REDIRECT".equals(request.method())) {
            request.headers().first("Location").ifPresent(this::redirect);
        }
    }

    private void response(RtspResponse response) {
        if (pending == null || response.cseq() >= 0 && response.cseq() != pendingCseq) {
            if (response.cseq() == keepAliveCseq && response.status() == 454) {
                end(Failure.unreachable(target.peer() + " no longer knows the session"));
            }
            return;
        }
        RtspRequest asked = pending;
        pending = null;
        if (response.status() == 401) {
            unauthorized(asked, response);
        } else if (response.status() >= 300 && response.status() < 400) {
            Optional<String> location = response.headers().first("Location");
            if (location.isPresent()) {
                redirect(location.get());
            } else {
                end(Failure.protocol(target.peer() + " redirects without saying where to"));
            }
        } else {
            if (response.ok()) {
                credentials.ifPresent(known -> known.accepted(response.headers()));
            }
            step(response);
        }
    }

    private void unauthorized(RtspRequest asked, RtspResponse response) {
        if (credentials.isEmpty()) {
            end(Failure.auth(target.peer() + " asks for a user name and password; none are set for this camera"));
        } else if (credentials.get().challenged(response.headers())) {
            request(asked.method(), asked.uri(), asked.headers());
        } else {
            end(Failure.auth(target.peer() + " refuses the user name or password"));
        }
    }

    private void redirect(String location) {
        if (stage != Stage.CLOSED) {
            close();
            owner.redirected(location);
        }
    }

    private void step(RtspResponse response) {
        switch (stage) {
            case OPTIONS -> {
                getParameter = response.headers().all("Public").toString().contains("GET_PARAMETER");
                stage = Stage.DESCRIBE;
                request("DESCRIBE", target.uri().toString(), RtspHeaders.of("Accept", "application/sdp"));
            }
            case DESCRIBE -> described(response);
            case SETUP -> setUp(response);
            case PLAY -> {
                if (response.ok()) {
                    played();
                } else {
                    end(Failure.refused(target.peer(), "PLAY", response));
                }
            }
            default -> {
                if (response.status() == 454) {
                    end(Failure.unreachable(target.peer() + " no longer knows the session"));
                }
            }
        }
    }

    private void described(RtspResponse response) {
        if (!response.ok()) {
            end(Failure.refused(target.peer(), "DESCRIBE", response));
            return;
        }
        try {
            SessionDescription description = SessionDescription.parse(response.body());
            tracks = TrackPlan.of(description).tracks();
            base = RtspUri.base(response, target.uri().toString());
            aggregate = RtspUri.resolve(base, description.control().orElse("*"));
        } catch (SdpException notSdp) {
            end(Failure.protocol(target.peer() + " answers DESCRIBE with something else than a session description: "
                    + notSdp.getMessage()));
            return;
        } catch (TrackPlan.Unusable unusable) {
            end(Failure.unsupported(target.peer() + ": " + unusable.getMessage()));
            return;
        }
        stage = Stage.SETUP;
        setUpNext();
    }

    private void setUpNext() {
        if (nextTrack < tracks.size()) {
            String url = RtspUri.resolve(base, tracks.get(nextTrack).control());
            request("SETUP", url, RtspHeaders.of("Transport", RtspTransport.request(2 * nextTrack)));
        } else {
            stage = Stage.PLAY;
            request("PLAY", aggregate, RtspHeaders.of("Range", "npt=0.000-"));
        }
    }

    private void setUp(RtspResponse response) {
        TrackPlan.Wanted wanted = tracks.get(nextTrack);
        RtspTransport transport =
                RtspTransport.parse(response.headers().first("Transport").orElse(""));
        if (response.ok() && transport.tcp()) {
            try {
                String header = response.headers().first("Session").orElse(sessionId);
                RtspSession session = RtspSession.parse(header);
                if (!session.id().equals(sessionId)) {
                    sessionId = session.id();
                    keepAliveNs = Math.min(KEEP_ALIVE_NS_MAX, session.timeoutS() * 500_000_000L);
                }
            } catch (RtspException noSession) {
                end(Failure.protocol(target.peer() + " answers SETUP without a session"));
                return;
            }
            receive(wanted, transport);
        } else if (wanted.isVideo()) {
            end(
                    response.ok()
                            ? Failure.unsupported(target.peer() + " does not offer RTP over TCP")
                            : Failure.refused(target.peer(), "SETUP", response));
            return;
        }
        // A camera that announces audio and refuses it still gives its video.
        nextTrack++;
        setUpNext();
    }

    private void receive(TrackPlan.Wanted wanted, RtspTransport transport) {
        int rtpChannel = transport.rtpChannel() >= 0 ? transport.rtpChannel() : 2 * nextTrack;
        int rtcpChannel = transport.rtcpChannel() >= 0 ? transport.rtcpChannel() : (rtpChannel + 1) % CHANNELS;
        TrackReceiver receiver = new TrackReceiver(
                TrackPlan.depacketizer(wanted, feed, loop.settings().waitForKeyAfterLoss()),
                wanted.map().type(),
                ThreadLocalRandom.current().nextInt());
        rtp[rtpChannel] = receiver;
        rtcp[rtcpChannel] = receiver;
        receivers.add(receiver);
    }

    private void played() {
        stage = Stage.PLAYING;
        playingSinceNs = loop.nowNs();
        nextKeepAliveNs = playingSinceNs + keepAliveNs;
        nextReportNs = playingSinceNs + REPORT_NS;
        deadlineNs = Long.MAX_VALUE;
        owner.playing();
    }

    // ---- requests and time ---------------------------------------------------------------------------------------

    private void request(String method, String uri, RtspHeaders extra) {
        pending = new RtspRequest(method, uri, extra);
        pendingCseq = send(method, uri, extra);
        deadlineNs = loop.nowNs() + loop.settings().answerTimeoutNs();
    }

    private int send(String method, String uri, RtspHeaders extra) {
        int number = ++cseq;
        RtspHeaders headers = RtspHeaders.of("CSeq", String.valueOf(number)).with("User-Agent", USER_AGENT);
        for (RtspHeaders.Line line : extra.lines()) {
            headers = headers.with(line.name(), line.value());
        }
        if (!sessionId.isEmpty()) {
            headers = headers.with("Session", sessionId);
        }
        Optional<String> login = credentials.flatMap(known -> known.authorization(method, uri));
        if (login.isPresent()) {
            headers = headers.with("Authorization", login.get());
        }
        connection.send(new RtspRequest(method, uri, headers).toBytes());
        return number;
    }

    /** Called at a steady pace while the session lives. */
    void tick(long nowNs) {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (stage != Stage.PLAYING) {
            if (nowNs - deadlineNs > 0) {
                end(unfinished());
            }
            return;
        }
        long silentSinceNs = feed.started() ? feed.lastUnitNs() : playingSinceNs;
        long patienceNs = feed.started()
                ? loop.settings().stallTimeoutNs()
                : loop.settings().firstKeyTimeoutNs();
        if (nowNs - silentSinceNs > patienceNs) {
            end(unfinished());
            return;
        }
        if (nowNs - nextKeepAliveNs > 0) {
            nextKeepAliveNs = nowNs + keepAliveNs;
            boolean options = target.optionsKeepAlive() || !getParameter;
            keepAliveCseq = send(options ? "OPTIONS" : "GET_PARAMETER", aggregate, RtspHeaders.EMPTY);
        }
        if (nowNs - nextReportNs > 0) {
            nextReportNs = nowNs + REPORT_NS;
            reports(nowNs);
        }
    }

    private void reports(long nowNs) {
        for (int channel = 0; channel < CHANNELS && stage == Stage.PLAYING; channel++) {
            if (rtcp[channel] != null) {
                connection.send(rtcp[channel].report(channel, nowNs));
            }
        }
    }

    private void end(Failure failure) {
        if (stage != Stage.CLOSED) {
            close();
            owner.ended(failure);
        }
    }

    /** Ends the session without telling the owner; says goodbye if there is somebody to say it to. */
    void close() {
        if (stage == Stage.CLOSED) {
            return;
        }
        boolean established = !sessionId.isEmpty();
        stage = Stage.CLOSED;
        if (established) {
            send("TEARDOWN", aggregate.isEmpty() ? target.uri().toString() : aggregate, RtspHeaders.EMPTY);
        }
        connection.close();
        receivers.forEach(TrackReceiver::close);
    }
}
