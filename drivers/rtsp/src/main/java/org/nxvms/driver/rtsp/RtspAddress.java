// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;

/**
 * A checked RTSP URL (RFC 2326 3.2, RFC 7826 4.2). Scheme and host are lower case, so that two ways of
 * writing the same address give equal endpoints; path and query stay byte for byte as typed, because
 * cameras compare them literally.
 */
final class RtspAddress {
    static final List<String> SCHEMES = List.of("rtsp", "rtsps");
    /** Longer than any camera's URL; bounds what is kept and sent in each request line. */
    static final int LENGTH_MAX = 1_000;

    /** {@code user=admin&password=...}, as it stands in queries and, of some makes, in paths. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)((?<![a-z])(?:user(?:name)?|usr|login|pass(?:word|wd)?|psw|pwd|token|key|secret|sig(?:nature)?|auth)=)[^&;/?]*");

    private final URI uri;

    private RtspAddress(URI uri) {
        this.uri = uri;
    }

    /**
     * Checks what was typed.
     *
     * @param field name of the input field, for the message
     */
    static RtspAddress check(String field, URI typed) throws DriverException {
        String scheme = typed.getScheme() == null ? "" : typed.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw refuse(field, "must begin with rtsp:// or rtsps://");
        }
        if (typed.isOpaque()) {
            throw refuse(field, "needs two slashes after the scheme, for example rtsp://192.0.2.10:554/stream1");
        }
        if (typed.getRawUserInfo() != null) {
            throw refuse(field, "must not hold a user name or password; enter them in their own fields");
        }
        if (typed.getHost() == null || typed.getHost().isEmpty()) {
            throw refuse(field, "has no valid host name or IP address");
        }
        // -1: the scheme's default; 0 cannot be connected to.
        if (typed.getPort() == 0 || typed.getPort() > 65_535) {
            throw refuse(field, "has port " + typed.getPort() + "; a port is 1..65535");
        }
        if (typed.getRawFragment() != null) {
            throw refuse(field, "must not hold a '#' part; write %23 if the camera's path really has one");
        }
        if (typed.toString().length() > LENGTH_MAX) {
            throw refuse(field, "is longer than " + LENGTH_MAX + " characters");
        }
        return new RtspAddress(canonical(field, scheme, typed));
    }

    private static URI canonical(String field, String scheme, URI typed) throws DriverException {
        StringBuilder text = new StringBuilder(scheme)
                .append("://")
                .append(typed.getHost().toLowerCase(Locale.ROOT))
                .append(typed.getPort() < 0 ? "" : ":" + typed.getPort())
                .append(typed.getRawPath())
                .append(typed.getRawQuery() == null ? "" : "?" + typed.getRawQuery());
        try {
            return new URI(text.toString());
        } catch (URISyntaxException e) {
            throw new DriverException(
                    DriverException.Kind.CONFIG, "The field " + field + " is not a URL: " + e.getReason(), e);
        }
    }

    private static DriverException refuse(String field, String why) {
        return new DriverException(DriverException.Kind.CONFIG, "The field " + field + " " + why + ".");
    }

    URI uri() {
        return uri;
    }

    /**
     * {@return what people see as the stream's name: the path with its query, without the host, and without the passwords and
     * keys that some cameras want in it}
     */
    String streamName() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String name = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        return SECRET.matcher(name).replaceAll("$1***");
    }
}
