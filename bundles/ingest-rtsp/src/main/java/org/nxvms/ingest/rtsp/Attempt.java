// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
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
    private final MediaFeed feed;
    private final Outcome outcome;
    private RtspDialogue dialogue;
    private RtspUri uri;
    private String firstHost = "";
    private int redirects;
    private boolean over;
    private long resolveDeadlineNs;

    Attempt(IoLoop loop, Names names, StreamEndpoint endpoint, MediaFeed feed, Outcome outcome) {
        this.loop = loop;
        this.names = names;
        this.endpoint = endpoint;
        this.feed = feed;
        this.outcome = outcome;
    }

    void start() {
        if (!endpoint.transports().contains(StreamEndpoint.Transport.TCP)) {
            fail(Failure.unsupported("only RTP over TCP is supported; allow the transport TCP for this camera"));
            return;
        }
        try {
            uri = RtspUri.parse(endpoint.uri().toString()).uri();
            firstHost = uri.host();
        } catch (IllegalArgumentException badUrl) {
            fail(Failure.config(badUrl.getMessage()));
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
        // Credentials belong to the camera they were given for.
        boolean sameHost = uri.host().equals(firstHost);
        Optional<RtspAuthenticator> login = endpoint.credentials()
                .filter(known -> sameHost)
                .map(known -> new RtspAuthenticator(known.username(), known.password()));
        boolean options = "options".equals(endpoint.quirks().get("keepalive"));
        try {
            dialogue = new RtspDialogue(loop, new Target(uri, address, login, options), feed, this);
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
