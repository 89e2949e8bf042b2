// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.ApiWitness.Exchange;

/** What is read of the bytes that pass, however they are cut. */
class HttpTapTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final HttpTap tap = new HttpTap("http://server");
    private final List<Exchange> seen = new ArrayList<>();

    private void ask(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        tap.sent(bytes, bytes.length);
    }

    private void answer(String text) {
        answer(text.getBytes(ISO_8859_1));
    }

    private void answer(byte[] bytes) {
        seen.addAll(tap.received(bytes, bytes.length));
    }

    private static String body(Exchange exchange) {
        return new String(exchange.bytes(), ISO_8859_1);
    }

    @Test
    void requestsAndAnswersFindEachOtherThoughTheyComeInPieces() {
        String asked = "POST /api/v1/cameras?x=a%20b HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\n"
                + "Content-Length: 7\r\n\r\n{\"a\":1}GET /api/v1/health HTTP/1.1\r\nHost: server\r\n\r\n";
        asked.chars().forEach(c -> ask(String.valueOf((char) c)));
        String answered = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"b\"\r\n3\r\n:2}\r\n0\r\n\r\n" + OK
                + "Content-Length: 2\r\n\r\nup";
        answered.chars().forEach(c -> answer(String.valueOf((char) c)));

        assertThat(seen)
                .extracting(e -> e.method() + " " + e.uri() + " " + e.body() + " " + e.status() + " " + body(e))
                .containsExactly(
                        "POST http://server/api/v1/cameras?x=a%20b {\"a\":1} 201 {\"b\":2}",
                        "GET http://server/api/v1/health  200 up");
        assertThat(seen.get(0).answered().firstValue("content-type")).hasValue("application/json");
        assertThat(seen.get(0).asked().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void anAnswerToHeadHasNoBodyAndIsNotMixedUpWithTheNext() {
        ask("HEAD /a HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Length: 5\r\n\r\n");
        ask("GET /b HTTP/1.1\r\n\r\n");
        answer("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
        ask("GET /c HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Length: 1\r\n\r\nc");

        assertThat(seen)
                .extracting(e -> e.method() + e.uri().getPath() + e.status() + body(e))
                .containsExactly("HEAD/a200", "GET/b304", "GET/c200c");
    }

    @Test
    void whatIsPackedIsUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"name\":\"Gate\"}".getBytes(ISO_8859_1));
        }
        ask("GET /a HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
        answer(OK + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size()
                + "\r\n\r\n");
        answer(packed.toByteArray());

        assertThat(seen).extracting(HttpTapTest::body).containsExactly("{\"name\":\"Gate\"}");
    }

    @Test
    void ofLargeMediaTheBeginningIsEnough() {
        ask("GET /media HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Type: video/mp4\r\nContent-Length: 100000\r\n\r\n");
        answer("x".repeat(60_000));
        assertThat(seen).isEmpty();
        answer("x".repeat(40_000));

        assertThat(seen).singleElement().satisfies(e -> assertThat(body(e)).matches("x{1024}"));
    }

    @Test
    void aStreamThatIsLeftIsSeenAndJsonThatWasCutIsNot() {
        ask("GET /api/v1/events/stream HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:up\r\n");
        assertThat(tap.ended()).extracting(e -> e.status() + body(e)).containsExactly("200:up");

        HttpTap other = new HttpTap("http://server");
        byte[] asked = "GET /api/v1/cameras HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
        other.sent(asked, asked.length);
        byte[] half = (OK + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"it").getBytes(ISO_8859_1);
        assertThat(other.received(half, half.length)).isEmpty();
        assertThat(other.ended()).isEmpty();
    }

    @Test
    void afterAnUpgradeNothingIsReadAsHttp() {
        ask("GET /ws/v1/live/1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        answer("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u0082\u0001x");
        ask("GET /not-a-request HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Length: 0\r\n\r\n");

        assertThat(seen).isEmpty();
        assertThat(tap.ended()).isEmpty();
    }

    /** A server that closes before it was asked says so (408), and what was asked oddly is still seen. */
    @Test
    void whatWasNotAskedIsNoExchange() {
        answer("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        ask("GET /odd|path HTTP/1.1\r\n\r\n");
        answer(OK + "Content-Length: 0\r\n\r\n");

        assertThat(seen).extracting(e -> e.uri().toString()).containsExactly("http://server/odd_path");
    }
}
