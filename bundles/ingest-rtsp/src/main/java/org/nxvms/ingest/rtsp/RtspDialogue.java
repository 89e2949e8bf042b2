// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.LeftSession;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspMessage;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspSession;

/**
 * One session with a camera from connect to its end: OPTIONS, DESCRIBE, SETUP for each track, PLAY, then keep-alive
 * (RFC 2326 10). Every step has a deadline. Loop thread only; ends exactly once, by {@link Owner#ended},
 * {@link Owner#redirected} or {@link #close()}.
 */
final class RtspDialogue implements RtspConnection.Handler, Questions.Asker, TrackSetup.Session {
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

    private final IoLoop loop;
    private final Target target;
    private final TransportChoice transports;
    private final MediaFeed feed;
    private final Owner owner;
    private final RtspConnection connection;
    private final RtspRequests requests;
    private final KeepAlive keepAlive;
    private final Questions questions;
    private final boolean tunnelled;
    /** For the connection; an answer has a deadline of its own. */
    private final long deadlineNs;

    private final PictureEnd pictureEnd;

    private Stage stage = Stage.CONNECT;

    private Offer offer = Offer.NONE;
    private final TrackSetup setup;
    private Vigil vigil;

    RtspDialogue(IoLoop loop, Wires wires, Target target, TransportChoice transports, MediaFeed feed, Owner owner)
            throws IOException {
        this.loop = loop;
        this.target = target;
        this.transports = transports;
        this.feed = feed;
        this.pictureEnd = new PictureEnd(feed);
        this.owner = owner;
        this.tunnelled = transports.now() == Transport.HTTP;
        this.setup = new TrackSetup(loop, target, transports, feed, this);
        this.keepAlive = new KeepAlive(target.options().keepAlive());
        deadlineNs = loop.nowNs() + loop.settings().connectTimeoutNs();
        connection = new RtspConnection(loop, on -> wires.open(target, tunnelled, on), target.peer(), this);
        requests = new RtspRequests(connection::send, target.login().map(Login::authenticator));
        questions = new Questions(loop, target.peer(), requests, keepAlive, this);
    }

    /**
     * Goes on with a session that another engine left.
     *
     * @throws IOException when it cannot be gone on with; its socket is then still open
     */
    RtspDialogue(
            IoLoop loop, Wires wires, Target target, TransportChoice transports, MediaFeed feed, Owner owner, Left left)
            throws IOException {
        this.loop = loop;
        this.target = target;
        this.transports = transports;
        this.feed = feed;
        this.pictureEnd = new PictureEnd(feed);
        this.owner = owner;
        this.tunnelled = false;
        this.setup = new TrackSetup(loop, target, transports, feed, this);
        this.keepAlive = new KeepAlive(target.options().keepAlive());
        PlayingSession.Dialogue dialogue = left.session().dialogue();
        offer = Offer.of(left.session(), target);
        connection = new RtspConnection(loop, on -> wires.goOn(left.socket(), on), target.peer(), this);
        connection.goOn();
        setup.goOn(offer.tracks(), left.session().transports(), left.session().sequences(), left.datagrams());
        requests = new RtspRequests(connection::send, target.login().map(Login::authenticator));
        requests.goOn(dialogue.id(), dialogue.number());
        keepAlive.goOn(dialogue.keepAlive(), dialogue.timeoutS(), loop.nowNs());
        questions = new Questions(loop, target.peer(), requests, keepAlive, this);
        stage = Stage.PLAYING;
        deadlineNs = loop.nowNs();
        vigil = new Vigil(loop, target.peer(), transports.now(), setup.path(), feed);
        setup.path().play();
    }

    /** A session and its sockets. */
    record Left(PlayingSession session, Wire.Released socket, LeftSession.Datagrams datagrams) {}

    /** Reads on to the end of a picture only. {@return false when this session cannot be left to another engine} */
    boolean pause() {
        boolean known = transports.now() == Transport.TCP || transports.now() == Transport.UDP;
        return stage == Stage.PLAYING && !questions.isOpen() && known && connection.pause();
    }

    /** {@return whether that end is reached} */
    @Override
    public boolean paused() {
        return connection.paused();
    }

