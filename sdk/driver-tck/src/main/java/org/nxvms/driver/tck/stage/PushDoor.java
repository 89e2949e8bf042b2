// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** The platform's push endpoints in small: paths of a web server on this machine, those of each bundle for itself. */
final class PushDoor implements ServiceFactory<PushEndpoints>, AutoCloseable {
    private static final String PATH = "/push/v1/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tck-push");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, PushDelivery> inboxes = new ConcurrentHashMap<>();
    private final Map<Bundle, OfBundle> endpoints = new ConcurrentHashMap<>();

    PushDoor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(PATH, this::take);
        server.start();
    }

    /** Endpoints of one bundle. */
    private final class OfBundle implements PushEndpoints {
        private final String driver;
        private final List<PushDelivery> opened = new CopyOnWriteArrayList<>();
        private volatile boolean gone;

        OfBundle(String driver) {
            this.driver = driver;
        }

        @Override
        public PushInbox http(DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
            if (gone) {
                throw new DriverException(Kind.CLOSED, "The driver's bundle has gone.");
            }
            // The same for the same device and purpose, as it is at a server.
            String token = UUID.nameUUIDFromBytes(
                            (driver + "\n" + device.address() + "\n" + purpose).getBytes(StandardCharsets.UTF_8))
                    .toString();
            InetSocketAddress at = server.getAddress();
            URI address = URI.create("http://127.0.0.1:" + at.getPort() + PATH + token);
            PushDelivery inbox = new PushDelivery(address, limits, its -> inboxes.remove(token, its));
            PushDelivery before = inboxes.put(token, inbox);
            if (before != null) {
                before.close();
            }
            opened.add(inbox);
            return inbox;
        }

        @Override
        public PushPort tcp(DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
            throw new DriverException(Kind.CONFIG, "The conformance kit has no TCP ports for devices.");
        }
    }

    @Override
    public PushEndpoints getService(Bundle user, ServiceRegistration<PushEndpoints> registration) {
        OfBundle its = new OfBundle(user.getSymbolicName() + " " + user.getBundleId());
        endpoints.put(user, its);
        return its;
    }

    @Override
    public void ungetService(Bundle user, ServiceRegistration<PushEndpoints> registration, PushEndpoints service) {
        OfBundle its = (OfBundle) service;
        its.gone = true;
        its.opened.forEach(PushDelivery::close);
        // A bundle that is kept keeps its classes.
        endpoints.remove(user, its);
    }

    /** {@return where devices can deliver to a bundle at this moment} */
    List<URI> open(Bundle user) {
        OfBundle its = endpoints.get(user);
        return its == null
                ? List.of()
                : its.opened.stream()
                        .filter(inbox -> !inbox.isClosed())
                        .map(PushDelivery::used)
                        .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String behind = exchange.getRequestURI().toString().substring(PATH.length());
            int end = behind.split("[/?]", 2)[0].length();
            PushDelivery inbox = inboxes.get(behind.substring(0, end));
            if (inbox == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(inbox.limits().bytesMax() + 1);
            if (body.length > inbox.limits().bytesMax()) {
                exchange.sendResponseHeaders(413, -1);
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
            PushDelivery.Answer answer =
                    inbox.deliver(exchange.getRequestMethod(), behind.substring(end), headers, body);
            if (!answer.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(answer.body());
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
