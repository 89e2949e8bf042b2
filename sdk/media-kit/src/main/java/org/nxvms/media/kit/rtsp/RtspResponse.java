// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

/**
 * A response (RFC 2326 7).
 *
 * @param status 100 to 999
 * @param reason for people, may be empty
 * @param headers all lines
 * @param body may be empty
 */
public record RtspResponse(int status, String reason, RtspHeaders headers, byte[] body) implements RtspMessage {
    private static final byte[] NO_BODY = new byte[0];

    public RtspResponse(int status, String reason, RtspHeaders headers) {
        this(status, reason, headers, NO_BODY);
    }

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    @Override
    public byte[] toBytes() {
        StringBuilder head = new StringBuilder(256);
        head.append("RTSP/1.0 ").append(status).append(' ').append(reason).append("\r\n");
        return RtspRequest.join(head, headers, body);
    }

    @Override
    public String toString() {
        return status + " " + reason + " [" + headers + "]";
    }
}
