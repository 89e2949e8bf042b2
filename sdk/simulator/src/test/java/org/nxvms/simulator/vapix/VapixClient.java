// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.media.kit.rtsp.DigestAnswer;

/** A client of one device: the JDK's HTTP and WebSocket, logging in with the product's own Digest. */
final class VapixClient {
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CHALLENGE =
            Pattern.compile("Digest realm=\"([^\"]+)\", nonce=\"([^\"]+)\", algorithm=MD5.*qop=\"auth\"");

    final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String base;
    private final String password;

    VapixClient(String base, String password) {
        this.base = base;
        this.password = password;
    }

    HttpResponse<byte[]> plain(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(base + target));
    }

    /** The value of an Authorization header, by the challenge that a plain request gets. */
    String login(String method, String target) throws IOException, InterruptedException {
        HttpResponse<byte[]> challenge = plain(request(target).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(challenge.statusCode()).isEqualTo(401);
        return answer(challenge.headers().firstValue("WWW-Authenticate").orElseThrow(), method, target);
    }

    String answer(String challenge, String method, String target) {
        Matcher matcher = CHALLENGE.matcher(challenge);
        assertThat(matcher.find()).as(challenge).isTrue();
        DigestAnswer.Question question =
                new DigestAnswer.Question(method, target, matcher.group(1), matcher.group(2), "MD5");
        return "Digest username=\"root\", realm=\"" + matcher.group(1) + "\", nonce=\"" + matcher.group(2)
                + "\", uri=\"" + target + "\", qop=auth, nc=00000001, cnonce=\"abc\", response=\""
                + DigestAnswer.withQop("root", password, question, "00000001", "abc") + "\"";
    }

    HttpResponse<byte[]> get(String target) throws IOException, InterruptedException {
        return plain(request(target).header("Authorization", login("GET", target)));
    }

    String text(String target) throws IOException, InterruptedException {
        return new String(get(target).body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Calls a method of a JSON interface; the whole envelope comes back. */
    JsonNode call(String target, String body) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = plain(request(target)
                .header("Authorization", login("POST", target))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** An open event stream. */
    static final class Events implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, java.nio.ByteBuffer message) {
            pongs.add("pong");
            from.request(1);
            return null;
        }

        JsonNode next() throws IOException, InterruptedException {
            String text = texts.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(text).as("an event").isNotNull();
            return JSON.readTree(text);
        }

        /** The next so many notifications, in short: topic's last part and data. */
        List<String> next(int count) throws IOException, InterruptedException {
            List<String> list = new ArrayList<>();
            while (list.size() < count) {
                JsonNode notification = next().path("params").path("notification");
                JsonNode message = notification.path("message");
                list.add(notification.path("topic").asText().replaceAll(".*/", "")
                        + message.path("source")
                        + message.path("data"));
            }
            return list;
        }

        String poll(long ms) throws InterruptedException {
            return texts.poll(ms, TimeUnit.MILLISECONDS);
        }

        boolean nothingFor(long ms) throws InterruptedException {
            return texts.poll(ms, TimeUnit.MILLISECONDS) == null;
        }

        boolean ping(long ms) throws InterruptedException {
            socket.sendPing(java.nio.ByteBuffer.allocate(4)).join();
            return pongs.poll(ms, TimeUnit.MILLISECONDS) != null;
        }

        void send(String text) {
            socket.sendText(text, true).join();
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    static final String EVENTS = "/vapix/ws-data-stream?sources=events";

    Events open() throws IOException, InterruptedException {
        Events events = new Events();
        events.socket = http.newWebSocketBuilder()
                .header("Authorization", login("GET", EVENTS))
                .connectTimeout(TIMEOUT)
                .buildAsync(URI.create(base.replace("http:", "ws:") + EVENTS), events)
                .join();
        return events;
    }

    Events subscribe(String... topics) throws IOException, InterruptedException {
        Events events = open();
        StringBuilder filters = new StringBuilder();
        for (String topic : topics) {
            filters.append(filters.isEmpty() ? "" : ",")
                    .append("{\"topicFilter\":\"")
                    .append(topic)
                    .append("\"}");
        }
        events.send("{\"apiVersion\":\"1.0\",\"context\":\"c\",\"method\":\"events:configure\","
                + "\"params\":{\"eventFilterList\":[" + filters + "]}}");
        return events;
    }
}
