// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;

/** Requests of one session to one camera: logged in, within the session's time limit, answers bounded. One thread at a time. */
final class AxisHttp {
    static final int TEXT_MAX = 1 << 20;
    /** The first try, one with a login, one for a nonce that was found stale. */
    private static final int TRIES_MAX = 3;

    /** Each camera has it, and each user may see it. */
    private static final String ASK_BRAND = "/axis-cgi/param.cgi?action=list&group=Brand.Brand";

    /** Twenty minutes of G.711: cameras want to be told a length. */
    private static final long UPLOAD_BYTES = 9_999_999;

    private static final int CAUSES_MAX = 10;
    private static final int WORDS_MAX = 80;

    /** What is sent. */
    private record Content(Optional<String> type, HttpRequest.BodyPublisher body) {
        static final Content NONE = new Content(Optional.empty(), HttpRequest.BodyPublishers.noBody());

        static Content of(String type, HttpRequest.BodyPublisher body) {
            return new Content(Optional.of(type), body);
        }
    }

    private final HttpClient client;
    private final URI base;
    private final Optional<RtspAuthenticator> login;
    private final int timeoutMs;
    private volatile boolean closed;
    /** Whether this login has been let in before, so that a refusal is about a right. */
    private boolean accepted;

    AxisHttp(HttpClient client, URI base, Optional<Credentials> credentials, int timeoutMs) {
        this.client = client;
        this.base = base;
        this.login = credentials.map(given -> new RtspAuthenticator(given.username(), given.password()));
        this.timeoutMs = timeoutMs;
    }

    URI base() {
        return base;
    }

    int timeoutMs() {
        return timeoutMs;
    }

    void close() {
        closed = true;
    }

