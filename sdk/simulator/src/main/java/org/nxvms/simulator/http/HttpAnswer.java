// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * An answer.
 *
 * @param body whole; empty where there is a stream
 * @param stream a body that is made while it is sent, in chunks
 * @param after what is done when it has been sent
 */
public record HttpAnswer(
        int status, Map<String, String> headers, byte[] body, Optional<Stream> stream, Runnable after) {
    /** Makes a body. */
    @FunctionalInterface
    public interface Stream {
        void to(Sink sink) throws IOException, InterruptedException;
    }

    /** Sends a part of a body; waits while the client does not read. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes) throws IOException, InterruptedException;
    }

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(100, "Continue"),
            Map.entry(101, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(204, "No Content"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(411, "Length Required"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(413, "Content Too Large"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"));

    /** No answer, ever; the connection stays. */
    public static final HttpAnswer NONE = empty(0);

    public static HttpAnswer of(int status, String contentType, byte[] body) {
        return new HttpAnswer(status, Map.of("Content-Type", contentType), body, Optional.empty(), () -> {});
    }

    public static HttpAnswer text(int status, String text) {
        return of(status, "text/plain; charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), new byte[0], Optional.empty(), () -> {});
    }

    /** An answer of any length. */
    public static HttpAnswer stream(String contentType, Stream stream) {
        Map<String, String> headers = Map.of("Content-Type", contentType, "Transfer-Encoding", "chunked");
        return new HttpAnswer(200, headers, new byte[0], Optional.of(stream), () -> {});
    }

    public HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, more, body, stream, after);
    }

    /** {@return this, followed by an act of the device such as a restart} */
    public HttpAnswer andThen(Runnable act) {
        return new HttpAnswer(status, headers, body, stream, act);
    }

    /** {@return this in gzip} A body that is made while it is sent stays as it is. */
    HttpAnswer packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return body.length == 0
                ? this
                : new HttpAnswer(status, headers, bytes.toByteArray(), stream, after).with("Content-Encoding", "gzip");
    }

    byte[] toBytes() {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.getOrDefault(status, "-"))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (status >= 200 && status != 204 && stream.isEmpty()) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }
}
