// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;

/** A request that is sent again and again: written once, and only its number is put in each time, without garbage. */
final class RepeatedRequest {
    private static final String NUMBER = "CSeq";
    private static final int DIGITS_MAX = 10;

    private final String method;
    private final String uri;
    private final String session;
    private final byte[] text;
    /** Where the number belongs. */
    private final int split;

    private final ByteBuffer out;

    /** @param rest all headers behind the number */
    RepeatedRequest(String method, String uri, String session, RtspHeaders rest) {
        this.method = method;
        this.uri = uri;
        this.session = session;
        RtspHeaders headers = RtspHeaders.of(NUMBER, "");
        for (RtspHeaders.Line line : rest.lines()) {
            headers = headers.with(line.name(), line.value());
        }
        text = new RtspRequest(method, uri, headers).toBytes();
        int line = 0;
        while (text[line] != '\n') {
            line++;
        }
        split = line + 1 + NUMBER.length() + 2;
        out = ByteBuffer.allocate(text.length + DIGITS_MAX);
    }

    /** {@return whether it is this request of this session} */
    boolean is(String askedMethod, String askedUri, String askedSession) {
        return method.equals(askedMethod) && uri.equals(askedUri) && session.equals(askedSession);
    }

    /** {@return the request with this number, until the next call} */
    ByteBuffer numbered(int number) {
        out.clear().put(text, 0, split);
        int unit = 1;
        while (number / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.put((byte) ('0' + number / unit % 10));
        }
        return out.put(text, split, text.length - split).flip();
    }
}
