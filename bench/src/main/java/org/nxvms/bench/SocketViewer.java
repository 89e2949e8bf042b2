// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.itests.harness.Api;

/** Watches over a WebSocket. */
final class SocketViewer implements LiveViewer, WebSocket.Listener {
    private final long beginNs = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong pictures = new AtomicLong();
    private final WebSocket socket;
    private volatile double firstPictureMs = -1;
    private volatile boolean initialised;
    private volatile String trouble = "";

    SocketViewer(HttpClient client, Api api, String camera) {
        URI address = URI.create(api.base().replace("http:", "ws:") + "/ws/v1/live/" + camera + "?stream=main");
        socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + api.token())
                .buildAsync(address, this)
                .join();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        bytes.addAndGet(data.remaining());
        if (last && !initialised) {
            // The first one says how the others are decoded.
            initialised = true;
        } else if (last && pictures.getAndIncrement() == 0) {
            firstPictureMs = (System.nanoTime() - beginNs) / 1e6;
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        trouble = "the socket was closed: " + code + " " + reason;
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
        trouble = "the socket failed: " + cause;
    }

    @Override
    public double firstPictureMs() {
        require();
        return firstPictureMs;
    }

    @Override
    public long pictures() {
        require();
        return pictures.get();
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    private void require() {
        if (!trouble.isEmpty()) {
            throw new AssertionError(trouble);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
