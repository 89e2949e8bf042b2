// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.Literals;

/**
 * What an endpoint's quirks say, checked; unknown names are left to newer versions.
 *
 * @param keepAlive method that keeps the session alive, whatever the camera claims to know
 * @param tls which certificate is accepted
 * @param tunnelPort port of the HTTP tunnel
 * @param multicastInterface name or address of the interface to join groups on
 * @param multicastSource the only address multicast is accepted from; {@code any} for all
 * @param udpSource the only address UDP unicast is accepted from
 */
record Options(
        Optional<String> keepAlive,
        TlsPolicy tls,
        OptionalInt tunnelPort,
        Optional<String> multicastInterface,
        Optional<String> multicastSource,
        Optional<InetAddress> udpSource) {
    static final Options NONE = of(Map.of());

    /** @throws IllegalArgumentException naming the quirk, what is wrong with it and what may stand there */
    static Options of(Map<String, String> quirks) {
        return new Options(
                Optional.ofNullable(quirks.get(StreamEndpoint.KEEP_ALIVE)).map(Options::keepAlive),
                Optional.ofNullable(quirks.get(StreamEndpoint.TLS))
                        .map(TlsPolicy::parse)
                        .orElse(TlsPolicy.TRUSTED),
                port(quirks.get(StreamEndpoint.TUNNEL_PORT)),
                Optional.ofNullable(quirks.get(StreamEndpoint.MULTICAST_INTERFACE)),
                Optional.ofNullable(quirks.get(StreamEndpoint.MULTICAST_SOURCE)),
                Optional.ofNullable(quirks.get(StreamEndpoint.UDP_SOURCE)).map(Options::address));
    }

    private static InetAddress address(String text) {
        return Literals.address(text.trim())
                .orElseThrow(() -> new IllegalArgumentException("udp-source must be an IP address, not " + text));
    }

    private static String keepAlive(String text) {
        return switch (text) {
            case "options" -> "OPTIONS";
            case "get_parameter" -> "GET_PARAMETER";
            case "set_parameter" -> "SET_PARAMETER";
            default ->
                throw new IllegalArgumentException(
                        "keepalive must be options, get_parameter or set_parameter, not " + text);
        };
    }

    private static OptionalInt port(String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int port = Integer.parseInt(text.trim());
            if (port >= 1 && port <= 65_535) {
                return OptionalInt.of(port);
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new IllegalArgumentException("tunnel-port must be 1 to 65535, not " + text);
    }
}
