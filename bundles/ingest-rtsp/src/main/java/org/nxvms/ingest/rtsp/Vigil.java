// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.Failure;

/**
 * Watches over a session that plays: does anything arrive, do pictures come of it, do key frames, do time stamps move; and
 * tells the camera how much of it arrives. Allocates nothing as long as all is well. Loop thread only.
 */
final class Vigil {
    /** Where UDP passes at all, the first packet is there within a fraction of this. */
    private static final long FIRST_DATAGRAM_NS = 5_000_000_000L;
    /** RFC 3550 6.2: the shortest regular interval. */
    private static final long REPORT_NS = 5_000_000_000L;

    private final IoLoop loop;
    private final String peer;
    private final Transport transport;
    private final MediaPath path;
    private final MediaFeed feed;
    private final long sinceNs;
    private long nextReportNs;
    private long lostAtUnit;
    private long unitSeenNs;
    private boolean transportIsDead;

    Vigil(IoLoop loop, String peer, Transport transport, MediaPath path, MediaFeed feed) {
        this.loop = loop;
        this.peer = peer;
        this.transport = transport;
        this.path = path;
        this.feed = feed;
        this.sinceNs = loop.nowNs();
        this.nextReportNs = sinceNs + REPORT_NS / 2;
    }

    /** {@return why the session must end; empty while all is well} */
    Optional<Failure> look(long nowNs) {
        if (video().bye()) {
            return Optional.of(Failure.unreachable(peer + " ended the stream"));
        }
        if (nowNs - nextReportNs > 0) {
            nextReportNs = nowNs + REPORT_NS;
            path.report();
        }
        if (isUdp() && !video().heard() && nowNs - sinceNs > FIRST_DATAGRAM_NS) {
            transportIsDead = true;
            return Optional.of(Failure.stalled("no packet of " + peer + " arrives by " + TransportChoice.name(transport)
                    + "; " + path.whySilent()));
        }
        if (feed.lastUnitNs() != unitSeenNs) {
            unitSeenNs = feed.lastUnitNs();
            lostAtUnit = packetsLost();
        }
        Settings settings = loop.settings();
        boolean started = feed.started();
        long silentSinceNs = started ? feed.lastUnitNs() : sinceNs;
        long patienceNs = started ? settings.stallTimeoutNs() : settings.firstKeyTimeoutNs();
        boolean stalled = nowNs - silentSinceNs > patienceNs;
        boolean keyless = started && nowNs - feed.lastKeyNs() > settings.keyTimeoutNs();
        return stalled || keyless ? Optional.of(unfinished(nowNs)) : Optional.empty();
    }

    /** {@return what is missing, in a sentence} */
    Failure unfinished(long nowNs) {
        Settings settings = loop.settings();
        long missing = packetsLost() - lostAtUnit;
        if (video().frozenNs() > settings.stallTimeoutNs() / 2) {
            return Failure.stalled(peer + " sends packets whose time stamps stand still; restart the camera");
        }
        if (missing > 0) {
            return Failure.packetLoss(missing + " packets of " + peer
                    + " were lost and no picture is whole; check the network, or fetch the camera over TCP");
        }
        if (!feed.started()) {
            return Failure.stalled(
                    peer + " agreed to send, but no key frame arrived; check that the stream is enabled on the camera");
        }
        if (nowNs - feed.lastKeyNs() > settings.keyTimeoutNs()) {
            return Failure.stalled(peer + " sent no key frame for " + settings.keyTimeoutNs() / 1_000_000_000L
                    + " s; lower the key frame interval on the camera");
        }
        return Failure.stalled(peer + " stopped sending");
    }

    private boolean isUdp() {
        return transport == Transport.UDP || transport == Transport.MULTICAST;
    }

    private TrackReceiver video() {
        return path.receivers().get(0);
    }

    /** {@return whether this session ended for its transport rather than for its camera} */
    boolean transportIsDead() {
        return transportIsDead;
    }

    /** Tells how the packets travel, once the first has come. */
    void tell(LinkGauge gauge) {
        TrackReceiver video = video();
        if (video.heard()) {
            gauge.packets(transport, video.cameraTime(), video.jitterUs());
        }
    }

    long packetsLost() {
        long lost = 0;
        for (int i = 0; i < path.receivers().size(); i++) {
            lost += path.receivers().get(i).packetsLost();
        }
        return lost;
    }
}
