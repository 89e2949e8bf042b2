// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes from a hostile camera: refused or read, never an unexpected exception, always progress. */
class RtspFuzz {
    @FuzzTest(maxDuration = "1m")
    void connectionBytes(byte[] data) {
        RtspFramer framer = new RtspFramer();
        ByteBuffer in = ByteBuffer.wrap(data);
        try {
            int found = framer.next(in);
            while (found != RtspFramer.NEED_MORE) {
                if (found == RtspFramer.MESSAGE) {
                    RtspHeaders headers = framer.message().headers();
                    new RtspAuthenticator("a", "b").challenged(headers);
                    headers.first("Transport").ifPresent(RtspTransport::parse);
                    RtspSession.parse(headers.first("Session").orElse("1"));
                } else if (framer.payloadOffset() + framer.payloadLength() > in.limit()) {
                    throw new IllegalStateException("a frame outside of its buffer");
                }
                found = framer.next(in);
            }
        } catch (RtspException refused) {
            // As it should be.
        }
    }

    /** What is recognised without being parsed is what the parser makes of it. */
    @FuzzTest(maxDuration = "1m")
    void plainAnswer(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        int end = PlainAnswer.end(in, 7);
        if (end < 0) {
            return;
        }
        try {
            RtspMessage message = new RtspParser().parse(in);
            boolean same = message instanceof RtspResponse response
                    && response.status() == 200
                    && response.cseq() == 7
                    && response.body().length == 0
                    && response.headers().first("Authentication-Info").isEmpty()
                    && in.position() == end;
            if (!same) {
                throw new IllegalStateException("taken for a plain answer: " + message);
            }
        } catch (RtspException refused) {
            throw new IllegalStateException("taken for a plain answer", refused);
        }
    }

    @FuzzTest(maxDuration = "1m")
    void url(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        RtspUri.resolve("rtsp://c/s", text);
        try {
            RtspUri.parse(text);
        } catch (IllegalArgumentException refused) {
            // As it should be.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void tunnelHead(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        try {
            HttpTunnel.head(in).ifPresent(head -> new RtspAuthenticator("a", "b").challenged(head.headers()));
        } catch (RtspException refused) {
            // As it should be.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void rtpInfo(byte[] data) {
        for (RtpInfo track : RtpInfo.parse(new String(data, StandardCharsets.UTF_8))) {
            track.isOf("rtsp://c/s/1", "rtsp://c/s");
        }
    }

    @FuzzTest(maxDuration = "1m")
    void transport(byte[] data) {
        RtspTransport transport = RtspTransport.parse(new String(data, StandardCharsets.UTF_8));
        if (transport.channels().rtp() > 255 || transport.ports().rtp() > 65_535) {
            throw new IllegalStateException("out of range: " + transport);
        }
    }
}
