// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;

/** Where devices deliver, as the platform has it, for one device: one path, which the newest inbox has. */
final class TestDoor implements PushEndpoints, AutoCloseable {
    private static final String SECRET = "/push/secret";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Inbox current;
    /** How often a thread was to wait for a delivery. */
    final AtomicInteger waits = new AtomicInteger();
    /** How often something was delivered. */
    final AtomicInteger deliveries = new AtomicInteger();

    TestDoor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(SECRET, this::take);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + SECRET);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            deliveries.incrementAndGet();
            Delivered delivered =
                    new Delivered(exchange.getRequestURI().toString().substring(SECRET.length()), body);
            Inbox inbox = current;
            boolean taken = inbox != null && inbox.offer(delivered);
            int status = taken && delivered.answered.await(30, TimeUnit.SECONDS) ? delivered.status : 503;
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public PushInbox http(DeviceTarget device, String purpose, PushLimits limits) {
        Inbox before = current;
        if (before != null) {
            before.close();
        }
        current = new Inbox();
        return current;
    }

    @Override
    public PushPort tcp(DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
        throw new DriverException(Kind.BUSY, "no ports here");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private final class Inbox implements PushInbox {
        private final BlockingQueue<Delivered> waiting = new LinkedBlockingQueue<>();
        private CompletableFuture<Void> arrival = new CompletableFuture<>();
        private volatile boolean closed;

        private synchronized boolean offer(Delivered delivered) {
            boolean taken = !closed && waiting.offer(delivered);
            arrival.complete(null);
            return taken;
        }

        @Override
        public synchronized CompletionStage<Void> arrival() {
            if (arrival.isDone() && waiting.isEmpty() && !closed) {
                arrival = new CompletableFuture<>();
            }
            return arrival;
        }

        @Override
        public URI address() {
            return TestDoor.this.address();
        }

        @Override
        public Optional<Request> next(int waitMs) throws DriverException, InterruptedException {
            waits.addAndGet(waitMs > 0 ? 1 : 0);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (!closed) {
                Delivered next = waiting.poll(Math.min(20, waitMs), TimeUnit.MILLISECONDS);
                if (next != null || System.nanoTime() - end >= 0) {
                    return Optional.ofNullable(next);
                }
            }
            throw new DriverException(Kind.CLOSED, "The endpoint has been closed.");
        }

        @Override
        public synchronized void close() {
            closed = true;
            arrival.complete(null);
        }
    }

    private static final class Delivered implements PushInbox.Request {
        private final String path;
        private final byte[] body;
        private final CountDownLatch answered = new CountDownLatch(1);
        private volatile int status;

        Delivered(String path, byte[] body) {
            this.path = path;
            this.body = body;
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public byte[] body() {
            return body.clone();
        }

        @Override
        public boolean answer(int newStatus, String contentType, byte[] answer) {
            status = newStatus;
            answered.countDown();
            return true;
        }
    }
}
