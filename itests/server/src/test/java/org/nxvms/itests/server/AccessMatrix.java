// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.ApiWitness.Exchange;

/** Every operation that the running server's OpenAPI document names, to be called by somebody. */
final class AccessMatrix {
    private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");
    /** Answers are looked at that far; the event stream never ends. */
    private static final int BYTES_MAX = 4_096;

    private static final String BODY = "{}";

    private final ApiContract contract = new ApiContract();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;
    private final List<Operation> operations = new ArrayList<>();

    /** @param bodyType what its body is sent as; empty when it takes none */
    record Operation(String method, String path, String bodyType) {
        /** {@return whether it is about one camera, which the path names} */
        boolean isOfCamera() {
            return path.startsWith("/api/v1/cameras/{id}")
                    || path.matches("/(api|media)/v1/(archive|live|edge|motion/masks)/\\{cameraId}.*");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** @param body the beginning of it */
    record Answer(int status, String body) {
        /** {@return the same, without what differs from one camera to another} */
        Answer without(UUID id) {
            return new Answer(status, body.replace(id.toString(), "ID"));
        }
    }

    AccessMatrix(Api api) {
        base = api.base();
        JsonNode paths = api.get("/api/v1/openapi.json").expect(200).json().get("paths");
        paths.properties().forEach(path -> path.getValue().properties().forEach(method -> {
            if (METHODS.contains(method.getKey())) {
                JsonNode content = method.getValue().at("/requestBody/content");
                String type = content.isObject() && content.fieldNames().hasNext()
                        ? content.fieldNames().next()
                        : "";
                operations.add(new Operation(
                        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), type.equals("*/*") ? "" : type));
            }
        }));
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /**
     * Calls an operation.
     *
     * @param token empty for nobody
     * @param id stands for every parameter of the path
     */
    Answer call(Operation operation, String token, UUID id) throws IOException, InterruptedException {
        String path = operation.path().replaceAll("\\{[^}]+}", id.toString());
        boolean reads = operation.method().equals("GET");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(operation.method(), reads ? BodyPublishers.noBody() : BodyPublishers.ofString(BODY));
        if (!reads) {
            request.header("Content-Type", operation.bodyType().isEmpty() ? "application/json" : operation.bodyType());
        }
        return send(request, token, operation.bodyType().isEmpty() ? "" : BODY);
    }

    Answer get(String path, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60)), token, "");
    }

    private Answer send(HttpRequest.Builder request, String token, String sent)
            throws IOException, InterruptedException {
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            boolean endless =
                    answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
            byte[] beginning = endless ? new byte[0] : body.readNBytes(BYTES_MAX);
            if (!endless && beginning.length < BYTES_MAX) {
                contract.saw(new Exchange(
                        answer.request().method(),
                        answer.uri(),
                        answer.request().headers(),
                        sent,
                        answer.statusCode(),
                        answer.headers(),
                        beginning));
            }
            return new Answer(answer.statusCode(), new String(beginning, StandardCharsets.UTF_8));
        }
    }
}
