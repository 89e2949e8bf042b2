// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of named other servers (CORS, Fetch Standard 3.2). They bring an API key or an access token; cookies stay with
 * the console, since no answer ever allows credentials.
 */
final class CrossOrigin {
    private static final Logger LOG = LoggerFactory.getLogger(CrossOrigin.class);
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, Range";
    private static final String ANSWER_HEADERS =
            "Accept-Ranges, Content-Disposition, Content-Range, ETag, Location, Retry-After, X-NXvms-Server-Time";
    private static final int PREFLIGHT_SECONDS = 600;

    private final Set<String> origins;

    /** @param settings origins with commas between; what is none is passed over and said in the log */
    CrossOrigin(String settings) {
        Set<String> known = new LinkedHashSet<>();
        for (String text : settings.split(",")) {
            String origin = text.strip().toLowerCase(Locale.ROOT);
            if (isOrigin(origin)) {
                known.add(origin);
            } else if (!origin.isEmpty()) {
                LOG.warn(
                        "\"{}\" in allowedOrigins of org.nxvms.web is no origin and lets nobody in: write it like"
                                + " https://host or https://host:8443",
                        text);
            }
        }
        origins = Set.copyOf(known);
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && text.equals(uri.getScheme() + "://" + uri.getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** {@return the origin of the page that asks, if it is one of those named} */
    Optional<String> admitted(HttpServletRequest request) {
        return origins.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(request.getHeader("Origin"))
                        .filter(origin -> origins.contains(origin.toLowerCase(Locale.ROOT)));
    }

    /** {@return whether a browser asks whether it may ask} */
    static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Answers a preflight; {@link #admit} adds for whom. */
    void allow(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
        response.setIntHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }

    /** Lets a page read an answer. */
    static void admit(HttpFields answer, String origin) {
        answer.put("Access-Control-Allow-Origin", origin);
        answer.put("Access-Control-Expose-Headers", ANSWER_HEADERS);
        answer.add("Vary", "Origin");
    }
}
