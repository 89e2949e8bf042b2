// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Requests of one session to one device. One thread at a time, but for {@link #close}. */
public final class DeviceHttp {
    /** The first try, one with a login, one for a nonce that was found stale. */
    private static final int TRIES_MAX = 3;

    /** Connections that may have been kept for too long, at once: one of what is asked, one of what is heard. */
    private static final int REPEATS_MAX = 2;

    private static final int CAUSES_MAX = 10;
    private static final int WORDS_MAX = 80;

    private final HttpClient client;
    private final URI base;
    private final Logins logins;
    private final int timeoutMs;
    private volatile boolean closed;

    /**
     * @param base scheme, host and port; targets are put behind it
     * @param timeoutMs for one exchange, with its login
     */
    public DeviceHttp(HttpClient client, URI base, Optional<Credentials> credentials, int timeoutMs) {
        this.client = client;
        this.base = base;
        this.logins = new Logins(credentials);
        this.timeoutMs = timeoutMs;
    }

    /**
     * What is asked.
     *
     * @param target path and query, at another port of the same host with that before it: {@code :8000/path}. Each port is
     *     logged in to by itself, and only that of the base ever by Basic: any other one was told by a device, and typed by nobody
     * @param login whether the device's challenge is answered
     * @param timeMs how long the exchange may take; 0: the session's time limit
     * @param repeatable whether it may be asked twice: then it is asked again when the device closes its connection without a
     *     byte of an answer, as it may close each that was kept (RFC 9112 9.3.1, 9.5)
     */
    public record Ask(
            String method,
            String target,
            Map<String, String> headers,
            HttpRequest.BodyPublisher body,
            boolean login,
            int timeMs,
            boolean repeatable) {
        /** What is asked once only. */
        public Ask(
                String method,
                String target,
                Map<String, String> headers,
                HttpRequest.BodyPublisher body,
                boolean login,
                int timeMs) {
            this(method, target, headers, body, login, timeMs, false);
        }

        public static Ask get(String target) {
            return new Ask("GET", target, Map.of(), HttpRequest.BodyPublishers.noBody(), true, 0);
        }

        public static Ask post(String target, String contentType, HttpRequest.BodyPublisher body) {
            return new Ask("POST", target, Map.of("Content-Type", contentType), body, true, 0);
        }

        /** {@return this, without a login by HTTP} */
        public Ask withoutLogin() {
            return new Ask(method, target, headers, body, false, timeMs, repeatable);
        }

        /** {@return this, with a time limit of its own: for an answer that the device may keep back} */
        public Ask within(int newTimeMs) {
            return new Ask(method, target, headers, body, login, newTimeMs, repeatable);
        }

        /** {@return this, as what changes nothing, or nothing more when it is asked twice} */
        public Ask twiceIfNeedBe() {
            return new Ask(method, target, headers, body, login, timeMs, true);
        }
    }

    /** {@return requests to the same host at another port, logged in anew} Who closes this one does not close that. */
    public DeviceHttp atPort(String scheme, int port, Optional<Credentials> credentials) {
        return new DeviceHttp(client, URI.create(scheme + "://" + base.getHost() + ":" + port), credentials, timeoutMs);
    }

    public URI base() {
        return base;
    }

    public int timeoutMs() {
        return timeoutMs;
    }

    /** {@return whether there is something to log in with} */
    public boolean hasLogin() {
        return logins.areThere();
    }

    public void close() {
        closed = true;
    }

