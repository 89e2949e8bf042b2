// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.RequestCredentials;

/** Takes from a request what says who is calling. Reads no body. */
public final class RequestCredentialsFactory {
    private RequestCredentialsFactory() {}

    /** {@return the request's credentials; the method is {@code WEBSOCKET} for an upgrade} */
    public static RequestCredentials from(HttpServletRequest request) {
        String upgrade = request.getHeader("Upgrade");
        boolean webSocket = upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
        return from(request, webSocket ? "WEBSOCKET" : request.getMethod());
    }

    /** As {@link #from(HttpServletRequest)}, for a method that is known better. */
    public static RequestCredentials from(HttpServletRequest request, String method) {
        return new RequestCredentials(
                method,
                Optional.ofNullable(request.getHeader("Authorization")),
                cookies(request),
                Optional.ofNullable(request.getHeader(AccessGuard.CSRF_HEADER)),
                Optional.ofNullable(request.getHeader("Origin")),
                Optional.ofNullable(request.getHeader("Host")),
                request.isSecure(),
                request.getRemoteAddr(),
                path(request),
                Optional.ofNullable(request.getHeader("Sec-Fetch-Site")));
    }

    /** The first cookie of a name counts: browsers send the one with the longest path first (RFC 6265 5.4). */
    private static Map<String, String> cookies(HttpServletRequest request) {
        Cookie[] sent = request.getCookies();
        if (sent == null) {
            return Map.of();
        }
        Map<String, String> cookies = new HashMap<>();
        for (Cookie cookie : sent) {
            cookies.putIfAbsent(cookie.getName(), cookie.getValue());
        }
        return cookies;
    }

    /** The path that chose the servlet: decoded and without dot segments, unlike {@code getRequestURI}. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return request.getContextPath() + request.getServletPath() + (info == null ? "" : info);
    }
}
