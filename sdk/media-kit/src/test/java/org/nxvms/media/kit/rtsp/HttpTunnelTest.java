// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpTunnelTest {
    private final HttpTunnel tunnel = new HttpTunnel("cam:8080", "/live?x=1", "c00kie");

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bothWaysNameTheSameCookieAndOnlyTheOneThatLogsInTheCredentials() {
        String get = new String(tunnel.get(Optional.empty()), StandardCharsets.UTF_8);
        String post = new String(tunnel.post(Optional.of("Digest x")), StandardCharsets.UTF_8);

        assertThat(get)
                .startsWith("GET /live?x=1 HTTP/1.0\r\n")
                .contains("\r\nHost: cam:8080\r\n", "\r\nx-sessioncookie: c00kie\r\n", "x-rtsp-tunnelled")
                .doesNotContain("Authorization")
                .endsWith("\r\n\r\n");
        assertThat(post)
                .startsWith("POST /live?x=1 HTTP/1.0\r\n")
                .contains("\r\nx-sessioncookie: c00kie\r\n", "\r\nAuthorization: Digest x\r\n");
    }

    @Test
    void anAnswersHeadIsTakenAndWhatFollowsIsLeft() throws Exception {
        ByteBuffer in = bytes("HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\nRTSP/1.0");
        HttpTunnel.Head head = HttpTunnel.head(in).orElseThrow();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().first("content-type")).contains("application/x-rtsp-tunnelled");
        assertThat(in.remaining()).isEqualTo(8);

        ByteBuffer half = bytes("HTTP/1.0 200 OK\r\nContent");
        assertThat(HttpTunnel.head(half)).isEmpty();
        assertThat(half.position()).isZero();
    }

    @Test
    void whatIsNoHttpServerIsRefused() {
        assertThatThrownBy(() -> HttpTunnel.head(bytes("RTSP/1.0 200 OK\r\n\r\n")))
                .isInstanceOf(RtspException.class);
        assertThatThrownBy(() -> HttpTunnel.head(bytes("x".repeat(HttpTunnel.HEAD_BYTES_MAX))))
                .isInstanceOf(RtspException.class)
                .hasMessageContaining("no end");
    }
}
