// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nxvms.driver.spi.DriverException;

/**
 * A checked URL (RFC 3986, files RFC 8089). Scheme and host are lower case, so that two ways of writing the same address
 * give equal endpoints; path and query stay byte for byte as typed.
 */
final class UrlAddress {
    static final List<String> SCHEMES = List.of("http", "https", "rtmp", "rtmps", "srt", "file", "v4l2");
    /** Also the names that udev gives below /dev/v4l; none leads elsewhere. */
    private static final Pattern DEVICE = Pattern.compile("/dev(/\\w[\\w.:+-]*)+");

    private static final Pattern DEVICE_PART =
            Pattern.compile("size=\\d{2,5}x\\d{2,5}|rate=[1-9]\\d{0,2}|format=(h264|mjpeg)");
    /** Longer than any source's URL; bounds what is kept and sent. */
    static final int LENGTH_MAX = 1_000;

    private final URI uri;

    private UrlAddress(URI uri) {
        this.uri = uri;
    }

    /**
     * Checks what was typed.
     *
     * @param field name of the input field, for the message
     */
    static UrlAddress check(String field, URI typed) throws DriverException {
        String scheme = typed.getScheme() == null ? "" : typed.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw refuse(field, "must begin with one of " + String.join("://, ", SCHEMES) + "://");
        }
        if (typed.toString().length() > LENGTH_MAX) {
            throw refuse(field, "is longer than " + LENGTH_MAX + " characters");
        }
        if (typed.getRawUserInfo() != null) {
            throw refuse(field, "must not hold a user name or password; enter them in their own fields");
        }
        if (typed.isOpaque() || typed.getRawFragment() != null) {
            throw refuse(field, "needs two slashes after the scheme and no '#' part");
        }
        return new UrlAddress(
                switch (scheme) {
                    case "file" -> file(field, typed);
                    case "v4l2" -> device(field, typed);
                    default -> network(field, scheme, typed);
                });
    }

    private static URI file(String field, URI typed) throws DriverException {
        String host = typed.getHost() == null ? "" : typed.getHost();
        if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
            throw refuse(
                    field, "names the host " + host + "; only files of this server can be read, file:///folder/file");
        }
        if (typed.getRawQuery() != null
                || typed.getPath() == null
                || !typed.getPath().startsWith("/")) {
            throw refuse(field, "must be the absolute path of a file, for example file:///srv/clips/gate.mp4");
        }
        return uri(field, "file://" + typed.getRawPath());
    }

    private static URI device(String field, URI typed) throws DriverException {
        String path = typed.getPath() == null ? "" : typed.getPath();
        if (typed.getRawAuthority() != null || !DEVICE.matcher(path).matches()) {
            throw refuse(field, "must be the path of a video device of this server, for example v4l2:///dev/video0");
        }
        String query = typed.getRawQuery() == null ? "" : typed.getRawQuery();
        for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            if (!DEVICE_PART.matcher(part).matches()) {
                throw refuse(
                        field,
                        "may have size, rate and format (h264 or mjpeg) behind the path, for example"
                                + " v4l2:///dev/video0?size=1280x720&rate=25");
            }
        }
        return uri(field, "v4l2://" + typed.getRawPath() + (query.isEmpty() ? "" : "?" + query));
    }

    private static URI network(String field, String scheme, URI typed) throws DriverException {
        if (typed.getHost() == null || typed.getHost().isEmpty()) {
            throw refuse(field, "has no valid host name or IP address");
        }
        if (typed.getPort() == 0 || typed.getPort() > 65_535) {
            throw refuse(field, "has port " + typed.getPort() + "; a port is 1..65535");
        }
        if (scheme.equals("srt") && typed.getPort() < 0) {
            throw refuse(field, "needs a port, for example srt://192.0.2.10:9000");
        }
        String query = typed.getRawQuery() == null ? "" : "?" + typed.getRawQuery();
        if (scheme.equals("srt") && query.matches("(?i).*[?&](mode|passphrase)=.*")) {
            throw refuse(
                    field,
                    "must not set mode or passphrase: this server always calls, and the passphrase belongs in the"
                            + " field password");
        }
        return uri(
                field,
                scheme + "://" + typed.getHost().toLowerCase(Locale.ROOT)
                        + (typed.getPort() < 0 ? "" : ":" + typed.getPort()) + typed.getRawPath() + query);
    }

    private static URI uri(String field, String text) throws DriverException {
        try {
            return new URI(text);
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
     * {@return what people see as the stream's name}, who may watch it but not know where it is: the last part of the path, as
     * those before it are folders and often hold a key; of RTMP the first one, the application, as what follows is the key
     */
    String streamName() {
        List<String> parts = Stream.of(uri.getRawPath().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
        if (parts.isEmpty()) {
            return "/";
        }
        return parts.get(uri.getScheme().startsWith("rtmp") ? 0 : parts.size() - 1);
    }
}
