// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.Locale;
import java.util.Optional;

/**
 * An {@code rtsp:} or {@code rtsps:} URL without user information. Kept as text as far as possible: cameras use
 * characters that {@code java.net.URI} refuses and expect them back unchanged.
 *
 * @param secure whether the connection is TLS (RFC 7826 4.2): {@code rtsps}
 * @param host name or address, IPv6 in brackets
 * @param port 1 to 65535
 * @param path path and query, begins with a slash or is empty
 */
public record RtspUri(boolean secure, String host, int port, String path) {
    public static final int DEFAULT_PORT = 554;
    /** RFC 7826 22.14.2. */
    public static final int DEFAULT_SECURE_PORT = 322;

    private static final int CHARS_MAX = 2048;
    private static final String PLAIN = "rtsp://";
    private static final String SECURE = "rtsps://";

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
        int scheme = schemeChars(url);
        if (scheme == 0) {
            throw new IllegalArgumentException("the URL must begin with rtsp:// or rtsps://");
        }
        int slash = endOfAuthority(url);
        String authority = url.substring(scheme, slash);
        int at = authority.lastIndexOf('@');
        Optional<String> userInfo = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        String rest = url.substring(slash);
        if (rest.startsWith("?")) {
            rest = "/" + rest;
        }
        int hash = rest.indexOf('#');
        return new Parsed(
                ofAuthority(
                        scheme == SECURE.length(),
                        authority.substring(at + 1),
                        hash < 0 ? rest : rest.substring(0, hash)),
                userInfo);
    }

    /** {@return length of the scheme with its slashes; 0 when it is none of ours} */
    private static int schemeChars(String url) {
        if (url.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
            return PLAIN.length();
        }
        return url.regionMatches(true, 0, SECURE, 0, SECURE.length()) ? SECURE.length() : 0;
    }

    /** The authority ends at the first slash or question mark that is not part of a password before an @. */
    private static int endOfAuthority(String url) {
        int end = url.length();
        for (int i = schemeChars(url); i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                end = i;
                break;
            }
        }
        return end;
    }

    private static RtspUri ofAuthority(boolean secure, String authority, String path) {
        String host = authority;
        int usual = secure ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
        int port = usual;
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && authority.indexOf(']', colon) < 0) {
            host = authority.substring(0, colon);
            String digits = authority.substring(colon + 1);
            port = !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(Character::isDigit)
                    ? Integer.parseInt(digits)
                    : digits.isEmpty() ? usual : -1;
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the URL's port must be 1 to 65535");
        }
        boolean ipv6 = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || !ipv6 && (host.indexOf(':') >= 0 || host.indexOf('[') >= 0)) {
            throw new IllegalArgumentException("the URL has no valid host name or address");
        }
        return new RtspUri(secure, host.toLowerCase(Locale.ROOT), port, path);
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
            if (schemeChars(value) > 0 && value.length() <= CHARS_MAX) {
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
        if (schemeChars(wanted) > 0) {
            return stripUserInfo(wanted);
        }
        if (wanted.startsWith("/")) {
            return base.substring(0, endOfAuthority(base)) + wanted;
        }
        return base.endsWith("/") ? base + wanted : base + "/" + wanted;
    }

    /** {@return path and query of a URL} */
    static String path(String url) {
        return url.substring(endOfAuthority(url));
    }

    private static String stripUserInfo(String url) {
        int scheme = schemeChars(url);
        int at = url.lastIndexOf('@', endOfAuthority(url) - 1);
        return at < scheme ? url : url.substring(0, scheme) + url.substring(at + 1);
    }

    static String mask(String url) {
        return schemeChars(url) > 0 ? stripUserInfo(url) : url;
    }

    @Override
    public String toString() {
        int usual = secure ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
        return (secure ? SECURE : PLAIN) + host + (port == usual ? "" : ":" + port) + path;
    }
}
