package ${package};

import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;

/** Requests of one session: logged in (Digest), each call within the time limit, answers bounded. One thread at a time. */
final class DeviceHttp {
    private static final int TEXT_MAX = 1 << 20;
    private static final int TRIES_MAX = 3;

    private final DeviceClient client;
    private final URI base;
    private final Optional<RtspAuthenticator> login;
    private final int timeoutMs;
    private volatile boolean closed;

    DeviceHttp(DeviceClient client, URI base, Optional<Credentials> credentials, int timeoutMs) {
        this.client = client;
        this.base = base;
        this.login = credentials.map(given -> new RtspAuthenticator(given.username(), given.password(), given.digestOnly()));
        this.timeoutMs = timeoutMs;
    }

    String host() {
        return base.getHost();
    }

    void close() {
        closed = true;
    }

    void requireOpen() throws DriverException {
        if (closed) {
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
    }

    String text(String target) throws DriverException {
        return text(target, timeoutMs);
    }

    String text(String target, int withinMs) throws DriverException {
        return new String(bytes(target, TEXT_MAX, withinMs), StandardCharsets.UTF_8);
    }

    byte[] bytes(String target, int most) throws DriverException {
        return bytes(target, most, timeoutMs);
    }

    private byte[] bytes(String target, int most, int withinMs) throws DriverException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
        for (int tries = 1; ; tries++) {
            requireOpen();
            long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(base.resolve(target)).timeout(Duration.ofMillis(leftMs));
            login.flatMap(known -> known.authorization("GET", target))
                    .ifPresent(value -> request.header("Authorization", value));
            HttpResponse<byte[]> response = exchange(request.build(), most, leftMs);
            if (response.statusCode() == 401 && tries < TRIES_MAX && mayTryAgain(response)) {
                continue;
            }
            check(response);
            login.ifPresent(known -> known.accepted(RtspHeaders.EMPTY));
            return response.body();
        }
    }

    private boolean mayTryAgain(HttpResponse<?> response) {
        RtspHeaders asked = RtspHeaders.EMPTY;
        for (String value : response.headers().allValues("WWW-Authenticate").stream().limit(4).toList()) {
            asked = asked.with("WWW-Authenticate", value);
        }
        return login.isPresent() && login.get().challenged(asked);
    }

    private static void check(HttpResponse<byte[]> response) throws DriverException {
        int status = response.statusCode();
        switch (status) {
            case 200, 204 -> {}
            case 401, 403 ->
                throw new DriverException(Kind.AUTH, "The camera refuses the user name or the password; correct them.");
            case 503 -> throw new DriverException(Kind.BUSY, "The camera is busy (503); it is asked again later.");
            default -> throw new DriverException(Kind.PROTOCOL, "The camera answers with status " + status + reason(response.body()));
        }
    }

    /** {@return what the camera says about it, if that can be read} */
    private static String reason(byte[] body) {
        String said = new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
        return said.matches("[ -~]{1,200}") && !said.startsWith("<") ? ": " + said : ".";
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, int most, long leftMs) throws DriverException {
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer = client.get().sendAsync(request, head -> new BoundedBody(most));
        } catch (RejectedExecutionException stopped) {
            throw new DriverException(Kind.CLOSED, "The driver has been stopped.", stopped);
        }
        try {
            return answer.get(leftMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new DriverException(Kind.UNREACHABLE, "The camera does not answer in time; check address and network.");
        } catch (InterruptedException stop) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.UNREACHABLE, "The call was given up.");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            boolean answered = cause instanceof ProtocolException || cause instanceof BoundedBody.TooLong;
            if (answered && !(cause instanceof HttpTimeoutException)) {
                throw new DriverException(Kind.PROTOCOL, "The camera does not speak HTTP as it should.");
            }
            throw new DriverException(Kind.UNREACHABLE, "The camera cannot be reached; check address and network.");
        }
    }
}
