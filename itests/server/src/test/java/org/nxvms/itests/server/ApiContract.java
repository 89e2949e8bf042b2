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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nxvms.itests.harness.ApiWitness;

/**
 * Holds every request and answer that a story sees against the OpenAPI document of the server that answers: those of the
 * REST client, of the access matrix, and what passes an {@link ApiProxy}. The document is read once a server, and once more
 * when there is an address that it does not name: a feature may have come. Faults are said at once, and fail their class at
 * its end. Which operations were answered with success is kept for {@link ApiCoverageIT}.
 */
public final class ApiContract implements ApiWitness, AfterAllCallback {
    private static final String BASE = "/api/v1/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, ApiDocument> DOCUMENTS = new ConcurrentHashMap<>();
    /** Servers differ by what is installed, not by what that says: one text is read once. */
    private static final Map<String, ApiDocument> TEXTS = new ConcurrentHashMap<>();

    /** The last ones that each server took, by kind, newest first: sessions end, and tokens after some minutes. */
    private static final Map<String, Deque<Credentials>> KNOWN = new ConcurrentHashMap<>();

    private static final int KNOWN_MAX = 5;

    /** A story repeats its own. */
    private static final Set<String> FAULTS = ConcurrentHashMap.newKeySet();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    @Override
    public void saw(Exchange exchange) {
        if (!exchange.uri().getPath().matches("/(api|media)/v1/.*|/metrics") || isStarting(exchange)) {
            return;
        }
        String server = exchange.uri().getAuthority();
        if (exchange.status() < 400) {
            Credentials.of(exchange).ifPresent(credentials -> remember(server, credentials));
        }
        ApiDocument document = DOCUMENTS.get(server);
        if (document == null || !document.knows(exchange.uri().getPath())) {
            document = read(exchange).orElse(null);
        }
        if (document == null) {
            // Nobody has signed in yet, or the server is just ending: what it says now is not known.
            return;
        }
        DOCUMENTS.put(server, document);
        if (exchange.status() < 400) {
            document.operation(exchange).ifPresent(ApiCoverage::answered);
        }
        List<String> faults = document.faults(exchange);
        if (!faults.isEmpty()) {
            String fault = exchange.method() + " " + exchange.uri().getPath() + " -> " + exchange.status() + "\n  "
                    + String.join("\n  ", faults);
            FAULTS.add(fault);
            System.err.println("openapi.json and the server differ: " + fault);
        }
    }

    @Override
    public void afterAll(ExtensionContext story) {
        Set<String> faults = Set.copyOf(FAULTS);
        FAULTS.removeAll(faults);
        if (story.getRequiredTestClass().isAnnotationPresent(Unheld.class)) {
            return;
        }
        assertThat(faults).as("openapi.json and the server differ").isEmpty();
    }

    /** Who waits for a server asks before there is anything that could answer as the document says. */
    private static boolean isStarting(Exchange exchange) {
        boolean json = exchange.answered().firstValue("content-type").orElse("").startsWith("application/json");
        return exchange.uri().getPath().equals(BASE + "health") && !json;
    }

    private static void remember(String server, Credentials credentials) {
        Deque<Credentials> last =
                KNOWN.computeIfAbsent(credentials.header() + " of " + server, any -> new ConcurrentLinkedDeque<>());
        if (!credentials.equals(last.peekFirst())) {
            last.remove(credentials);
            last.addFirst(credentials);
        }
        while (last.size() > KNOWN_MAX) {
            last.pollLast();
        }
    }

    /** By whoever asks, or else by who did before: strangers are not shown the document. */
    private Optional<ApiDocument> read(Exchange exchange) {
        URI document = exchange.uri().resolve(URI.create(BASE + "openapi.json"));
        Stream<Credentials> known = Stream.of("Authorization", "Cookie")
                .flatMap(header ->
                        KNOWN
                                .getOrDefault(header + " of " + exchange.uri().getAuthority(), new ArrayDeque<>())
                                .stream());
        return Stream.concat(Credentials.of(exchange).stream(), known)
                .distinct()
                .flatMap(credentials -> read(document, credentials).stream())
                .findFirst();
    }

    private Optional<ApiDocument> read(URI uri, Credentials credentials) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header(credentials.header(), credentials.value())
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
                known.operations().forEach(ApiCoverage::known);
            }
            return Optional.of(known);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What says who asks. */
    private record Credentials(String header, String value) {
        private static final String SESSION = "nxvms_session=";

        static Optional<Credentials> of(Exchange exchange) {
            return Stream.of("Authorization", "Cookie")
                    .flatMap(name ->
                            exchange.asked().firstValue(name).stream().map(value -> new Credentials(name, value)))
                    .filter(credentials -> credentials.header().equals("Authorization")
                            || credentials.value().contains(SESSION))
                    .findFirst();
        }
    }
}
