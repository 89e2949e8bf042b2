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
 * @param quirks known deviations of this device from the standards, by name, as data (for example
 *     {@code keepalive=options}); unknown names are ignored by an older platform
 */
public record StreamEndpoint(
        URI uri, Optional<Credentials> credentials, List<Transport> transports, Map<String, String> quirks) {
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
        MULTICAST
    }

    /** An RTSP endpoint fetched over TCP, without quirks. */
    public static StreamEndpoint rtspOverTcp(URI uri, Optional<Credentials> credentials) {
        return new StreamEndpoint(uri, credentials, List.of(Transport.TCP), Map.of());
    }
}
