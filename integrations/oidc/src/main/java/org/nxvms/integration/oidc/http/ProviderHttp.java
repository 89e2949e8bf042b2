// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One exchange with a provider: https, or http on this machine; one time limit for all of it, however the other side drips;
 * bodies that are bounded; redirects are refused, since what they lead to was not configured. Any thread; blocks.
 */
public final class ProviderHttp implements AutoCloseable {
    /** The largest thing a provider says are its keys; a dozen with certificates are 40 KiB. */
    private static final int BYTES_MAX = 256 * 1024;

    private static final String STOPPED = "the integration has been stopped";
    private static final int DEPTH_MAX = 16;
    private static final int THREADS = 2;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ExecutorService workers;
    private final Duration limit;
    /** What is on its way. */
    private final Set<Future<?>> running = ConcurrentHashMap.newKeySet();

    private volatile HttpClient client;

    /** @param limit from the look-up of the host to the last byte */
    public ProviderHttp(Duration limit) {
        AtomicInteger number = new AtomicInteger();
        this.limit = limit;
        this.workers = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "nxvms-oidc-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .executor(workers)
                .build();
    }

    /**
     * What came back.
     *
     * @param status of HTTP, no redirect
     */
    public record Answer(int status, byte[] body) {
        /** @throws IOException when it is no JSON object, or one that is too deep */
        public JsonNode json() throws IOException {
            JsonNode read = JSON.readTree(body);
            if (read == null || !read.isObject()) {
                throw new IOException("the answer is no JSON object");
            }
            return read;
        }

        /** Shows nothing of what may be a token. */
        @Override
        public String toString() {
            return "Answer[" + status + ", " + body.length + " bytes]";
        }
    }

    /** @param bearer an access token for the provider itself */
    public Answer get(URI address, Optional<String> bearer) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(checked(address)).GET();
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return exchange(request);
    }

    /** @param basic credentials of HTTP Basic, encoded */
    public Answer post(URI address, Map<String, String> form, Optional<String> basic) throws IOException {
        String body = form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(checked(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        basic.ifPresent(credentials -> request.header("Authorization", "Basic " + credentials));
        return exchange(request);
    }

    /** {@return a text as a form or query has it} */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static URI checked(URI address) throws IOException {
        if (!Addresses.isSafe(address)) {
            throw new IOException("its address is not https (http is for this machine only): " + address);
        }
        Optional<String> refused = Addresses.refusal(address);
        if (refused.isPresent()) {
            throw new IOException(refused.get());
        }
        return address;
    }

    private Answer exchange(HttpRequest.Builder request) throws IOException {
        HttpClient now = client;
        if (now == null) {
            throw new IOException(STOPPED);
        }
        CompletableFuture<HttpResponse<byte[]>> sent = now.sendAsync(
                request.header("Accept", "application/json").timeout(limit).build(),
                info -> new BoundedBody(BYTES_MAX));
        running.add(sent);
        try {
            if (client == null) {
                // Closed before it was known that this one is on its way.
                sent.cancel(true);
            }
            HttpResponse<byte[]> answer = sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() >= 300 && answer.statusCode() < 400) {
                throw new IOException(
                        "it answers with a redirect (" + answer.statusCode() + "), which is not followed");
            }
            return new Answer(answer.statusCode(), answer.body());
        } catch (TimeoutException late) {
            throw new IOException("no whole answer within " + limit.toMillis() + " ms", late);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (client == null) {
                throw new IOException(STOPPED, cause);
            }
            throw new IOException(
                    cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        } catch (CancellationException stopped) {
            throw new IOException(STOPPED, stopped);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        } finally {
            running.remove(sent);
            sent.cancel(true);
        }
    }

    /** What is on its way fails; the JDK's selector thread ends when the client is collected. */
    @Override
    public void close() {
        client = null;
        // Without its threads the client ends none of them, and who waits would wait for the whole limit.
        running.forEach(one -> one.cancel(true));
        workers.shutdownNow();
    }
}
