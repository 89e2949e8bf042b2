// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * RTSP in HTTP as QuickTime began it and ONVIF took it over (ONVIF Streaming 5.1.1.4): the answers and the media come as the
 * endless body of a GET, the requests go in base64 as the endless body of a POST; a cookie tells the server that the two
 * belong together. Makes and reads the heads; owns no socket.
 */
public final class HttpTunnel {
    /** Longest head of an answer that is read. */
    public static final int HEAD_BYTES_MAX = 8 << 10;

    private static final String TYPE = "application/x-rtsp-tunnelled";
    /** What servers have come to expect; both sides go on beyond it. */
    private static final int NOMINAL_LENGTH = 32_767;

    private final String host;
    private final String path;
    private final String cookie;

    /**
     * @param host for the Host header, with its port unless it is the usual one
     * @param path of the stream, as in the RTSP URL
     * @param cookie unique to this tunnel
     */
    public HttpTunnel(String host, String path, String cookie) {
        this.host = host;
        this.path = path.isEmpty() ? "/" : path;
        this.cookie = cookie;
    }

    /** The head of an answer. */
    public record Head(int status, String reason, RtspHeaders headers) {}

    public String path() {
        return path;
    }

    /** {@return the request that opens the way down} */
    public byte[] get(Optional<String> authorization) {
        return request("GET", "Accept: " + TYPE + "\r\n", authorization);
    }

    /** {@return the request that opens the way up} */
    public byte[] post(Optional<String> authorization) {
        return request(
                "POST",
                "Content-Type: " + TYPE + "\r\nContent-Length: " + NOMINAL_LENGTH
                        + "\r\nExpires: Sun, 9 Jan 1972 00:00:00 GMT\r\n",
                authorization);
    }

    private byte[] request(String method, String more, Optional<String> authorization) {
        String text = method + " " + path + " HTTP/1.0\r\nHost: " + host + "\r\nUser-Agent: NXvms\r\nx-sessioncookie: "
                + cookie + "\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n" + more
                + authorization.map(value -> "Authorization: " + value + "\r\n").orElse("") + "\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return bytes of requests as they travel in the POST} */
    public static byte[] encode(byte[] requests) {
        return Base64.getEncoder().encode(requests);
    }

    /**
     * Takes the head of an answer and moves the position behind it.
     *
     * @return empty while it is not complete
     * @throws RtspException when it is no answer of an HTTP server
     */
    public static Optional<Head> head(ByteBuffer in) throws RtspException {
        int start = in.position();
        int end = RtspParser.headEnd(in, start, HEAD_BYTES_MAX);
        if (end < 0) {
            if (in.remaining() >= HEAD_BYTES_MAX) {
                throw new RtspException("no end of HTTP headers in " + HEAD_BYTES_MAX + " bytes");
            }
            return Optional.empty();
        }
        byte[] bytes = new byte[end - start];
        in.get(bytes);
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r?\n", RtspHeaders.LINES_MAX + 8);
        String[] parts = lines[0].trim().split("\\s+", 3);
        int status = parts.length > 1 ? RtspParser.status(parts[1]) : -1;
        if (status < 0 || !parts[0].regionMatches(true, 0, "HTTP/", 0, 5)) {
            throw new RtspException("the peer does not speak HTTP");
        }
        return Optional.of(new Head(status, parts.length > 2 ? parts[2] : "", RtspParser.headers(lines)));
    }
}
