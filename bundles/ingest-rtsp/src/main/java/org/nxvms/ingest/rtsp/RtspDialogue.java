// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspMessage;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspSession;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with a camera from connect to its end: OPTIONS, DESCRIBE, SETUP for each track, PLAY, then keep-alive
 * (RFC 2326 10). Every step has a deadline. Loop thread only; ends exactly once, by {@link Owner#ended},
 * {@link Owner#redirected} or {@link #close()}.
 */
final class RtspDialogue implements RtspConnection.Handler, TrackSetup.Session {
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

    private static final Logger LOG = LoggerFactory.getLogger(RtspDialogue.class);

    private final IoLoop loop;
    private final Target target;
    private final TransportChoice transports;
    private final MediaFeed feed;
    private final Owner owner;
    private final RtspConnection connection;
    private final RtspRequests requests;
    private final KeepAlive keepAlive;
    private final boolean tunnelled;

    private Stage stage = Stage.CONNECT;
    private long deadlineNs;
    private RtspRequest pending;
    private int pendingNumber;
    private int keepAliveNumber = -1;

    private String aggregate = "";
    private final TrackSetup setup;
    private Vigil vigil;

    RtspDialogue(IoLoop loop, Wires wires, Target target, TransportChoice transports, MediaFeed feed, Owner owner)
            throws IOException {
        this.loop = loop;
        this.target = target;
        this.transports = transports;
        this.feed = feed;
        this.owner = owner;
        this.tunnelled = transports.now() == Transport.HTTP;
        this.setup = new TrackSetup(loop, target, transports, feed, this);
        this.keepAlive = new KeepAlive(target.options().keepAlive());
        deadlineNs = loop.nowNs() + loop.settings().connectTimeoutNs();
        connection = new RtspConnection(loop, on -> wires.open(target, tunnelled, on), target.peer(), this);
        requests = new RtspRequests(connection::send, target.login().map(Login::authenticator));
    }

    long packetsLost() {
        return vigil == null ? 0 : vigil.packetsLost();
    }

    /** Tells how the packets travel, once they do. */
    void tell(LinkGauge gauge) {
        if (vigil != null) {
            vigil.tell(gauge);
        }
    }

    /** {@return in a sentence how far the session came; for a probe that ran out of time} */
    Failure unfinished() {
        return switch (stage) {
            case CONNECT ->
                Failure.unreachable(target.peer() + " does not answer; check address, port, network and firewall");
            case PLAYING -> vigil.unfinished(loop.nowNs());
            default ->
                Failure.protocol(target.peer() + " accepts connections but does not answer " + stage
                        + "; is this its RTSP port?");
        };
    }

    /** {@return whether the next look at the camera may be a late one} */
    boolean mayWait() {
        return connection.patient();
    }

    // ---- from the connection -------------------------------------------------------------------------------------

    @Override
    public void connected() {
        stage = Stage.OPTIONS;
        request("OPTIONS", target.uri().toString(), RtspHeaders.EMPTY);
    }

    @Override
    public void frame(ByteBuffer in, int channel, int offset, int length) {
        setup.frame(in, channel, offset, length);
    }

    @Override
    public boolean patient() {
        return stage == Stage.PLAYING && setup.path().patient() && !feed.urgent();
    }

    @Override
    public int roomBytes() {
        boolean mediaComesHere = stage == Stage.PLAYING && setup.path().patient();
        return mediaComesHere ? feed.roomBytes() : Integer.MAX_VALUE;
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
    public void accepted() {
        requests.accepted();
    }

    @Override
    public void failed(Failure failure) {
        boolean notIn = stage == Stage.CONNECT || tunnelled && stage == Stage.OPTIONS;
        if (notIn && failure.kind() != DriverException.Kind.AUTH) {
            // Where RTSP is not let through, RTSP in HTTP may be, and the reverse.
            transports.otherWayIn();
        }
        end(failure);
    }

    @Override
    public void broke(Throwable fault) {
        end(Failure.internal(fault));
    }

    /** Servers may ask too; a camera that gets no answer may hang up (RFC 2326 10.2). */
    private void answer(RtspRequest request) {
        boolean known =
                switch (request.method()) {
                    case "OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE" -> true;
                    default -> false;
                };
        RtspHeaders headers = RtspHeaders.of("CSeq", String.valueOf(Math.max(0, request.cseq())));
        RtspResponse answer = new RtspResponse(known ? 200 : 501, known ? "OK" : "Not Implemented", headers);
        connection.send(ByteBuffer.wrap(answer.toBytes()));
        if ("REDIRECT".equals(request.method())) {
            request.headers().first("Location").ifPresent(this::redirect);
        }
    }

    private void response(RtspResponse response) {
        if (pending == null || response.cseq() >= 0 && response.cseq() != pendingNumber) {
            if (response.cseq() == keepAliveNumber || pending == null && response.cseq() < 0) {
                keptAlive(response);
            }
            return;
        }
        RtspRequest asked = pending;
        pending = null;
        if (response.status() == 401) {
            Optional<Failure> refused = requests.challenged(response, target.peer());
            if (refused.isPresent()) {
                end(refused.get());
            } else {
                request(asked.method(), asked.uri(), asked.headers());
            }
        } else if (response.status() >= 300 && response.status() < 400) {
            Optional<String> location = response.headers().first("Location");
            if (location.isPresent()) {
                redirect(location.get());
            } else {
                end(Failure.protocol(target.peer() + " redirects without saying where to"));
            }
        } else {
            if (response.ok()) {
                requests.accepted(response);
            }
            step(response);
        }
    }

    private void keptAlive(RtspResponse response) {
        if (response.status() == 401) {
            // A nonce that ran out: the next request answers the new one.
            requests.challenged(response, target.peer()).ifPresent(this::end);
        } else if (!keepAlive.answered(response.status(), loop.nowNs())) {
            end(Failure.unreachable(target.peer() + " no longer knows the session"));
        } else if (response.ok()) {
            requests.accepted(response);
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
                keepAlive.offered(response.headers().all("Public"));
                stage = Stage.DESCRIBE;
                request("DESCRIBE", target.uri().toString(), RtspHeaders.of("Accept", "application/sdp"));
            }
            case DESCRIBE -> described(response);
            case SETUP -> setup.answered(response);
            case PLAY -> {
                if (response.ok()) {
                    played();
                } else {
                    end(Refusals.of(target.peer(), "PLAY", response));
                }
            }
            default -> {
                // Nothing else is asked.
            }
        }
    }

    private void described(RtspResponse response) {
        if (!response.ok()) {
            end(Refusals.of(target.peer(), "DESCRIBE", response));
            return;
        }
        String base = RtspUri.base(response, target.uri().toString());
        TrackPlan plan;
        try {
            SessionDescription description = SessionDescription.parse(response.body());
            plan = TrackPlan.of(description);
            if (!plan.leftOut().isEmpty()) {
                LOG.info(
                        "{} also offers {}, which is not recorded",
                        target.uri().host(),
                        String.join(", ", plan.leftOut()));
            }
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
        setup.begin(base, plan.tracks());
    }

    // ---- from the set-up of tracks -------------------------------------------------------------------------------

    @Override
    public void ask(String url, String transport) {
        request("SETUP", url, RtspHeaders.of("Transport", transport));
    }

    @Override
    public void send(ByteBuffer packet) {
        connection.send(packet);
    }

    @Override
    public InetAddress localAddress() throws IOException {
        return connection.localAddress();
    }

    @Override
    public boolean begun(RtspResponse response) {
        try {
            RtspSession session =
                    RtspSession.parse(response.headers().first("Session").orElse(requests.session()));
            requests.session(session.id());
            keepAlive.sessionTimeout(session.timeoutS());
            return true;
        } catch (RtspException noSession) {
            end(Failure.protocol(target.peer() + " answers SETUP without a session"));
            return false;
        }
    }

    @Override
    public void complete() {
        stage = Stage.PLAY;
        request("PLAY", aggregate, RtspHeaders.of("Range", "npt=0.000-"));
    }

    @Override
    public void refused(Failure failure) {
        end(failure);
    }

    private void played() {
        stage = Stage.PLAYING;
        deadlineNs = Long.MAX_VALUE;
        keepAlive.begin(loop.nowNs());
        vigil = new Vigil(loop, target.peer(), transports.now(), setup.path(), feed);
        setup.path().play();
        owner.playing();
    }

    // ---- requests and time ---------------------------------------------------------------------------------------

    private void request(String method, String uri, RtspHeaders extra) {
        pending = new RtspRequest(method, uri, extra);
        deadlineNs = loop.nowNs() + loop.settings().answerTimeoutNs();
        pendingNumber = requests.send(pending);
    }

    /** Called at a steady pace while the session lives. */
    void tick(long nowNs) {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (stage != Stage.PLAYING) {
            if (nowNs - deadlineNs > 0) {
                failed(unfinished());
            }
            return;
        }
        setup.path().tick(nowNs);
        Optional<Failure> trouble = vigil.look(nowNs);
        if (trouble.isPresent()) {
            if (vigil.transportIsDead()) {
                transports.next();
            }
            end(trouble.get());
            return;
        }
        if (keepAlive.isDue(nowNs)) {
            keepAliveNumber = requests.again(keepAlive.method(), aggregate);
            connection.expect(keepAliveNumber);
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
        stage = Stage.CLOSED;
        if (!requests.session().isEmpty()) {
            String url = aggregate.isEmpty() ? target.uri().toString() : aggregate;
            requests.send(new RtspRequest("TEARDOWN", url, RtspHeaders.EMPTY));
        }
        connection.close();
        setup.close();
    }
}
