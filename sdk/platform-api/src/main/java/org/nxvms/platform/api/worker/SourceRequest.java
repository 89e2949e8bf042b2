// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.driver.spi.Credentials;

/**
 * What to open and what the source may make FFmpeg do.
 *
 * @param uri without user information
 * @param credentials what to log in with, if anything
 * @param protocols FFmpeg's names of the protocols that may be used, also by what the source refers to
 *     (playlists); nothing else is opened
 * @param containers FFmpeg's names of the demuxers that may be used
 * @param verifyTls whether a server's certificate must be trusted by this host
 * @param loop whether a source that ends begins again
 * @param openTimeoutMs until it is open, 1_000..60_000
 * @param readTimeoutMs without a packet, 1_000..60_000
 */
public record SourceRequest(
        URI uri,
        Optional<Credentials> credentials,
        List<String> protocols,
        List<String> containers,
        boolean verifyTls,
        boolean loop,
        int openTimeoutMs,
        int readTimeoutMs) {
    public SourceRequest {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(credentials, "credentials");
        protocols = List.copyOf(protocols);
        containers = List.copyOf(containers);
        check("openTimeoutMs", openTimeoutMs);
        check("readTimeoutMs", readTimeoutMs);
    }

    private static void check(String name, int value) {
        if (value < 1_000 || value > 60_000) {
            throw new IllegalArgumentException(name + " must be 1000..60000, not " + value);
        }
    }
}
