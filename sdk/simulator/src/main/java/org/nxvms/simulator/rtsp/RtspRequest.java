// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request line and its headers; names are in lower case. */
record RtspRequest(String method, String uri, String version, Map<String, String> headers) {
    private static final int HEADERS_MAX = 100;

    /** Reads a request up to, not including, its empty line. Empty if the first line is none of a request. */
    static Optional<RtspRequest> parse(String head) {
        String[] lines = head.split("\r?\n", HEADERS_MAX);
        String[] first = lines[0].trim().split(" +");
        if (first.length != 3 || !first[2].startsWith("RTSP/")) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT);
                headers.putIfAbsent(name, lines[i].substring(colon + 1).trim());
            }
        }
        return Optional.of(new RtspRequest(first[0], first[1], first[2], Map.copyOf(headers)));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Path without scheme, host and query: {@code /cam/1/main/trackID=0}. */
    String path() {
        int start = 0;
        int scheme = uri.indexOf("://");
        if (scheme >= 0) {
            start = uri.indexOf('/', scheme + 3);
        }
        if (start < 0) {
            return "/";
        }
        int query = uri.indexOf('?', start);
        return uri.substring(start, query < 0 ? uri.length() : query);
    }

    /** What follows the question mark, without it; empty if there is none. */
    String query() {
        int query = uri.indexOf('?');
        return query < 0 ? "" : uri.substring(query + 1);
    }

    /** Scheme, host and port as the client wrote them, or the fallback if it wrote none. */
    String base(String fallback) {
        int scheme = uri.indexOf("://");
        if (scheme < 0) {
            return fallback;
        }
        int slash = uri.indexOf('/', scheme + 3);
        return slash < 0 ? uri : uri.substring(0, slash);
    }
}