    public void requireOpen() throws DriverException {
        if (closed) {
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
        // Sessions may outlive the driver by a moment, and a client without workers throws what is no DriverException.
        if (client.executor().orElse(null) instanceof ExecutorService workers && workers.isShutdown()) {
            throw Workers.stopped();
        }
    }

    /** {@return how long an exchange may take, with its login} */
    long timeMs(Ask ask) {
        return ask.timeMs() == 0 ? timeoutMs : ask.timeMs();
    }

    /** {@return what is sent, with the login where one is known} */
    HttpRequest request(Ask ask, long leftMs) {
        HttpRequest.Builder request =
                plain(ask.target()).method(ask.method(), ask.body()).timeout(Duration.ofMillis(leftMs));
        ask.headers().forEach(request::header);
        if (ask.login()) {
            logins.authorization(ask.method(), ask.target()).ifPresent(value -> request.header("Authorization", value));
        }
        return request.build();
    }

    /** {@return whether an answer is about the login, and another one may be taken} */
    boolean isToBeAskedAgain(Ask ask, HttpResponse<?> answer, int tries) {
        if (answer.statusCode() != 401) {
            logins.accepted(ask.target(), answer.headers());
            return false;
        }
        return ask.login() && tries < TRIES_MAX && logins.mayTryAgain(ask.target(), answer.headers());
    }

    /**
     * As {@link #exchange}, without a thread that waits: neither for an answer nor for the end of its body.
     *
     * @return completed by one of the client's workers, or by their clock, which both must not be held up; exceptionally with
     *     a {@link DriverException}. Whoever cancels it breaks the exchange off
     * @throws IllegalStateException if the client is none of {@link HttpClients}
     */
    public CompletableFuture<HttpResponse<byte[]>> exchangeAsync(Ask ask, int most) {
        return new AsyncExchange(this, client, ask, most).begin();
    }

    /** {@return completed after a time by the clock of the client's workers} For pauses between exchanges; see there. */
    public CompletableFuture<Void> after(long ms) {
        return Workers.of(client).after(ms);
    }

    /**
     * Asks, and logs in where the device wants that.
     *
     * @param most bytes of the answer; a longer one is of kind PROTOCOL
     * @return what was answered at last, whatever its status
     */
    public HttpResponse<byte[]> exchange(Ask ask, int most) throws DriverException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeMs(ask));
        int repeats = 0;
        for (int tries = 1; ; ) {
            requireOpen();
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            try {
                HttpResponse<byte[]> response =
                        await(client.sendAsync(request(ask, leftMs), head -> new BoundedBody(most)), leftMs);
                if (!isToBeAskedAgain(ask, response, tries++)) {
                    return response;
                }
            } catch (DriverException failed) {
                if (!isToBeRepeated(ask, failed, repeats++)) {
                    throw failed;
                }
            }
        }
    }

    /** {@return whether an exchange ended since its connection did, and another connection may do better} */
    boolean isToBeRepeated(Ask ask, Throwable failed, int repeats) {
        return ask.repeatable() && repeats < REPEATS_MAX && KeptConnections.isEnd(failed);
    }

    /** Begins to fetch something of any length; {@return what was answered at last, whose body is to be closed} */
    public HttpResponse<StreamBody> stream(String target) throws DriverException {
        for (int tries = 1; ; tries++) {
            requireOpen();
            HttpRequest request =
                    request("GET", target).timeout(Duration.ofMillis(timeoutMs)).build();
            HttpResponse<StreamBody> response = await(
                    client.sendAsync(
                            request,
                            head -> new StreamBody(
                                    head.headers().firstValue("Content-Type").orElse(""))),
                    timeoutMs);
            if (response.statusCode() == 200) {
                logins.accepted(target, response.headers());
                return response;
            }
            if (response.statusCode() != 401 || tries >= TRIES_MAX || !logins.mayTryAgain(target, response.headers())) {
                return response;
            }
            response.body().close();
        }
    }

    /** Put behind the host, not resolved against it: two slashes at the beginning would name another host. */
    private URI uri(String target) {
        String path = Logins.path(target);
        String port = Logins.port(target);
        return URI.create((port.isEmpty() ? base.toString() : base.getScheme() + "://" + base.getHost() + port)
                + (path.startsWith("/") ? path : "/" + path));
    }

    /** {@return the beginning of a request, with the login where one is known} */
    public HttpRequest.Builder request(String method, String target) {
        HttpRequest.Builder request = plain(target);
        logins.authorization(method, target).ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    /** {@return a request whose answer is not packed}: who says nothing of it may get it in any way (RFC 9110 12.5.3). */
    private HttpRequest.Builder plain(String target) {
        return HttpRequest.newBuilder(uri(target)).header("Accept-Encoding", "identity");
    }

    /** Sends a request as it is. */
    public CompletableFuture<HttpResponse<Void>> send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    /** {@return who runs what comes from the network} */
    public Executor executor() {
        return client.executor().orElseThrow();
    }

    /** What a WebSocket's handshake came to. */
    @FunctionalInterface
    public interface Refusal {
        /**
         * Throws what a status means.
         *
         * @param status of the answer that was no upgrade
         */
        void check(int status) throws DriverException;
    }

    /**
     * Opens a WebSocket within the time limit.
     *
     * @param refusal asked what a refusal means; when it throws nothing, that is of kind PROTOCOL
     */
    public WebSocket webSocket(String target, WebSocket.Listener listener, Refusal refusal) throws DriverException {
        URI uri = URI.create(base.toString().replaceFirst("^http", "ws") + target);
        for (int tries = 1; ; tries++) {
            requireOpen();
            WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(Duration.ofMillis(timeoutMs));
            logins.authorization("GET", target).ifPresent(value -> builder.header("Authorization", value));
            try {
                CompletableFuture<WebSocket> opening = builder.buildAsync(uri, listener);
                try {
                    return awaitRaw(opening, timeoutMs);
                } catch (DriverException late) {
                    opening.thenAccept(WebSocket::abort); // one that opens after all would take a place on the device
                    throw late;
                }
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof WebSocketHandshakeException refused)
                        || refused.getResponse() == null) {
                    throw trouble(failed.getCause());
                }
                int status = refused.getResponse().statusCode();
                if (status == 401
                        && tries < TRIES_MAX
                        && logins.mayTryAgain(target, refused.getResponse().headers())) {
                    continue;
                }
                refusal.check(status == 200 || status == 204 ? 500 : status);
                throw new DriverException(Kind.PROTOCOL, "The camera refuses a WebSocket for events.", failed);
            }
        }
    }

    /** Waits for what a client does; failures become those of this contract. */
    public <T> T await(CompletableFuture<T> future, long waitMs) throws DriverException {
        try {
            return awaitRaw(future, waitMs);
        } catch (ExecutionException failed) {
            throw trouble(failed.getCause());
        } catch (DriverException late) {
            future.cancel(true);
            throw late;
        }
    }

    private <T> T awaitRaw(CompletableFuture<T> future, long waitMs) throws DriverException, ExecutionException {
        try {
            return future.get(waitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw late(late);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.UNREACHABLE, "The call was given up.", stop);
        }
    }

    /** {@return what a login that was refused is} */
    public DriverException loginTrouble() {
        return new DriverException(
                Kind.AUTH,
                logins.areThere()
                        ? "The camera refuses the user name or the password; correct them."
                        : "The camera asks for a login; enter a user name and a password.");
    }

    DriverException late(Throwable cause) {
        return new DriverException(Kind.UNREACHABLE, "The camera does not answer within " + timeoutMs + " ms.", cause);
    }

    /** {@return what went wrong, as a failure of this contract} */
    DriverException trouble(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (isAbout(cause, CertificateException.class)) {
            return new DriverException(
                    Kind.CONFIG,
                    "This server does not trust the camera's certificate; let it, or set tlsVerify to false.",
                    cause);
        }
        if (cause instanceof HttpTimeoutException) {
            return late(cause);
        }
        if (cause instanceof ProtocolException || text(cause).startsWith("Invalid")) {
            return new DriverException(
                    Kind.PROTOCOL, "The camera does not speak HTTP as it should: " + text(cause) + ".", cause);
        }
        if (cause instanceof BoundedBody.TooLong) {
            return new DriverException(
                    Kind.PROTOCOL, "The camera does not keep to bounds: " + text(cause) + ".", cause);
        }
        // Refused, reset, broken off, within TLS or not: the network's, or a camera's that starts anew.
        return new DriverException(
                Kind.UNREACHABLE,
                "The camera at " + base.getHost() + " cannot be reached; check address and network.",
                cause);
    }

    private static boolean isAbout(Throwable cause, Class<? extends Throwable> kind) {
        int depth = 0;
        for (Throwable each = cause; each != null && depth < CAUSES_MAX; each = each.getCause(), depth++) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    /** What an exception says, which may hold bytes of the camera's. */
    private static String text(Throwable cause) {
        return words(String.valueOf(cause.getMessage()));
    }

    /** {@return what a camera said, fit for a message: short and printable} */
    public static String words(String said) {
        String start = said.length() <= WORDS_MAX ? said : said.substring(0, WORDS_MAX) + "...";
        return start.replaceAll("[^ -~]", "?");
    }
}
