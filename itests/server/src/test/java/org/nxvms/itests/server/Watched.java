// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;

/** A WebSocket of the server, until it is closed. */
final class Watched implements WebSocket.Listener {
    private static final int SECONDS_MAX = 60;

    private final CompletableFuture<Boolean> pictures = new CompletableFuture<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    private Watched() {}

    /** @param token empty for nobody; {@return a socket, or one that was closed with the status that refused it} */
    static Watched open(Api api, String path, String token) {
        return open(HttpClient.newHttpClient(), api.base().replace("http:", "ws:") + path, token);
    }

    /** As {@link #open(Api, String, String)}, with a client and an address of one's own. */
    static Watched open(HttpClient client, String uri, String token) {
        Watched watched = new Watched();
        WebSocket.Builder socket = client.newWebSocketBuilder();
        if (!token.isEmpty()) {
            socket.header("Authorization", "Bearer " + token);
        }
        try {
            socket.buildAsync(URI.create(uri), watched).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof WebSocketHandshakeException refused)) {
                throw e;
            }
            watched.closed.complete(Integer.toString(refused.getResponse().statusCode()));
        }
        return watched;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        pictures.complete(true);
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.completeExceptionally(error);
    }

    void awaitPictures() throws Exception {
        pictures.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** {@return code and reason of the close, or the HTTP status of the refused upgrade} */
    String awaitClose() throws Exception {
        return closed.get(SECONDS_MAX, TimeUnit.SECONDS);
    }
}
