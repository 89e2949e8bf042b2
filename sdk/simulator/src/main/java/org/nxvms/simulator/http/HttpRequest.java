// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A request, read within bounds.
 *
 * @param target path and query as sent
 * @param headers names in lower case; of several with one name the first
 */
public record HttpRequest(String method, String target, Map<String, String> headers, byte[] body) {
    static final int HEAD_MAX = 16 << 10;
    static final int HEADERS_MAX = 100;
    static final int BODY_MAX = 64 << 10;
    private static final int PARAMETERS_MAX = 200;

    /** What came is no request this server reads. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Malformed(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** {@return the next request of a connection; empty at its end} */
    static Optional<HttpRequest> read(InputStream in) throws IOException {
        Optional<HttpRequest> head = readHead(in);
        return head.isPresent() ? Optional.of(head.get().withBody(in)) : head;
    }

    /** {@return the next request of a connection without its body; empty at its end} */
    static Optional<HttpRequest> readHead(InputStream in) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        String[] lines = head.split("\r?\n", HEADERS_MAX + 2);
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("HTTP/1.") || !first[1].startsWith("/")) {
            throw new Malformed(400, "the first line is none of an HTTP/1.1 request");
        }
        if (lines.length > HEADERS_MAX + 1) {
            throw new Malformed(431, "there are more than " + HEADERS_MAX + " headers");
        }
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).trim());
            }
        }
        return Optional.of(new HttpRequest(first[0], first[1], headers, new byte[0]));
    }

    /** {@return this with the body that follows its head} */
    HttpRequest withBody(InputStream in) throws IOException {
        return new HttpRequest(method, target, headers, body(in, headers));
    }

    /** {@return whether the client wants to hear that it may send its body} (RFC 9110 10.1.1) */
    boolean expectsContinue() {
        return header("expect").orElse("").equalsIgnoreCase("100-continue");
    }

    /** {@return how long the body is said to be, whatever its length; empty when it is not said} */
    OptionalLong contentLength() {
        String length = header("content-length").orElse("");
        return length.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(length)) : OptionalLong.empty();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder(512);
        while (true) {
            int next = in.read();
            if (next < 0) {
                if (head.toString().isBlank()) {
                    return "";
                }
                throw new Malformed(400, "the connection ended within a request");
            }
            head.append((char) next);
            int length = head.length();
            if (next == '\n' && (endsWith(head, "\r\n\r\n") || endsWith(head, "\n\n"))) {
                String text = head.toString().strip();
                if (!text.isEmpty()) {
                    return text;
                }
                head.setLength(0); // empty lines before a request (RFC 9112 2.2)
            } else if (length >= HEAD_MAX) {
                throw new Malformed(431, "the headers are longer than " + HEAD_MAX + " bytes");
            }
        }
    }

    private static boolean endsWith(StringBuilder text, String end) {
        int from = text.length() - end.length();
        return from >= 0 && text.indexOf(end, from) == from;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new Malformed(501, "bodies in chunks are not read; send Content-Length");
        }
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("\\d{1,9}")) {
            throw new Malformed(400, "Content-Length is no number");
        }
        if (Integer.parseInt(length) > BODY_MAX) {
            throw new Malformed(413, "the body is longer than " + BODY_MAX + " bytes");
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new Malformed(400, "the connection ended within a body");
        }
        return body;
    }

    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** {@return whether an answer in gzip is taken} Who says nothing of it takes any (RFC 9110 12.5.3). */
    boolean takesGzip() {
        return header("accept-encoding").map(taken -> taken.contains("gzip")).orElse(true);
    }

    /** {@return parameters of the query and of a form in the body, in their order; of several with one name the first} */
    public Map<String, String> parameters() {
        int query = target.indexOf('?');
        Map<String, String> parameters = parameters(query < 0 ? "" : target.substring(query + 1));
        if (header("content-type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            parameters(new String(body, StandardCharsets.UTF_8)).forEach(parameters::putIfAbsent);
        }
        return parameters;
    }

    /** {@return the parameters of a query}; what cannot be decoded stays as written */
    public static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", PARAMETERS_MAX)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                parameters.putIfAbsent(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
