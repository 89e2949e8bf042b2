// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the servlets: collects whole messages, and how it ended. */
final class TestSocket implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> binaries = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    volatile String closeReason = "";
    private boolean deaf;
    private boolean owed;
    WebSocket socket;

    /** {@return the next message, text or bytes, in the order they came} */
    Object next() throws InterruptedException {
        return all.poll(30, TimeUnit.SECONDS);
    }

    /** Asks for no more messages, or for the one that it did not ask for. */
    void deaf(boolean now) {
        synchronized (this) {
            deaf = now;
            if (!now && owed) {
                owed = false;
                socket.request(1);
            }
        }
    }

    private synchronized void ask(WebSocket from) {
        owed = deaf;
        if (!deaf) {
            from.request(1);
        }
    }

    String text() throws InterruptedException {
        return texts.poll(30, TimeUnit.SECONDS);
    }

    ByteBuffer binary() throws InterruptedException {
        return binaries.poll(30, TimeUnit.SECONDS);
    }

    int closeCode() throws InterruptedException {
        Integer code = closed.poll(30, TimeUnit.SECONDS);
        return code == null ? -1 : code;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            all.add(text.toString());
            text.setLength(0);
        }
        ask(from);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            binaries.add(ByteBuffer.wrap(binary.toByteArray()));
            all.add(ByteBuffer.wrap(binary.toByteArray()));
            binary.reset();
        }
        ask(from);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeReason = reason;
        closed.add(code);
        return null;
    }
}
