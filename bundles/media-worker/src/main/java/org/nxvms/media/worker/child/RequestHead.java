// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client asks a proxy (RFC 9112 3.2): CONNECT with an authority, GET with an absolute http address. What it holds came
 * from playlists and redirects, so nothing but this form is taken.
 *
 * @param tunnel whether it is CONNECT
 * @param host name or address, without brackets
 * @param credentials of the proxy, empty when none were sent
 * @param forward what the host is to be sent; empty for CONNECT
 */
record RequestHead(boolean tunnel, String host, int port, String credentials, byte[] forward) {
    /** FFmpeg's own limit of an address is 4 KiB, twice that of all headers. */
    private static final int BYTES_MAX = 16 << 10;

    private static final int HTTP_PORT = 80;
    private static final String CREDENTIALS = "proxy-authorization:";

    /** {@return the next head; null when there is none} */
    static RequestHead read(InputStream in) throws IOException {
        byte[] head = new byte[BYTES_MAX];
        int length = 0;
        while (!ends(head, length)) {
            int next = length < BYTES_MAX ? in.read() : -1;
            if (next < 0) {
                if (length == 0) {
                    return null;
                }
                throw new IOException("no head of a request");
            }
            head[length++] = (byte) next;
        }
        return parse(new String(head, 0, length, StandardCharsets.ISO_8859_1));
    }

    private static boolean ends(byte[] head, int length) {
        return length >= 4
                && head[length - 4] == '\r'
                && head[length - 3] == '\n'
                && head[length - 2] == '\r'
                && head[length - 1] == '\n';
    }

    static RequestHead parse(String head) throws IOException {
        String[] lines = head.split("\r\n");
        int first = lines[0].indexOf(' ');
        int last = lines[0].lastIndexOf(' ');
        if (first < 0 || last <= first) {
            throw new IOException("no request");
        }
        String method = lines[0].substring(0, first);
        String target = lines[0].substring(first + 1, last);
        String version = lines[0].substring(last);
        String credentials = "";
        List<String> kept = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String name = lines[i].toLowerCase(Locale.ROOT);
            if (name.startsWith(CREDENTIALS)) {
                credentials = lines[i].substring(CREDENTIALS.length()).strip();
            } else if (!name.startsWith("proxy-")) {
                kept.add(lines[i]);
            }
        }
        if (method.equals("CONNECT")) {
            return of(target, -1, credentials, "");
        }
        if (!method.equals("GET") || !target.startsWith("http://")) {
            throw new IOException("neither CONNECT nor GET of an http address");
        }
        String rest = target.substring("http://".length());
        int end = end(rest);
        String path = rest.substring(end);
        String line = method + " " + (path.startsWith("/") ? path : "/" + path) + version;
        kept.add(0, line);
        return of(rest.substring(0, end), HTTP_PORT, credentials, String.join("\r\n", kept) + "\r\n\r\n");
    }

    private static int end(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if ("/?#".indexOf(rest.charAt(i)) >= 0) {
                return i;
            }
        }
        return rest.length();
    }

    /** @param usualPort what counts where none is named; -1 when one must be */
    private static RequestHead of(String authority, int usualPort, String credentials, String forward)
            throws IOException {
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        int port = colon < 0 ? usualPort : port(authority.substring(colon + 1));
        if (bare.isEmpty()
                || !bare.matches(bracketed ? "[0-9a-fA-F:.]+(%[\\w.-]+)?" : "[^\\x00-\\x20\\[\\]@:/?#%\\x7f]+")
                || port < 1
                || port > 65_535) {
            throw new IOException("no host and port");
        }
        return new RequestHead(usualPort < 0, bare, port, credentials, forward.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int port(String digits) {
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    }
}
