// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What of an HTTP request or WebSocket upgrade says who is calling.
 *
 * @param method HTTP method; {@code WEBSOCKET} for an upgrade
 * @param authorization the Authorization header
 * @param cookies by name
 * @param csrfToken the {@code X-NXvms-CSRF} header
 * @param origin the Origin header
 * @param host the Host header
 * @param secure whether the request came over TLS
 * @param remoteAddress of the peer, as text
 * @param path the request's path without query, e.g. {@code /api/v1/cameras}
 * @param fetchSite the Sec-Fetch-Site header: how the page that asks stands to this server, said by the browser
 */
public record RequestCredentials(
        String method,
        Optional<String> authorization,
        Map<String, String> cookies,
        Optional<String> csrfToken,
        Optional<String> origin,
        Optional<String> host,
        boolean secure,
        String remoteAddress,
        String path,
        Optional<String> fetchSite) {
    /** Of a client that does not say where it asks from, as programs do. */
    public RequestCredentials(
            String method,
            Optional<String> authorization,
            Map<String, String> cookies,
            Optional<String> csrfToken,
            Optional<String> origin,
            Optional<String> host,
            boolean secure,
            String remoteAddress,
            String path) {
        this(method, authorization, cookies, csrfToken, origin, host, secure, remoteAddress, path, Optional.empty());
    }

    public RequestCredentials {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(authorization, "authorization");
        cookies = Map.copyOf(cookies);
        Objects.requireNonNull(csrfToken, "csrfToken");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(remoteAddress, "remoteAddress");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(fetchSite, "fetchSite");
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return method + " " + path + " from " + remoteAddress;
    }
}
