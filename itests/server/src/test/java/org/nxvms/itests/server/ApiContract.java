// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.itests.harness.ApiWitness;
import org.nxvms.itests.harness.PackedServer;

/**
 * Holds every request and answer of the stories that {@linkplain #hold ask for it} against the OpenAPI document of the
 * server that answers. The document is read once a server, and once more when there is an address that it does not
 * name: a feature may have come. Faults are kept and said at once; a story that is to have none asks with {@link
 * #assertHeld} at its end.
 */
public final class ApiContract implements ApiWitness {
    private static final String BASE = "/api/v1/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, ApiDocument> DOCUMENTS = new ConcurrentHashMap<>();
    /** Servers differ by what is installed, not by what that says: one text is read once. */
    private static final Map<String, ApiDocument> TEXTS = new ConcurrentHashMap<>();

    /** Servers that are looked at; others are not slowed down by it. */
    private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    /** By server; a story repeats its own. */
    private static final Map<String, Set<String>> FAULTS = new ConcurrentHashMap<>();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    @Override
    public void saw(Exchange exchange) {
        if (!HELD.contains(exchange.uri().getAuthority())
                || !exchange.uri().getPath().matches("/(api|media)/v1/.*|/metrics")
                || isStarting(exchange)) {
            return;
        }
        String server = exchange.uri().getAuthority();
        ApiDocument document = DOCUMENTS.get(server);
        if (document == null || !document.knows(exchange.uri().getPath())) {
            document = read(exchange).orElse(document);
        }
        if (document == null) {
            // Nobody has signed in yet, or the server is just ending: the document is for those who have.
            return;
        }
        DOCUMENTS.put(server, document);
        List<String> faults = document.faults(exchange);
        if (!faults.isEmpty()) {
            String fault = exchange.method() + " " + exchange.uri().getPath() + " -> " + exchange.status() + "\n  "
                    + String.join("\n  ", faults);
            FAULTS.computeIfAbsent(server, any -> ConcurrentHashMap.newKeySet()).add(fault);
            System.err.println("openapi.json and the server differ: " + fault);
        }
    }

    /** Begins to look at a server. */
    static void hold(PackedServer server) {
        HELD.add("127.0.0.1:" + server.httpPort());
    }

    /** Fails when a server said, or took, what its document does not know. */
    static void assertHeld(PackedServer server) {
        assertThat(FAULTS.getOrDefault("127.0.0.1:" + server.httpPort(), Set.of()))
                .as("openapi.json and the server differ")
                .isEmpty();
        assertThat(DOCUMENTS).as("it was looked at").containsKey("127.0.0.1:" + server.httpPort());
    }

    /** Who waits for a server asks before there is anything that could answer as the document says. */
    private static boolean isStarting(Exchange exchange) {
        boolean json = exchange.answered().firstValue("content-type").orElse("").startsWith("application/json");
        return exchange.uri().getPath().equals(BASE + "health") && !json;
    }

    private Optional<ApiDocument> read(Exchange exchange) {
        Optional<String> credentials = exchange.asked().firstValue("Authorization");
        if (credentials.isEmpty()) {
            return Optional.empty();
        }
        HttpRequest request = HttpRequest.newBuilder(exchange.uri().resolve(URI.create(BASE + "openapi.json")))
                .header("Authorization", credentials.get())
                .timeout(Duration.ofSeconds(60))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                return Optional.empty();
            }
            ApiDocument known = TEXTS.get(answer.body());
            if (known == null) {
                known = new ApiDocument(JSON.readTree(answer.body()));
                TEXTS.put(answer.body(), known);
            }
            return Optional.of(known);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
