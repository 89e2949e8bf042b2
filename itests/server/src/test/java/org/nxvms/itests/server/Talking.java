// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.itests.harness.Api;

/** Somebody who talks through a camera, in G.711: 20 ms a message. */
final class Talking implements WebSocket.Listener {
    static final int FRAME_BYTES = 160;
    private static final long FRAME_NS = 20_000_000;
    private static final int SECONDS_MAX = 60;

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private WebSocket socket;

    private Talking() {}

    /** {@return somebody whom the server has told to begin} */
    static Talking begun(Api user, String camera) throws Exception {
        Talking talking = new Talking();
        talking.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + user.token())
                .buildAsync(
                        URI.create(user.base().replace("http:", "ws:") + "/ws/v1/talk/" + camera + "?codec=pcmu"),
                        talking)
                .get(SECONDS_MAX, TimeUnit.SECONDS);
        String first = talking.texts.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (first == null || !first.contains("talking")) {
            throw new AssertionError("a talk begins with " + first + ", closed: " + talking.closed);
        }
        return talking;
    }

    /** Says one frame, all of the same byte. */
    void say(int sound) throws Exception {
        byte[] frame = new byte[FRAME_BYTES];
        Arrays.fill(frame, (byte) sound);
        socket.sendBinary(ByteBuffer.wrap(frame), true).get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** Talks without end; {@return with which code and reason the server closed} */
    String sayAll() throws Exception {
        for (int i = 0; !closed.isDone() && !socket.isOutputClosed(); i++) {
            try {
                say(i);
            } catch (ExecutionException e) {
                // The socket was closed meanwhile, which is told below, or broke, which is an error there.
                break;
            }
            LockSupport.parkNanos(FRAME_NS);
        }
        return closed.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    void end() throws Exception {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        texts.add(data.toString());
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }
}
