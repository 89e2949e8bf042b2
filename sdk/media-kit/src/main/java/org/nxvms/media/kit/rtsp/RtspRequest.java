// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request (RFC 2326 6).
 *
 * @param method in upper case
 * @param uri request URI without user information, or {@code *}
 * @param headers without Content-Length, which is derived
 * @param body may be empty
 */
public record RtspRequest(String method, String uri, RtspHeaders headers, byte[] body) implements RtspMessage {
    private static final byte[] NO_BODY = new byte[0];

    public RtspRequest(String method, String uri, RtspHeaders headers) {
        this(method, uri, headers, NO_BODY);
    }

    @Override
    public byte[] toBytes() {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(uri).append(" RTSP/1.0\r\n");
        return join(head, headers, body);
    }

    static byte[] join(StringBuilder head, RtspHeaders headers, byte[] body) {
        headers.append(head);
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    @Override
    public String toString() {
        return method + " " + RtspUri.mask(uri) + " [" + headers + "]";
    }
}
