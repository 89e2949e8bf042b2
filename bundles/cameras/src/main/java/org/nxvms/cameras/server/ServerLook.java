// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.server.KnownServers;

/**
 * Asks servers whether they answer, as anybody could: the one question that needs no credentials. Any thread; blocks for one
 * {@linkplain #look look}.
 *
 * <p>Whoever signs in may have any address asked, so nothing is to be learned of what is no server of this kind: a port that
 * is closed, a web server and a device that does not answer are all {@link State#SILENT}, and a look takes as long whatever
 * comes back. See ADR 145.
 */
final class ServerLook implements AutoCloseable {
    /** Far more than an answer takes; a person waits for it. */
    static final Duration USUAL = Duration.ofSeconds(3);

    private static final int NAME_THREADS = 4;
    /** What more looks at once than are taken would ask. */
    private static final int NAMES_WAITING_MAX = KnownServersResource.LOOKS_MAX * KnownServers.SERVERS_MAX;

    private static final int HTTP_THREADS = 2;
    private static final long IDLE_SECONDS = 30;

    /** What each answer of a server's REST carries (docs/design/rest.md, invariant 4). */
    private static final String MARK = "X-NXvms-Server-Time";

    private static final String PATH = "/api/v1/health";
    private static final int OK = 200;
    private static final int NOT_READY = 503;

    /** How a server was found. */
    enum State {
        READY,
        /** It answers, and says that something it needs does not work. */
        NOT_READY,
        /** No server of this kind answers there. */
        SILENT,
        /** This server does not speak to such an address. */
        NOT_ASKED
    }

    private final AddressRule rule;
    private final Duration limit;
    /** When a look is over, by when all have answered. */
    private final UnaryOperator<CompletableFuture<Void>> end;
    /** A name server can take its time. */
    private final ExecutorService names;

    private final ExecutorService http;
    private HttpClient client;

    /** @param limit how long each look takes */
    ServerLook(AddressRule rule, Duration limit) {
        this(rule, limit, answered -> new CompletableFuture<Void>()
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    ServerLook(AddressRule rule, Duration limit, UnaryOperator<CompletableFuture<Void>> end) {
        this.rule = rule;
        this.limit = limit;
        this.end = end;
        ThreadPoolExecutor bounded = new ThreadPoolExecutor(
                NAME_THREADS,
                NAME_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(NAMES_WAITING_MAX),
                named("nxvms-servers-name-"),
                new ThreadPoolExecutor.AbortPolicy());
        bounded.allowCoreThreadTimeOut(true);
        names = bounded;
        http = Executors.newFixedThreadPool(HTTP_THREADS, named("nxvms-servers-http-"));
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@return how each of them is, in their order} */
    Map<String, State> look(List<String> addresses) {
        Map<String, CompletableFuture<State>> asked = new LinkedHashMap<>();
        addresses.forEach(address -> asked.put(address, ask(URI.create(address))));
        end.apply(CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new)))
                .join();
        Map<String, State> found = new LinkedHashMap<>();
        asked.forEach((address, answer) -> {
            // What is not known by now is not waited for, and its connection ended.
            answer.complete(State.SILENT);
            found.put(address, answer.join());
        });
        return found;
    }

    private CompletableFuture<State> ask(URI server) {
        CompletableFuture<State> answer = new CompletableFuture<>();
        try {
            names.execute(() -> {
                if (answer.isDone()) {
                    return;
                }
                if (!speaksTo(server.getHost())) {
                    answer.complete(State.NOT_ASKED);
                    return;
                }
                CompletableFuture<HttpResponse<Void>> sent = send(server.resolve(PATH));
                sent.whenComplete((response, failed) -> answer.complete(stateOf(response)));
                // After its time it is of no interest.
                answer.whenComplete((state, late) -> sent.cancel(true));
            });
        } catch (RejectedExecutionException full) {
            answer.complete(State.SILENT);
        }
        return answer;
    }

    /** The client connects to what is found here: the JDK remembers it for longer. */
    private boolean speaksTo(String host) {
        if (rule.refusalOf(host).isPresent()) {
            return false;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (rule.refusal(address).isPresent()) {
                    return false;
                }
            }
            return true;
        } catch (IOException unknown) {
            // Nobody to speak to, which the client will say too.
            return true;
        }
    }

    private CompletableFuture<HttpResponse<Void>> send(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(limit)
                .header("Accept", "application/json")
                .build();
        return client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(limit)
                    .sslContext(AnyCertificate.context())
                    .executor(http)
                    .build();
        }
        return client;
    }

    /** @param response null when there was none */
    private static State stateOf(HttpResponse<Void> response) {
        if (response == null || response.headers().firstValue(MARK).isEmpty()) {
            return State.SILENT;
        }
        return switch (response.statusCode()) {
            case OK -> State.READY;
            case NOT_READY -> State.NOT_READY;
            default -> State.SILENT;
        };
    }

    /** Who waits gets what there is when its look is over; the JDK's selector thread ends when the client is collected. */
    @Override
    public void close() {
        names.shutdownNow();
        http.shutdownNow();
    }
}
