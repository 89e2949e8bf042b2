// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.ingest.kit.Names;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * One attempt to fetch an endpoint: looks the name up, opens the session, follows a few redirects. Tells its outcome once.
 * Loop thread only.
 */
final class Attempt implements RtspDialogue.Owner {
    /** Who is told. */
    interface Outcome {
        void playing();

        void failed(Failure failure);
    }

    private static final int REDIRECTS_MAX = 3;

    private final IoLoop loop;
    private final OffLoop offLoop;
    private final StreamEndpoint endpoint;
    private final TransportChoice transports;
    private final MediaFeed feed;
    private final Outcome outcome;
    private Options options = Options.NONE;
    private RtspDialogue dialogue;
    private RtspUri uri;
    private RtspUri first;
    private int redirects;
    private boolean over;
    private long resolveDeadlineNs;
    private Names.Question question = () -> {};

    /** What to fetch, and which of its transports is to be tried: kept from attempt to attempt. */
    record Wanted(StreamEndpoint endpoint, TransportChoice transports) {
        static Wanted of(StreamEndpoint endpoint) {
            return new Wanted(endpoint, new TransportChoice(endpoint));
        }
    }

    Attempt(IoLoop loop, OffLoop offLoop, Wanted wanted, MediaFeed feed, Outcome outcome) {
        this.loop = loop;
        this.offLoop = offLoop;
        this.endpoint = wanted.endpoint();
        this.transports = wanted.transports();
        this.feed = feed;
        this.outcome = outcome;
    }

    void start() {
        if (transports.isEmpty()) {
            fail(Failure.unsupported("none of the camera's transports is known to this version; allow TCP"));
            return;
        }
        try {
            uri = RtspUri.parse(endpoint.uri().toString()).uri();
            first = uri;
            options = Options.of(endpoint.quirks());
        } catch (IllegalArgumentException badInput) {
            fail(Failure.config(badInput.getMessage()));
            return;
        }
        resolve();
    }

    /**
     * Goes on with a session that another engine left, instead of {@link #start}.
     *
     * @throws IOException when it cannot be gone on with; nothing has happened then, and the socket is still open
     */
    void goOn(RtspDialogue.Left left) throws IOException {
        try {
            uri = RtspUri.parse(left.session().uri()).uri();
            first = RtspUri.parse(endpoint.uri().toString()).uri();
            options = Options.of(endpoint.quirks());
            transports.goOnWith(left.datagrams().ports().isEmpty() ? Transport.TCP : Transport.UDP);
            Target target =
                    target(List.of(((InetSocketAddress) left.socket().channel().getRemoteAddress()).getAddress()));
            dialogue = new RtspDialogue(loop, new Wires(loop, offLoop), target, transports, feed, this, left);
        } catch (IllegalArgumentException badInput) {
            throw new IOException(badInput.getMessage(), badInput);
        }
    }

    /** {@return whether the session can be left to another engine, once it {@link #paused}} */
    boolean pause() {
        return dialogue != null && dialogue.pause();
    }

    boolean paused() {
        return dialogue.paused();
    }

    /** Leaves the session, instead of {@link #close}. */
    RtspDialogue.Left leave(PlayingSession.Media media) {
        over = true;
        return dialogue.leave(endpoint.hashCode(), media);
    }

    private void resolve() {
        resolveDeadlineNs = loop.nowNs() + loop.settings().connectTimeoutNs();
        RtspUri wanted = uri;
        question = offLoop.resolve(wanted, loop, new Names.Asker() {
            @Override
            public void found(List<InetAddress> addresses) {
                if (!over && wanted == uri && dialogue == null) {
                    open(addresses);
                }
            }

            @Override
            public void unknown(String why) {
                if (wanted == uri) {
                    fail(Failure.unreachable(why));
                }
            }

            @Override
            public void refused(String why) {
                if (wanted == uri) {
                    fail(Failure.config(why));
                }
            }
        });
    }

    private void open(List<InetAddress> addresses) {
        try {
            dialogue = new RtspDialogue(loop, new Wires(loop, offLoop), target(addresses), transports, feed, this);
        } catch (IOException | RuntimeException notOpened) {
            fail(Failure.unreachable("cannot connect to the camera: " + notOpened.getMessage()));
        } catch (Error fault) {
            fail(Failure.internal(fault));
            throw fault;
        }
    }

    private Target target(List<InetAddress> addresses) {
        // Credentials belong to the camera they were given for, and never go from TLS to a plain connection.
        boolean trusted = uri.host().equals(first.host()) && (uri.secure() || !first.secure());
        Optional<Login> login = endpoint.credentials()
                .filter(known -> trusted)
                .map(known -> new Login(known.username(), known.password(), known.digestOnly()));
        return new Target(uri, addresses, login, options);
    }

    void tick(long nowNs) {
        if (dialogue != null) {
            dialogue.tick(nowNs);
        } else if (!over && nowNs - resolveDeadlineNs > 0) {
            fail(silentNames());
        }
    }

    long packetsLost() {
        return dialogue == null ? 0 : dialogue.packetsLost();
    }

    /** Asked at a steady pace. {@return whether the next look at the camera may be a late one} */
    boolean mayWait() {
        return dialogue != null && dialogue.mayWait();
    }

    void tell(LinkGauge gauge) {
        if (dialogue != null) {
            dialogue.tell(gauge);
        }
    }

    /** {@return how far it came, in a sentence} */
    Failure unfinished() {
        return dialogue == null ? silentNames() : dialogue.unfinished();
    }

    private Failure silentNames() {
        return Failure.unreachable("the name server does not answer for the camera's host name"
                + "; check this server's name servers, or use the camera's address");
    }

    @Override
    public void playing() {
        outcome.playing();
    }

    @Override
    public void ended(Failure failure) {
        fail(failure);
    }

    @Override
    public void redirected(String url) {
        dialogue = null;
        if (++redirects > REDIRECTS_MAX) {
            fail(Failure.protocol("the camera redirects more than " + REDIRECTS_MAX + " times"));
            return;
        }
        try {
            uri = RtspUri.parse(url).uri();
        } catch (IllegalArgumentException badUrl) {
            fail(Failure.protocol("the camera redirects to an unusable URL: " + badUrl.getMessage()));
            return;
        }
        resolve();
    }

    private void fail(Failure failure) {
        if (!over) {
            over = true;
            question.withdraw();
            outcome.failed(failure);
        }
    }

    /** Ends it without telling anybody. */
    void close() {
        over = true;
        question.withdraw();
        if (dialogue != null) {
            dialogue.close();
        }
    }
}
