// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.kit.http.StreamBody;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Requests of one session to one camera, and what its statuses mean. One thread at a time. */
final class AxisHttp {
    static final int TEXT_MAX = 1 << 20;

    /** Each camera has it, and each user may see it. */
    private static final String ASK_BRAND = "/axis-cgi/param.cgi?action=list&group=Brand.Brand";

    /** Twenty minutes of G.711: cameras want to be told a length. */
    private static final long UPLOAD_BYTES = 9_999_999;

    private final DeviceHttp http;
    /** Whether this login has been let in before, so that a refusal is about a right. */
    private boolean accepted;

    AxisHttp(DeviceHttp http) {
        this.http = http;
    }

    URI base() {
        return http.base();
    }

    int timeoutMs() {
        return http.timeoutMs();
    }

    void close() {
        http.close();
    }

    void requireOpen() throws DriverException {
        http.requireOpen();
    }

    /** {@return completed after a time}, on a thread that must not be held up; whoever does not want it any more cancels it */
    CompletableFuture<Void> after(long ms) {
        return http.after(ms);
    }

    /** {@return who runs what comes from the network} */
    Executor executor() {
        return http.executor();
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
        return exchange(Ask.get(target), most);
    }

    /** Calls a method of one of the newer interfaces; {@return its {@code data}}. */
    Object call(String target, String method, Object params) throws DriverException {
        Ask ask = Ask.post(
                target, "application/json", HttpRequest.BodyPublishers.ofString(JsonTree.call(method, params)));
        String text = new String(exchange(ask, TEXT_MAX), StandardCharsets.UTF_8);
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

    private byte[] exchange(Ask ask, int most) throws DriverException {
        HttpResponse<byte[]> response = http.exchange(ask, most);
        check(response.statusCode(), ask.target());
        accepted = true;
        return response.body();
    }

    /** Begins to fetch something of any length. */
    StreamBody stream(String target) throws DriverException {
        HttpResponse<StreamBody> response = http.stream(target);
        if (response.statusCode() != 200) {
            response.body().close();
            check(response.statusCode() == 204 ? 500 : response.statusCode(), target);
        }
        return response.body();
    }

    /**
     * Begins to send something that has no end; returns when the camera lets it. Whether it does is asked with an empty body
     * first: the JDK's client does not look at an answer while it sends, nor at one that is not 100 (JDK 17).
     *
     * @return its answer, once it has had enough
     */
    CompletableFuture<HttpResponse<Void>> upload(String target, String contentType, FramePipe pipe)
            throws DriverException {
        exchange(Ask.post(target, contentType, HttpRequest.BodyPublishers.noBody()), TEXT_MAX);
        HttpRequest request = http.request("POST", target)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.fromPublisher(pipe, UPLOAD_BYTES))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.send(request);
        try {
            http.await(CompletableFuture.anyOf(answer, pipe.wanted()), timeoutMs());
            if (answer.isDone()) {
                int status = http.await(answer, timeoutMs()).statusCode();
                check(status < 300 ? 503 : status, target);
            }
        } catch (DriverException refused) {
            pipe.close();
            answer.cancel(true);
            throw refused;
        }
        return answer;
    }

    private void check(int status, String target) throws DriverException {
        String path = target.replaceAll("\\?.*", "");
        switch (status) {
            case 200, 204 -> {}
            case 401 -> throw mayLookAtAll(target) ? noRight(Kind.UNSUPPORTED, path) : http.loginTrouble();
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

    /** Opens a WebSocket within the time limit. */
    WebSocket webSocket(String target, WebSocket.Listener listener) throws DriverException {
        return http.webSocket(target, listener, status -> check(status, target));
    }

    /** {@return what a camera said, fit for a message: short and printable} */
    static String words(String said) {
        return DeviceHttp.words(said);
    }
}
