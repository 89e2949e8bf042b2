// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.List;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;

/**
 * Which of an endpoint's transports is tried: the first until it turns out that it does not work there (the camera refuses it,
 * nothing arrives), then the next, and after the last the first again. What worked is kept from session to session, so that
 * a camera behind a firewall is not tried over UDP at each reconnect.
 */
final class TransportChoice {
    private final List<Transport> wanted;
    private int at;

    TransportChoice(StreamEndpoint endpoint) {
        this.wanted = endpoint.transports().stream()
                .filter(TransportChoice::isKnown)
                .distinct()
                .toList();
    }

    /** A later version of the contract may name more. */
    private static boolean isKnown(Transport transport) {
        return switch (transport) {
            case TCP, UDP, MULTICAST, HTTP -> true;
            default -> false;
        };
    }

    boolean isEmpty() {
        return wanted.isEmpty();
    }

    Transport now() {
        return wanted.get(at);
    }

    /** @throws IllegalArgumentException when that one is not allowed any more */
    void goOnWith(Transport transport) {
        int found = wanted.indexOf(transport);
        if (found < 0) {
            throw new IllegalArgumentException(name(transport) + " is not allowed for this camera");
        }
        at = found;
    }

    /** The present one does not work. {@return whether there is another that was not tried since the first} */
    boolean next() {
        at = (at + 1) % wanted.size();
        return at != 0;
    }

    /** The connection cannot be made: moves to the first transport that needs another kind of connection, if any. */
    void otherWayIn() {
        for (int step = 1; step < wanted.size(); step++) {
            int candidate = (at + step) % wanted.size();
            if ((wanted.get(candidate) == Transport.HTTP) != (now() == Transport.HTTP)) {
                at = candidate;
                return;
            }
        }
    }

    /** {@return all of them, for people} */
    @Override
    public String toString() {
        return wanted.stream().map(TransportChoice::name).collect(Collectors.joining(", "));
    }

    static String name(Transport transport) {
        return switch (transport) {
            case HTTP -> "RTP over RTSP in HTTP";
            case MULTICAST -> "RTP over UDP multicast";
            default -> "RTP over " + transport;
        };
    }
}
