// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint;
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
    private final Names names;
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

    /** What to fetch, and which of its transports is to be tried: kept from attempt to attempt. */
    record Wanted(StreamEndpoint endpoint, TransportChoice transports) {
        static Wanted of(StreamEndpoint endpoint) {
            return new Wanted(endpoint, new TransportChoice(endpoint));
        }
    }

    Attempt(IoLoop loop, Names names, Wanted wanted, MediaFeed feed, Outcome outcome) {
        this.loop = loop;
        this.names = names;
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

    private void resolve() {
        resolveDeadlineNs = loop.nowNs() + loop.settings().connectTimeoutNs();
        RtspUri wanted = uri;
        names.resolve(wanted, loop, address -> {
            if (!over && wanted == uri && dialogue == null) {
                open(address);
            }
        });
    }

    private void open(InetSocketAddress address) {
        if (address.isUnresolved()) {
            fail(Failure.unreachable("the host name " + uri.host() + " is not known; check it or use the address"));
            return;
        }
        // Credentials belong to the camera they were given for, and never go from TLS to a plain connection.
        boolean trusted = uri.host().equals(first.host()) && (uri.secure() || !first.secure());
        Optional<Login> login = endpoint.credentials()
                .filter(known -> trusted)
                .map(known -> new Login(known.username(), known.password()));
        try {
            Target target = new Target(uri, address, login, options);
            dialogue = new RtspDialogue(loop, new Wires(loop, names), target, transports, feed, this);
        } catch (IOException | RuntimeException notOpened) {
            fail(Failure.unreachable(
                    "cannot connect to " + uri.host() + ":" + uri.port() + ": " + notOpened.getMessage()));
        } catch (Error fault) {
            fail(Failure.internal(fault));
            throw fault;
        }
    }

    void tick(long nowNs) {
        if (dialogue != null) {
            dialogue.tick(nowNs);
        } else if (!over && nowNs - resolveDeadlineNs > 0) {
            fail(Failure.unreachable("the name server does not answer for " + uri.host()));
        }
    }

    long packetsLost() {
        return dialogue == null ? 0 : dialogue.packetsLost();
    }

    void tell(LinkGauge gauge) {
        if (dialogue != null) {
            dialogue.tell(gauge);
        }
    }

    /** {@return how far it came, in a sentence} */
    Failure unfinished() {
        return dialogue == null
                ? Failure.unreachable("the name server does not answer for " + uri.host())
                : dialogue.unfinished();
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
            fail(Failure.protocol(uri.host() + " redirects more than " + REDIRECTS_MAX + " times"));
            return;
        }
        try {
            uri = RtspUri.parse(url).uri();
        } catch (IllegalArgumentException badUrl) {
            fail(Failure.protocol(uri.host() + " redirects to an unusable URL: " + badUrl.getMessage()));
            return;
        }
        resolve();
    }

    private void fail(Failure failure) {
        if (!over) {
            over = true;
            outcome.failed(failure);
        }
    }

    /** Ends it without telling anybody. */
    void close() {
        over = true;
        if (dialogue != null) {
            dialogue.close();
        }
    }
}
