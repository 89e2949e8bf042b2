// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.Locale;
import java.util.Optional;

/**
 * An {@code rtsp:} URL without user information. Kept as text as far as possible: cameras use characters that
 * {@code java.net.URI} refuses and expect them back unchanged.
 *
 * @param host name or address, IPv6 in brackets
 * @param port 1 to 65535
 * @param path path and query, begins with a slash or is empty
 */
public record RtspUri(String host, int port, String path) {
    public static final int DEFAULT_PORT = 554;
    private static final int CHARS_MAX = 2048;
    private static final String SCHEME = "rtsp://";

    /**
     * What was found in a URL that a person typed.
     *
     * @param uri without user information
     * @param userInfo {@code user:password} as typed, percent-decoded by nobody
     */
    public record Parsed(RtspUri uri, Optional<String> userInfo) {
        /** For people: credentials are masked. */
        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /**
     * Parses a URL.
     *
     * @throws IllegalArgumentException naming what is wrong, without repeating credentials
     */
    public static Parsed parse(String text) {
        String url = text.trim();
        if (url.length() > CHARS_MAX) {
            throw new IllegalArgumentException("the URL has " + url.length() + " characters, at most " + CHARS_MAX);
        }
        if (url.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new IllegalArgumentException("the URL contains a space or control character; write %20 for a space");
        }
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException("the URL must begin with rtsp://");
        }
        int slash = endOfAuthority(url);
        String authority = url.substring(SCHEME.length(), slash);
        int at = authority.lastIndexOf('@');
        Optional<String> userInfo = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        String rest = url.substring(slash);
        if (rest.startsWith("?")) {
            rest = "/" + rest;
        }
        int hash = rest.indexOf('#');
        return new Parsed(
                ofAuthority(authority.substring(at + 1), hash < 0 ? rest : rest.substring(0, hash)), userInfo);
    }

    /** The authority ends at the first slash or question mark that is not part of a password before an @. */
    private static int endOfAuthority(String url) {
        int end = url.length();
        for (int i = SCHEME.length(); i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                end = i;
                break;
            }
        }
        return end;
    }

    private static RtspUri ofAuthority(String authority, String path) {
        String host = authority;
        int port = DEFAULT_PORT;
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && authority.indexOf(']', colon) < 0) {
            host = authority.substring(0, colon);
            String digits = authority.substring(colon + 1);
            port = !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(Character::isDigit)
                    ? Integer.parseInt(digits)
                    : digits.isEmpty() ? DEFAULT_PORT : -1;
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the URL's port must be 1 to 65535");
        }
        boolean ipv6 = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || !ipv6 && (host.indexOf(':') >= 0 || host.indexOf('[') >= 0)) {
            throw new IllegalArgumentException("the URL has no valid host name or address");
        }
        return new RtspUri(host.toLowerCase(Locale.ROOT), port, path);
    }

    /** {@return the host for a socket address: IPv6 without brackets} */
    public String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * The base that control attributes are relative to (RFC 2326 C.1.1): Content-Base, Content-Location, or the request's
     * own URL; the first that is an RTSP URL.
     */
    public static String base(RtspResponse describe, String requestUri) {
        for (String name : new String[] {"Content-Base", "Content-Location"}) {
            String value = describe.headers().first(name).orElse("").trim();
            if (value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) && value.length() <= CHARS_MAX) {
                return stripUserInfo(value);
            }
        }
        return requestUri;
    }

    /**
     * The URL for SETUP or PLAY. A relative control is appended behind a slash, query or not: that is what cameras and
     * other clients do, rather than RFC 3986 resolution.
     */
    public static String resolve(String base, String control) {
        String wanted = control.trim();
        if (wanted.isEmpty() || "*".equals(wanted)) {
            return base;
        }
        if (wanted.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return stripUserInfo(wanted);
        }
        if (wanted.startsWith("/")) {
            return base.substring(0, endOfAuthority(base)) + wanted;
        }
        return base.endsWith("/") ? base + wanted : base + "/" + wanted;
    }

    private static String stripUserInfo(String url) {
        int end = endOfAuthority(url);
        int at = url.lastIndexOf('@', end - 1);
        return at < SCHEME.length() ? url : url.substring(0, SCHEME.length()) + url.substring(at + 1);
    }

    static String mask(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? stripUserInfo(url) : url;
    }

    @Override
    public String toString() {
        return SCHEME + host + (port == DEFAULT_PORT ? "" : ":" + port) + path;
    }
}
