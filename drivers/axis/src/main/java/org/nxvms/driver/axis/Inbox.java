// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * Texts of a WebSocket until they are read. When it is full no more are taken from the network, so that a camera that
 * storms waits for its reader. Written by the client's thread, read by one other.
 */
final class Inbox implements WebSocket.Listener {
    private static final int TEXTS_MAX = 500;
    private static final int TEXT_MAX = 256 << 10;
    /** Of all texts that wait. */
    private static final int CHARS_MAX = 1 << 20;

    private final Queue<String> texts = new ArrayDeque<>();
    private final StringBuilder part = new StringBuilder();
    private int chars;
    private WebSocket waiting;
    private DriverException end;
    private long heardNano = System.nanoTime();
    private CompletableFuture<Void> arrival = new CompletableFuture<>();

    @Override
    public synchronized CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        heardNano = System.nanoTime();
        if (part.length() + data.length() > TEXT_MAX) {
            end(Kind.PROTOCOL, "The camera's event stream holds a text longer than " + TEXT_MAX + " characters.");
            socket.abort();
            return null;
        }
        part.append(data);
        if (last) {
            texts.add(part.toString());
            chars += part.length();
            part.setLength(0);
            notifyAll();
            arrival.complete(null);
        }
        if (texts.size() < TEXTS_MAX && chars < CHARS_MAX) {
            socket.request(1);
        } else {
            waiting = socket;
        }
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        socket.request(1);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        heardNano = System.nanoTime();
        socket.request(1);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        end(Kind.UNREACHABLE, "The camera has ended its event stream (" + status + "); it is opened anew.");
        return null;
    }

    @Override
    public synchronized void onError(WebSocket socket, Throwable error) {
        end(Kind.UNREACHABLE, "The camera's event stream broke off; it is opened anew.");
    }

    synchronized void close() {
        end(Kind.CLOSED, "The event stream has been closed.");
    }

    private void end(Kind kind, String message) {
        if (end == null) {
            end = new DriverException(kind, message);
            notifyAll();
            arrival.complete(null);
        }
    }

    synchronized long heardNano() {
        return heardNano;
    }

    /**
     * {@return completed when a text waits, or there will be none any more} The same until then. What depends on it directly runs
     * on the client's thread.
     */
    synchronized CompletableFuture<Void> arrival() {
        if (arrival.isDone() && texts.isEmpty() && end == null) {
            arrival = new CompletableFuture<>();
        }
        return arrival;
    }

    /**
     * Waits for a text.
     *
     * @return null when there was none in time
     * @throws DriverException when there will be none any more
     */
    synchronized String poll(long waitMs) throws DriverException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (texts.isEmpty()) {
            if (end != null) {
                throw end;
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (leftMs <= 0) {
                return null;
            }
            wait(leftMs);
        }
        return take();
    }

    /**
     * {@return a text; null when none waits}
     *
     * @throws DriverException when there will be none any more
     */
    synchronized String take() throws DriverException {
        if (texts.isEmpty()) {
            if (end != null) {
                throw end;
            }
            return null;
        }
        String text = texts.remove();
        chars -= text.length();
        WebSocket full = waiting;
        if (full != null) {
            // Forgotten first: the client may hand the next text over within this call, which may fill this again.
            waiting = null;
            full.request(1);
        }
        return text;
    }
}
