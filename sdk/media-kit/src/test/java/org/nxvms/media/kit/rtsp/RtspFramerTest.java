// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Messages and frames as they come out of a socket: in any pieces, with what cameras put in between. */
class RtspFramerTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RtspMessage parse(String text) throws RtspException {
        RtspFramer framer = new RtspFramer();
        ByteBuffer in = ByteBuffer.wrap(bytes(text));
        assertThat(framer.next(in)).isEqualTo(RtspFramer.MESSAGE);
        assertThat(in.hasRemaining()).as("bytes left over").isFalse();
        return framer.message();
    }

    private static byte[] frame(int channel, int length) {
        ByteBuffer frame = ByteBuffer.allocate(4 + length);
        frame.put((byte) '$').put((byte) channel).putShort((short) length);
        while (frame.hasRemaining()) {
            frame.put((byte) (frame.position() * 31));
        }
        return frame.array();
    }

    /** A connection's bytes: describe answer, frames with stray line breaks between, a keep-alive answer. */
    private static byte[] stream(List<Integer> lengths) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                new RtspResponse(200, "OK", RtspHeaders.of("CSeq", "2"), bytes("v=0\r\nm=video 0 RTP/AVP 96\r\n"))
                        .toBytes());
        for (int length : lengths) {
            out.writeBytes(frame(length & 3, length));
            out.writeBytes(bytes(length % 5 == 0 ? "\r\n" : ""));
        }
        out.writeBytes(new RtspResponse(200, "OK", RtspHeaders.of("CSeq", "3")).toBytes());
        return out.toByteArray();
    }

    @Property(tries = 150)
    void piecesDoNotMatter(
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 3000) Integer> lengths,
            @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 900) Integer> pieces)
            throws RtspException {
        byte[] all = stream(lengths);
        RtspFramer framer = new RtspFramer();
        ByteBuffer in = ByteBuffer.allocateDirect(RtspFramer.ELEMENT_BYTES_MAX + 1000);
        List<Integer> frames = new ArrayList<>();
        List<Integer> messages = new ArrayList<>();
        int at = 0;
        int piece = 0;
        while (at < all.length) {
            int size = Math.min(all.length - at, pieces.isEmpty() ? 700 : pieces.get(piece++ % pieces.size()));
            in.put(all, at, size).flip();
            at += size;
            for (int found = framer.next(in); found != RtspFramer.NEED_MORE; found = framer.next(in)) {
                if (found == RtspFramer.MESSAGE) {
                    messages.add(framer.message().cseq());
                } else {
                    assertThat(framer.channel()).isEqualTo(framer.payloadLength() & 3);
                    for (int i = 0; i < framer.payloadLength(); i += 97) {
                        assertThat(in.get(framer.payloadOffset() + i)).isEqualTo((byte) ((i + 4) * 31));
                    }
                    frames.add(framer.payloadLength());
                }
            }
            in.compact();
        }
        assertThat(frames).isEqualTo(lengths);
        assertThat(messages).containsExactly(2, 3);
    }

    @Test
    void whatCamerasGetWrongIsUnderstood() throws Exception {
        RtspResponse lineFeedsOnly = (RtspResponse) parse("RTSP/1.0 200\ncseq:7\nSESSION : 12;timeout=30\n\n");
        assertThat(lineFeedsOnly.status()).isEqualTo(200);
        assertThat(lineFeedsOnly.reason()).isEmpty();
        assertThat(lineFeedsOnly.cseq()).isEqualTo(7);
        assertThat(lineFeedsOnly.headers().first("session")).contains("12;timeout=30");

        RtspResponse odd = (RtspResponse)
                parse(
                        "rtsp/1.0  401   Not Allowed \r\nWWW-Authenticate: Digest realm=\"a\",\r\n nonce=\"b\"\r\nno colon\r\n\r\n");
        assertThat(odd.reason()).isEqualTo("Not Allowed");
        assertThat(odd.headers().first("www-authenticate")).contains("Digest realm=\"a\", nonce=\"b\"");

        RtspRequest request = (RtspRequest) parse("options * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
        assertThat(request.method()).isEqualTo("OPTIONS");
    }

    @Test
    void theAnswerToARepeatedRequestIsRecognisedHoweverItIsWritten() throws Exception {
        for (String answer : List.of(
                "RTSP/1.0 200 OK\r\nCSeq: 41\r\nSession: 12;timeout=60\r\nDate: Thu, 26 Nov 2026\r\n\r\n",
                "rtsp/1.0  200\ncseq :41 \n\n",
                "RTSP/1.0 200 OK\r\nno colon\r\nCONTENT-LENGTH: 0\r\nCSeq:041\r\n\r\n")) {
            assertThat(found(answer)).as(answer).isEqualTo(RtspFramer.ACCEPTED);
        }
    }

    @Test
    void anAnswerThatSaysMoreIsParsed() throws Exception {
        for (String answer : List.of(
                "RTSP/1.0 200 OK\r\nCSeq: 40\r\n\r\n",
                "RTSP/1.0 200 OK\r\nSession: 1\r\n\r\n",
                "RTSP/1.0 2001 OK\r\nCSeq: 41\r\n\r\n",
                "RTSP/1.0 401 Unauthorized\r\nCSeq: 41\r\n\r\n",
                "RTSP/1.0 200 OK\r\nCSeq: 41\r\nAuthentication-Info: nextnonce=\"n\"\r\n\r\n",
                "RTSP/1.0 200 OK\r\nCSeq: 41\r\nContent-Length: 2\r\n\r\nab",
                "RTSP/1.0 200 OK\r\nCSeq:\r\n 41\r\n\r\n",
                "RTSP/1.0 200 Fran\u00e7ais\r\nCSeq: 41\r\n\r\n",
                "OPTIONS * RTSP/1.0\r\nCSeq: 41\r\n\r\n")) {
            try {
                assertThat(found(answer)).as(answer).isEqualTo(RtspFramer.MESSAGE);
            } catch (RtspException refused) {
                assertThat(answer).contains("2001");
            }
        }
    }

    /** {@return what a framer that expects the answer to request 41 finds between a frame and a frame} */
    private static int found(String answer) throws RtspException {
        RtspFramer framer = new RtspFramer();
        framer.expect(41);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(frame(1, 10));
        out.writeBytes(bytes(answer));
        out.writeBytes(frame(2, 20));
        ByteBuffer in = ByteBuffer.wrap(out.toByteArray());
        assertThat(framer.next(in)).isEqualTo(RtspFramer.FRAME);
        int found = framer.next(in);
        assertThat(framer.next(in)).isEqualTo(RtspFramer.FRAME);
        assertThat(framer.payloadLength()).isEqualTo(20);
        return found;
    }

    @Test
    void otherProtocolsAreRefusedByName() {
        assertThatThrownBy(() -> parse("HTTP/1.1 400 Bad Request\r\n\r\n")).hasMessageContaining("HTTP");
        RtspFramer framer = new RtspFramer();
        assertThatThrownBy(() -> framer.next(ByteBuffer.wrap(bytes("SSH-2.0-OpenSSH_9.2p1\r\n"))))
                .hasMessageContaining("SSH");
    }

    @Test
    void nothingGrowsWithoutBound() {
        RtspFramer framer = new RtspFramer();
        assertThatThrownBy(() -> framer.next(ByteBuffer.wrap(new byte[5000])))
                .isInstanceOf(RtspException.class)
                .hasMessageContaining("neither");
        assertThatThrownBy(() -> framer.next(ByteBuffer.wrap(bytes("RTSP/1.0 200 " + "x".repeat(20_000)))))
                .hasMessageContaining("no end of headers");
        assertThatThrownBy(() ->
                        framer.next(ByteBuffer.wrap(bytes("RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"))))
                .hasMessageContaining("body of 99999999");
        assertThatThrownBy(() ->
                        framer.next(ByteBuffer.wrap(bytes("RTSP/1.0 200 OK\r\n" + "a: b\r\n".repeat(70) + "\r\n"))))
                .hasMessageContaining("header lines");
    }

    @Test
    void credentialsAreNeverShown() {
        RtspRequest request = new RtspRequest(
                "DESCRIBE", "rtsp://admin:secret@cam/1", RtspHeaders.of("Authorization", "Basic YWRtaW46c2VjcmV0"));
        assertThat(request.toString()).doesNotContain("secret").doesNotContain("YWRtaW46");
        assertThat(new RtspAuthenticator("admin", "secret").toString()).doesNotContain("secret");
    }

    @Test
    void aHeaderValueCannotSmuggleALine() {
        byte[] sent = new RtspRequest("PLAY", "*", RtspHeaders.of("Session", "1\r\nEvil: yes")).toBytes();
        assertThat(new String(sent, StandardCharsets.UTF_8)).doesNotContain("\r\nEvil");
    }
}