    void requireOpen() throws DriverException {
        if (closed) {
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
        // Sessions may outlive the driver by a moment, and a client without workers throws what is no DriverException.
        if (client.executor().orElse(null) instanceof ExecutorService workers && workers.isShutdown()) {
            throw new DriverException(Kind.CLOSED, "The driver has been stopped.");
        }
    }

    /**
     * A part that does not answer does not mean that the camera is away: it is asked for something that each has.
     *
     * @throws DriverException the part's, when the session is closed; the camera's own, when that is away too
     */
    void requireThere(DriverException part) throws DriverException {
        if (part.kind() == Kind.CLOSED) {
            throw part;
        }
        if (part.kind() == Kind.UNREACHABLE) {
            text(ASK_BRAND);
        }
    }

    /** {@return the text that a GET is answered with; empty for 204} */
    String text(String target) throws DriverException {
        return new String(bytes(target, TEXT_MAX), StandardCharsets.UTF_8);
    }

    byte[] bytes(String target, int most) throws DriverException {
        return exchange("GET", target, Content.NONE, most);
    }

    /** Calls a method of one of the newer interfaces; {@return its {@code data}}. */
    Object call(String target, String method, Object params) throws DriverException {
        Content body =
                Content.of("application/json", HttpRequest.BodyPublishers.ofString(JsonTree.call(method, params)));
        String text = new String(exchange("POST", target, body, TEXT_MAX), StandardCharsets.UTF_8);
        try {
            Object answer = JsonTree.parse(text);
            if (JsonTree.map(answer).containsKey("error")) {
                throw new DriverException(
                        Kind.UNSUPPORTED,
                        "The camera refuses " + method + ": " + words(JsonTree.text(answer, "error", "message"))
                                + " (code " + words(JsonTree.text(answer, "error", "code")) + ").");
            }
            return JsonTree.at(answer, "data");
        } catch (IOException notJson) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The camera's answer to " + method + " is no JSON: " + notJson.getMessage() + ".",
                    notJson);
        }
    }

    private byte[] exchange(String method, String target, Content content, int most) throws DriverException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (int tries = 1; ; tries++) {
            requireOpen();
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(target))
                    .method(method, content.body())
                    .timeout(Duration.ofMillis(leftMs));
            content.type().ifPresent(type -> request.header("Content-Type", type));
            authorize(request, method, target);
            HttpResponse<byte[]> response =
                    await(client.sendAsync(request.build(), head -> new BoundedBody(most)), leftMs);
            if (response.statusCode() == 401 && tries < TRIES_MAX && mayTryAgain(response.headers())) {
                continue;
            }
            check(response.statusCode(), target);
            accepted = true;
            login.ifPresent(known -> known.accepted(headers(response.headers())));
            return response.body();
        }
    }

    /** Begins to fetch something of any length. */
    StreamBody stream(String target) throws DriverException {
        for (int tries = 1; ; tries++) {
            requireOpen();
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(base.resolve(target)).timeout(Duration.ofMillis(timeoutMs));
            authorize(request, "GET", target);
            HttpResponse<StreamBody> response = await(
                    client.sendAsync(
                            request.build(),
                            head -> new StreamBody(
                                    head.headers().firstValue("Content-Type").orElse(""))),
                    timeoutMs);
            if (response.statusCode() == 200) {
                login.ifPresent(known -> known.accepted(headers(response.headers())));
                return response.body();
            }
            response.body().close();
            if (response.statusCode() != 401 || tries >= TRIES_MAX || !mayTryAgain(response.headers())) {
                check(response.statusCode() == 204 ? 500 : response.statusCode(), target);
            }
        }
    }

    /**
     * Begins to send something that has no end; returns when the camera lets it. Whether it does is asked with an empty body
     * first: the JDK's client does not look at an answer while it sends, nor at one that is not 100 (JDK 17).
     *
     * @return its answer, once it has had enough
     */
    CompletableFuture<HttpResponse<Void>> upload(String target, String contentType, FramePipe pipe)
            throws DriverException {
        exchange("POST", target, Content.of(contentType, HttpRequest.BodyPublishers.noBody()), TEXT_MAX);
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(target))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.fromPublisher(pipe, UPLOAD_BYTES));
        authorize(request, "POST", target);
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            await(CompletableFuture.anyOf(answer, pipe.wanted()), timeoutMs);
            if (answer.isDone()) {
                int status = await(answer, timeoutMs).statusCode();
                check(status < 300 ? 503 : status, target);
            }
        } catch (DriverException refused) {
            pipe.close();
            answer.cancel(true);
            throw refused;
        }
        return answer;
    }

    private void authorize(HttpRequest.Builder request, String method, String target) {
        login.flatMap(known -> known.authorization(method, target))
                .ifPresent(value -> request.header("Authorization", value));
    }

    /** {@return who runs what comes from the network} */
    Executor executor() {
        return client.executor().orElseThrow();
    }

    private boolean mayTryAgain(HttpHeaders headers) {
        return login.isPresent() && login.get().challenged(headers(headers));
    }

    private static RtspHeaders headers(HttpHeaders from) {
        RtspHeaders headers = RtspHeaders.EMPTY;
        for (String name : new String[] {"WWW-Authenticate", "Authentication-Info"}) {
            for (String value :
                    from.allValues(name).stream().limit(RtspHeaders.LINES_MAX).toList()) {
                headers = headers.with(name, value);
            }
        }
        return headers;
    }

    private void check(int status, String target) throws DriverException {
        String path = target.replaceAll("\\?.*", "");
        switch (status) {
            case 200, 204 -> {}
            case 401 -> throw mayLookAtAll(target) ? noRight(Kind.UNSUPPORTED, path) : loginTrouble();
            case 403 -> throw noRight(target.equals(AxisFacts.ASK) ? Kind.AUTH : Kind.UNSUPPORTED, path);
            case 404 ->
                throw new DriverException(
                        Kind.UNSUPPORTED, "The camera has no " + path + "; is it one of Axis, with current firmware?");
            case 503 -> throw new DriverException(Kind.BUSY, "The camera is busy (503); it is asked again later.");
            default ->
                throw new DriverException(Kind.PROTOCOL, "The camera answers " + path + " with status " + status + ".");
        }
    }

    /** Cameras say 401 to a right that is not held, too: whoever was let in before is asked for what everybody may see. */
    private boolean mayLookAtAll(String target) throws DriverException {
        if (!accepted || target.equals(ASK_BRAND)) {
            return false;
        }
        try {
            text(ASK_BRAND);
            return true;
        } catch (DriverException refused) {
            if (refused.kind() == Kind.AUTH) {
                return false;
            }
            throw refused;
        }
    }

    /** UNSUPPORTED keeps the session: what the user may do goes on. */
    private static DriverException noRight(Kind kind, String path) {
        return new DriverException(kind, "The camera's user has no right to " + path + "; use one with more rights.");
    }

    private DriverException loginTrouble() {
        return new DriverException(
                Kind.AUTH,
                login.isPresent()
                        ? "The camera refuses the user name or the password; correct them."
                        : "The camera asks for a login; enter a user name and a password.");
    }

    /** Opens a WebSocket within the time limit. */
    WebSocket webSocket(String target, WebSocket.Listener listener) throws DriverException {
        URI uri = URI.create(base.toString().replaceFirst("^http", "ws") + target);
        for (int tries = 1; ; tries++) {
            requireOpen();
            WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(Duration.ofMillis(timeoutMs));
            login.flatMap(known -> known.authorization("GET", target))
                    .ifPresent(value -> builder.header("Authorization", value));
            try {
                CompletableFuture<WebSocket> opening = builder.buildAsync(uri, listener);
                try {
                    return awaitRaw(opening, timeoutMs);
                } catch (DriverException late) {
                    opening.thenAccept(WebSocket::abort); // one that opens after all would take a place on the camera
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
                        && mayTryAgain(refused.getResponse().headers())) {
                    continue;
                }
                check(status == 200 || status == 204 ? 500 : status, target);
                throw new DriverException(Kind.PROTOCOL, "The camera refuses a WebSocket for events.", failed);
            }
        }
    }

    private <T> T await(CompletableFuture<T> future, long waitMs) throws DriverException {
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
            throw new DriverException(
                    Kind.UNREACHABLE, "The camera does not answer within " + timeoutMs + " ms.", late);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.UNREACHABLE, "The call was given up.", stop);
        }
    }

    private DriverException trouble(Throwable cause) {
        if (isAbout(cause, CertificateException.class)) {
            return new DriverException(
                    Kind.CONFIG,
                    "This server does not trust the camera's certificate; let it, or set tlsVerify to false.",
                    cause);
        }
        if (cause instanceof HttpTimeoutException) {
            return new DriverException(
                    Kind.UNREACHABLE, "The camera does not answer within " + timeoutMs + " ms.", cause);
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
    static String words(String said) {
        String start = said.length() <= WORDS_MAX ? said : said.substring(0, WORDS_MAX) + "...";
        return start.replaceAll("[^ -~]", "?");
    }
}