    /** Leaves the session as it is: the camera is told nothing. */
    Left leave(int endpoint, PlayingSession.Media media) {
        stage = Stage.CLOSED;
        Wire.Released socket = connection.release();
        PlayingSession.Dialogue dialogue = new PlayingSession.Dialogue(
                offer.aggregate(),
                requests.session(),
                keepAlive.sessionTimeoutS(),
                keepAlive.methods(),
                requests.number());
        PlayingSession session = new PlayingSession(
                endpoint,
                target.uri().toString(),
                dialogue,
                offer.text(),
                setup.agreements(),
                setup.sequences(),
                media);
        ByteBuffer farewell = requests.written(new RtspRequest("TEARDOWN", offer.aggregate(), RtspHeaders.EMPTY));
        LeftSession.Datagrams datagrams = setup.path().leave(farewell);
        setup.close();
        return new Left(session, socket, datagrams);
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

    /** Asked at a steady pace. {@return whether the next look at the camera may be a late one} */
    boolean mayWait() {
        return connection.attend();
    }

    // ---- from the connection -------------------------------------------------------------------------------------

    @Override
    public void connected() {
        if (stage == Stage.CONNECT) {
            stage = Stage.OPTIONS;
            questions.ask("OPTIONS", target.uri().toString(), RtspHeaders.EMPTY);
        }
    }

    @Override
    public void frame(ByteBuffer in, int channel, int offset, int length) {
        setup.frame(in, channel, offset, length);
        taken(setup.path() != null && setup.path().isPicture(channel));
    }

    @Override
    public void taken(boolean picture) {
        pictureEnd.taken(picture);
    }

    @Override
    public boolean betweenUnits() {
        return pictureEnd.isReached() && setup.path().inOrder();
    }

    @Override
    public Urgency urgency() {
        return stage == Stage.PLAYING && setup.path().patient() ? feed.urgency() : Urgency.EACH_TICK;
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
            questions.take(response);
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
        connection.send(RtspRequests.answer(request));
        if ("REDIRECT".equals(request.method())) {
            request.headers().first("Location").ifPresent(this::redirect);
        }
    }

    @Override
    public void redirect(String location) {
        if (stage != Stage.CLOSED) {
            close();
            owner.redirected(location);
        }
    }

    @Override
    public void answered(RtspResponse response) {
        switch (stage) {
            case OPTIONS -> {
                keepAlive.offered(response.headers().all("Public"));
                stage = Stage.DESCRIBE;
                questions.ask("DESCRIBE", target.uri().toString(), RtspHeaders.of("Accept", "application/sdp"));
            }
            case DESCRIBE -> described(response);
            case SETUP -> setup.answered(response);
            case PLAY -> {
                if (response.ok()) {
                    offer.begun(response);
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
        try {
            offer = Offer.of(response, target);
        } catch (FailureException useless) {
            end(useless.failure());
            return;
        }
        stage = Stage.SETUP;
        setup.begin(offer.base(), offer.tracks());
    }

    // ---- from the set-up of tracks -------------------------------------------------------------------------------

    @Override
    public void ask(String url, String transport) {
        questions.ask("SETUP", url, RtspHeaders.of("Transport", transport));
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
        questions.ask("PLAY", offer.aggregate(), RtspHeaders.of("Range", "npt=0.000-"));
    }

    @Override
    public void refused(Failure failure) {
        end(failure);
    }

    private void played() {
        stage = Stage.PLAYING;
        keepAlive.begin(loop.nowNs());
        vigil = new Vigil(loop, target.peer(), transports.now(), setup.path(), feed);
        setup.path().play();
        owner.playing();
    }

    // ---- time
    // --------------------------------------------------------------------------------------------------------

    /** Called at a steady pace while the session lives. */
    void tick(long nowNs) {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (stage != Stage.PLAYING) {
            if (stage == Stage.CONNECT ? nowNs - deadlineNs > 0 : questions.isLate(nowNs)) {
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
            connection.expect(keepAlive.sent(requests.again(keepAlive.method(), offer.aggregate())));
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
            String url = offer.aggregate().isEmpty() ? target.uri().toString() : offer.aggregate();
            requests.send(new RtspRequest("TEARDOWN", url, RtspHeaders.EMPTY));
        }
        connection.close();
        setup.close();
    }
}
