// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** REST as any client program speaks it. Logs in by itself when a call needs it. */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<ApiWitness> WITNESSES = ApiWitness.all();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final String base;
    private final String username;
    private final String password;
    private String token = "";
    private Instant signInAgain = Instant.MIN;

    /** As the first administrator. */
    public Api(int httpPort) {
        this(httpPort, "admin", PackedServer.PASSWORD);
    }

    public Api(int httpPort, String username, String password) {
        this.base = "http://127.0.0.1:" + httpPort;
        this.username = username;
        this.password = password;
    }

    /** A status and a body; the body is JSON when the server said so. */
    public record Answer(int status, JsonNode json, byte[] bytes, HttpResponse<byte[]> response) {
        public String type() {
            return response.headers().firstValue("content-type").orElse("");
        }

        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(response.request().method() + " " + response.uri() + ": " + status
                        + " instead of " + wanted + ": " + new String(bytes, StandardCharsets.UTF_8));
            }
            return this;
        }
    }

    public String base() {
        return base;
    }

    /** {@return an access token that holds for some minutes at least; a new one when the last grows old} */
    public String token() {
        if (Instant.now().isAfter(signInAgain)) {
            JsonNode session = login(username, password).expect(200).json();
            token = session.get("accessToken").asText();
            signInAgain =
                    Instant.now().plusSeconds(session.get("expiresInSeconds").asLong() * 2 / 3);
        }
        return token;
    }

    public Answer login(String username, String password) {
        return send(request("/api/v1/auth/login"), "POST", json(Map.of("username", username, "password", password)));
    }

    public boolean isReady() {
        Answer health = open("/api/v1/health");
        return health.status() == 200 && health.json().path("ready").asBoolean();
    }

    /** {@return a part of the server's health, as {@code GET /health} shows it} */
    public JsonNode health(String part) {
        for (JsonNode one : get("/api/v1/health").json().path("parts")) {
            if (one.get("name").asText().equals(part)) {
                return one;
            }
        }
        throw new AssertionError("the server's health has no part " + part);
    }

    /** {@return the values of a metric of {@code GET /metrics}, by their labels} */
    public Map<String, Double> metric(String name) {
        Map<String, Double> values = new HashMap<>();
        new String(get("/metrics").expect(200).bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .forEach(line -> {
                    int value = line.lastIndexOf(' ');
                    values.put(line.substring(name.length(), value), Double.parseDouble(line.substring(value + 1)));
                });
        return values;
    }

    /** A GET without credentials. */
    public Answer open(String path) {
        return send(request(path), "GET", "");
    }

    public Answer get(String path) {
        return send(authorized(path), "GET", "");
    }

    public Answer get(String path, String header, String value) {
        return send(authorized(path).header(header, value), "GET", "");
    }

    public Answer post(String path, Object body) {
        return postText(path, json(body));
    }

    public Answer postText(String path, String body) {
        return send(authorized(path), "POST", body);
    }

    public Answer patch(String path, Object body, String ifMatch) {
        return send(authorized(path).header("If-Match", ifMatch), "PATCH", json(body));
    }

    public Answer delete(String path) {
        return send(authorized(path), "DELETE", "");
    }

    public String addCamera(String name, String url) {
        return post("/api/v1/cameras", Map.of("name", name, "driver", "rtsp", "address", url))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    public String state(String cameraId) {
        return get("/api/v1/cameras/" + cameraId)
                .expect(200)
                .json()
                .at("/status/state")
                .asText();
    }

    /** {@return how far a camera's main stream is recorded; 1970 when nothing is} */
    public Instant lastFootage(String cameraId) {
        return Instant.ofEpochMilli(get("/api/v1/archive/" + cameraId + "/range?stream=main")
                .expect(200)
                .json()
                .path("last")
                .asLong());
    }

    /** {@return the segments of a camera's main stream that overlap a time range} */
    public List<JsonNode> segments(String cameraId, Instant from, Instant to) {
        List<JsonNode> all = new ArrayList<>();
        get("/api/v1/archive/" + cameraId + "/segments?stream=main&from=" + escaped(from.toString()) + "&to="
                        + escaped(to.toString()))
                .expect(200)
                .json()
                .get("items")
                .forEach(all::add);
        return all;
    }

    /** {@return what the index names of a camera's main stream in the fragments that lie wholly within a time range} */
    public Footage footage(String cameraId, Instant from, Instant to) {
        long frames = 0;
        long durationMs = 0;
        for (JsonNode segment : segments(cameraId, from, to)) {
            JsonNode index = get("/api/v1/archive/segments/" + segment.get("id").asText() + "/index")
                    .expect(200)
                    .json();
            for (JsonNode fragment : index.get("fragments")) {
                long start = fragment.get("startMs").asLong();
                long duration = fragment.get("durationMs").asLong();
                if (start >= from.toEpochMilli() && start + duration <= to.toEpochMilli()) {
                    frames += fragment.get("frames").asLong();
                    durationMs += duration;
                }
            }
        }
        return new Footage(frames, durationMs / 1000.0);
    }

    /** Video frames, and the time they cover. */
    public record Footage(long frames, double seconds) {}

    public List<JsonNode> gaps(String cameraId, Instant from, Instant to) {
        List<JsonNode> all = new ArrayList<>();
        get("/api/v1/timeline?cameras=" + cameraId + "&buckets=4000&from=" + escaped(from.toString()) + "&to="
                        + escaped(to.toString()))
                .expect(200)
                .json()
                .at("/cameras/0/gaps")
                .forEach(all::add);
        return all;
    }

    public static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
    }

    private HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + token());
    }

    /** @param body JSON; empty for none, except in a POST, where it is an empty body */
    private Answer send(HttpRequest.Builder builder, String method, String body) {
        boolean sends = method.equals("POST") || !body.isEmpty();
        if (sends) {
            builder.header("Content-Type", "application/json");
        }
        HttpRequest request = builder.method(method, sends ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            ApiWitness.Exchange exchange = new ApiWitness.Exchange(
                    method,
                    request.uri(),
                    request.headers(),
                    body,
                    response.statusCode(),
                    response.headers(),
                    response.body());
            WITNESSES.forEach(witness -> witness.saw(exchange));
            String type = response.headers().firstValue("content-type").orElse("");
            JsonNode json = type.contains("json")
                    ? JSON.readTree(response.body())
                    : JSON.getNodeFactory().missingNode();
            return new Answer(response.statusCode(), json, response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
