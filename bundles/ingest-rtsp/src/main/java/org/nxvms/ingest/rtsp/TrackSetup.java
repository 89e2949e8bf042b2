// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.LeftSession;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * SETUP for each track of a session (RFC 2326 10.4): opens the path their packets take, asks for it, and goes on to the next
 * transport where the camera refuses one. Loop thread only.
 */
final class TrackSetup {
    /** The session whose tracks these are; each failure ends it. */
    interface Session extends MediaPath.Owner {
        void ask(String url, String transport);

        /** Sends a packet; the buffer is the caller's again. */
        void send(ByteBuffer packet);

        InetAddress localAddress() throws IOException;

        /** A track was agreed on, and with it the session. {@return false when the answer holds none} */
        boolean begun(RtspResponse response);

        /** All tracks are set up. */
        void complete();

        void refused(Failure failure);
    }

    private static final int NOT_OFFERED = 461;

    private final IoLoop loop;
    private final Target target;
    private final TransportChoice transports;
    private final MediaFeed feed;
    private final Session session;
    private final boolean tunnelled;
    private String base = "";
    private List<TrackPlan.Wanted> tracks = List.of();
    private int nextTrack;
    private MediaPath path;
    private final List<String> agreements = new ArrayList<>();

    TrackSetup(IoLoop loop, Target target, TransportChoice transports, MediaFeed feed, Session session) {
        this.loop = loop;
        this.target = target;
        this.transports = transports;
        this.feed = feed;
        this.session = session;
        this.tunnelled = transports.now() == Transport.HTTP;
    }

    /** @param controls what the tracks' control URLs are relative to */
    void begin(String controls, List<TrackPlan.Wanted> wanted) {
        base = controls;
        tracks = wanted;
        next();
    }

    /**
     * Goes on with tracks that another engine set up.
     *
     * @param agreed what {@link #agreements} said
     * @param sequences what {@link #sequences} said
     * @param datagrams what its path left
     * @throws IOException naming what does not fit
     */
    void goOn(
            List<TrackPlan.Wanted> wanted,
            List<String> agreed,
            List<Integer> sequences,
            LeftSession.Datagrams datagrams)
            throws IOException {
        tracks = wanted;
        if (agreed.size() != tracks.size() || agreed.get(0).isEmpty()) {
            throw new IOException("of " + tracks.size() + " tracks " + agreed.size() + " were set up");
        }
        path = newPath();
        Iterator<LeftSession.Port> ports = datagrams.ports().iterator();
        Iterator<Integer> newest = sequences.iterator();
        for (nextTrack = 0; nextTrack < tracks.size(); nextTrack++) {
            String transport = agreed.get(nextTrack);
            if (transport.isEmpty()) {
                continue;
            }
            Depacketizer depacketizer = TrackPlan.depacketizer(
                    tracks.get(nextTrack), feed, loop.settings().waitForKeyAfterLoss());
            depacketizer.goOn();
            TrackReceiver receiver = receiver(tracks.get(nextTrack), depacketizer);
            path.goOn(ports);
            Optional<String> refused = path.open(nextTrack, RtspTransport.parse(transport), receiver);
            if (refused.isPresent()) {
                throw new IOException(refused.get());
            }
            int last = newest.hasNext() ? newest.next() : -1;
            if (last >= 0) {
                receiver.goOn(last);
            }
        }
        path.goOn(datagrams.unread());
        agreements.addAll(agreed);
    }

    /** {@return for each track the transport that the camera agreed to, as it said it; empty where it refused the track} */
    List<String> agreements() {
        return agreements;
    }

    /** {@return the newest packet of each track that was set up; negative before the first} */
    List<Integer> sequences() {
        return path.receivers().stream().map(TrackReceiver::lastSequence).toList();
    }

    /** {@return how packets travel, once the first track was asked for} */
    MediaPath path() {
        return path;
    }

    void frame(ByteBuffer in, int channel, int offset, int length) {
        if (path != null) {
            path.frame(in, channel, offset, length);
        }
    }

    private void next() {
        if (nextTrack == tracks.size()) {
            session.complete();
            return;
        }
        try {
            if (path == null) {
                path = newPath();
            }
            session.ask(RtspUri.resolve(base, tracks.get(nextTrack).control()), path.request(nextTrack));
        } catch (IOException noPorts) {
            session.refused(Failure.busy("this server has no way to receive " + TransportChoice.name(transports.now())
                    + ": " + noPorts.getMessage()));
        }
    }

    private MediaPath newPath() throws IOException {
        return switch (transports.now()) {
            case UDP -> new UnicastPath(loop, session.localAddress(), target, session, feed::roomBytes);
            case MULTICAST -> new MulticastPath(loop, session.localAddress(), target, session);
            default -> new InterleavedPath(session::send);
        };
    }

    /** The camera answered the SETUP of the track in hand. */
    void answered(RtspResponse response) {
        TrackPlan.Wanted wanted = tracks.get(nextTrack);
        if (response.status() == NOT_OFFERED && nextTrack == 0) {
            changeTransport(Failure.unsupported(target.peer() + " offers none of the transports that are allowed ("
                    + transports + "); allow another for this camera"));
            return;
        }
        if (response.ok()) {
            if (!session.begun(response) || !receive(wanted, response)) {
                return;
            }
        } else if (wanted.isVideo()) {
            session.refused(Refusals.of(target.peer(), "SETUP", response));
            return;
        }
        // A camera that announces audio and refuses it still gives its video.
        agreements.add(response.ok() ? response.headers().first("Transport").orElse("") : "");
        nextTrack++;
        next();
    }

    private TrackReceiver receiver(TrackPlan.Wanted wanted, Depacketizer depacketizer) {
        return new TrackReceiver(
                loop, depacketizer, wanted.map().type(), wanted.map().clockRate(), wanted.sender());
    }

    /** {@return false when the session cannot go on like this} */
    private boolean receive(TrackPlan.Wanted wanted, RtspResponse response) {
        TrackReceiver receiver = receiver(
                wanted, TrackPlan.depacketizer(wanted, feed, loop.settings().waitForKeyAfterLoss()));
        RtspTransport agreed =
                RtspTransport.parse(response.headers().first("Transport").orElse(""));
        try {
            Optional<String> refused = path.open(nextTrack, agreed, receiver);
            if (refused.isEmpty()) {
                return true;
            }
            String told = TransportChoice.name(transports.now()) + " does not work with " + target.peer() + ": "
                    + refused.get();
            session.refused(
                    transports.next()
                            ? Failure.protocol(told + "; " + TransportChoice.name(transports.now()) + " is tried next")
                            : Failure.unsupported(told));
        } catch (IOException notOpened) {
            session.refused(
                    Failure.busy("this server cannot receive from " + target.peer() + ": " + notOpened.getMessage()));
        }
        return false;
    }

    /** Asks for the next transport, in this session where the connection stays the same. */
    private void changeTransport(Failure whenNone) {
        path.close();
        path = null;
        if (!transports.next()) {
            session.refused(whenNone);
        } else if ((transports.now() == Transport.HTTP) == tunnelled) {
            next();
        } else {
            session.refused(Failure.protocol(target.peer() + " refuses the transport; "
                    + TransportChoice.name(transports.now()) + " is tried next"));
        }
    }

    /** Idempotent. */
    void close() {
        if (path != null) {
            path.close();
        }
    }
}
