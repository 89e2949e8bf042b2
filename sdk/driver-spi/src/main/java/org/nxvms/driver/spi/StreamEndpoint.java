// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and how the platform fetches a stream. A value: equal endpoints mean the same session.
 *
 * @param uri without user information; its scheme selects the ingest ({@code rtsp}, {@code rtsps})
 * @param credentials what to log in with, if anything
 * @param transports what to try, best first; never empty
 * @param quirks what else must be known to fetch from this device, by name, as data: deviations from the
 *     standards ({@link #KEEP_ALIVE}) and choices that someone made for it ({@link #TLS}); unknown names
 *     are ignored by an older platform
 */
public record StreamEndpoint(
        URI uri, Optional<Credentials> credentials, List<Transport> transports, Map<String, String> quirks) {
    /** Quirk: the request that keeps a session alive: {@code options}, {@code get_parameter}, {@code set_parameter}. */
    public static final String KEEP_ALIVE = "keepalive";
    /**
     * Quirk: which certificate an {@code rtsps} device may show: {@code trusted} (by the JVM, for the host's name; the
     * default), {@code pinned:} and the certificate's SHA-256 in hex, or {@code any}.
     */
    public static final String TLS = "tls";
    /** Quirk: port of the HTTP tunnel; else the URI's, or 80 (443 with TLS) when that is the usual one of RTSP. */
    public static final String TUNNEL_PORT = "tunnel-port";
    /** Quirk: name or address of the network interface on which multicast groups are joined. */
    public static final String MULTICAST_INTERFACE = "multicast-interface";
    /** Quirk: the only address multicast is accepted from, or {@code any}; else the device's own. */
    public static final String MULTICAST_SOURCE = "multicast-source";
    /** Quirk: the only address UDP unicast is accepted from; else one of the addresses that the URI's host has. */
    public static final String UDP_SOURCE = "udp-source";
    /**
     * Quirk: {@code added} where a driver has metadata put into a stream because a setting says so. No ingest has to heed it: it
     * makes the endpoint another one than before, as a running session goes on without what is new in its stream.
     *
     * @since 1.5
     */
    public static final String METADATA = "metadata";

    public StreamEndpoint {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(credentials, "credentials");
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("uri must not carry user information; use credentials");
        }
        transports = List.copyOf(transports);
        if (transports.isEmpty()) {
            throw new IllegalArgumentException("transports must name at least one");
        }
        quirks = Map.copyOf(quirks);
    }

    /** How RTP travels; more may follow in a minor version, an ingest skips what it does not know. */
    public enum Transport {
        /** Interleaved in the RTSP connection (RFC 2326 10.12). */
        TCP,
        /** RTP over UDP unicast. */
        UDP,
        /** RTP over UDP multicast. */
        MULTICAST,
        /** As TCP, in an RTSP connection tunnelled in HTTP, or HTTPS with {@code rtsps} (ONVIF Streaming 5.1.1.4). */
        HTTP
    }

    /** An RTSP endpoint fetched over TCP, without quirks. */
    public static StreamEndpoint rtspOverTcp(URI uri, Optional<Credentials> credentials) {
        return new StreamEndpoint(uri, credentials, List.of(Transport.TCP), Map.of());
    }
}
