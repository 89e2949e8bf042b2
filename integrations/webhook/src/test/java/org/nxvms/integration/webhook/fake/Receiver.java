// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An endpoint on a real socket that keeps what it was sent, and answers as it is told. */
public final class Receiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private volatile Function<Got, Reply> answer = message -> new Reply(204, "", "");

    /** A message. */
    public record Got(String id, String timestamp, String signature, String apiKey, byte[] body) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String detail() {
            return json().at("/data/detail").asText();
        }
    }

    /** An answer, with one header when it has a name. */
    public record Reply(int status, String header, String value) {}

    public Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (away) {
            exchange.close();
            return;
        }
        Got message = new Got(
                header(exchange, "webhook-id"),
                header(exchange, "webhook-timestamp"),
                header(exchange, "webhook-signature"),
                header(exchange, "X-Api-Key"),
                exchange.getRequestBody().readAllBytes());
        Reply reply = answer.apply(message);
        got.add(message);
        if (!reply.header().isEmpty()) {
            exchange.getResponseHeaders().add(reply.header(), reply.value());
        }
        exchange.sendResponseHeaders(reply.status(), -1);
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** From now on; called before the message counts as got. */
    public void answers(Function<Got, Reply> how) {
        answer = how;
    }

    public void answers(int status) {
        answers(message -> new Reply(status, "", ""));
    }

    /** While it is, connections break off and nothing is got. Its port stays its own: nobody else can take it meanwhile. */
    public void away(boolean now) {
        away = now;
    }

    public List<Got> got() {
        return got;
    }

    /** {@return the events' sentences in the order in which they came} */
    public List<String> details() {
        return got.stream().map(Got::detail).toList();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    public URI uri() {
        return URI.create(url());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
