// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.events.fake.House.CAMERA;
import static org.nxvms.events.fake.House.fact;
import static org.nxvms.events.fake.House.until;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.nxvms.events.EventBus;
import org.nxvms.events.fake.House;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.TestCamera;

/** Events over HTTP, on the distribution's engine and web server, asked with tokens. */
final class EventsServer {
    static final UUID HIDDEN = new UUID(1, 2);
    /** A client that takes nothing for so long is let go. */
    static final long STALL_NS_MAX = TimeUnit.MINUTES.toNanos(10);
    /** What the kernel may keep for a client that reads nothing. */
    private static final int SEND_BUFFER_BYTES = 65_536;

    private final Path folder;
    final MemoryStore store = new MemoryStore();
    final Set<String> expired = ConcurrentHashMap.newKeySet();

    /** Of these the session goes on when the token has ended. */
    final Set<String> refreshed = ConcurrentHashMap.newKeySet();

    /** More cameras than one filter takes, once there are some. */
    final List<UUID> many = new CopyOnWriteArrayList<>();

    /** Whom the guard was asked about again. */
    final Set<String> checked = ConcurrentHashMap.newKeySet();

    /** Time that clients of the stream believe to have passed. */
    final AtomicLong passedNs = new AtomicLong();

    final HttpClient client = HttpClient.newHttpClient();
    final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    /** However long this machine stands still, a client that reads is not given up, unless time is let pass. */
    final StreamServlet stream = new StreamServlet(new Follower.Pace(
            TimeUnit.SECONDS.toNanos(15),
            STALL_NS_MAX,
            TimeUnit.MILLISECONDS.toNanos(50),
            TimeUnit.MINUTES.toNanos(10),
            () -> System.nanoTime() + passedNs.get()));

    private final Guard guard = new Guard();
    EventBus bus;
    URI base;
    int port;

    /**
     * Tokens: admin may all; operator may not manage users; viewer may see events of all cameras but the hidden one; patrol
     * those of the many.
     */
    private final class Guard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            String token = token(request);
            if (expired.contains(token)
                    || !Set.of("admin", "operator", "viewer", "short", "patrol").contains(token)) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in.");
            }
            return user(token);
        }

        @Override
        public AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
            String token = token(request);
            checked.add(token);
            return refreshed.contains(token) ? user(token) : authenticate(request);
        }

        private static String token(RequestCredentials request) {
            return request.authorization().orElse("").replace("Bearer ", "");
        }

        private static AuthenticatedUser user(String token) {
            return new AuthenticatedUser(new UUID(0, token.hashCode()), token, token, false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            boolean patrols = permission == Permission.VIEW_EVENTS
                    && cameraId.map(many::contains).orElse(true);
            if (user.role().equals("patrol") && !patrols) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
            }
            boolean viewer = user.role().equals("viewer");
            boolean operatorOfUsers = user.role().equals("operator") && permission == Permission.MANAGE_USERS;
            if (operatorOfUsers
                    || viewer
                            && (permission != Permission.VIEW_EVENTS
                                    || cameraId.filter(HIDDEN::equals).isPresent())) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
            }
        }
    }

    EventsServer(Path folder) {
        this.folder = folder;
    }

    void start() throws Exception {
        bus = House.bus(folder, store);
        CameraRegistry cameras = (CameraRegistry) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CameraRegistry.class}, (self, method, args) -> {
                    if (method.getName().equals("list")) {
                        return many.stream().map(EventsServer::camera).toList();
                    }
                    assertThat(method.getName()).isEqualTo("find");
                    return args[0].equals(CAMERA) ? Optional.of(camera(CAMERA)) : Optional.empty();
                });
        EventsApplication application = new EventsApplication();
        application.services(guard, bus, cameras);
        stream.guard(guard);
        stream.bindBus(bus);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), EventsResource.BASE + "/*");
        ServletHolder holder = new ServletHolder(stream);
        holder.setAsyncSupported(true);
        context.addServlet(holder, EventsResource.BASE + "/stream");
        server.setHandler(context);
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
        server.start();
        port = connector.getLocalPort();
        base = URI.create("http://127.0.0.1:" + port);
    }

    /** The guard is being replaced, or is there again. */
    void guardAway(boolean away) {
        stream.guard(away ? null : guard);
    }

    private static org.nxvms.platform.api.camera.Camera camera(UUID id) {
        return TestCamera.of(id).ofServer(House.SERVER).camera();
    }

    void stop() throws Exception {
        stream.close();
        server.stop();
        bus.close();
    }

    HttpResponse<String> get(String token, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(EventsResource.BASE + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String token, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(EventsResource.BASE))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    void publish(UUID camera, String kind, long atUs) {
        publish(EventSource.camera(camera, ""), kind, atUs);
    }

    void publish(EventSource source, String kind, long atUs) {
        EventFact fact = EventFact.of(source, kind, EventSeverity.INFO, "", EventAttributes.NONE);
        until("it is taken", () -> bus.pulse(fact, atUs));
    }

    /** A client of the stream on a bare socket, so that it can also be slow. */
    final class Client implements AutoCloseable {
        final Socket socket = new Socket();
        final StringBuilder text = new StringBuilder();

        Client(String token, String query, Optional<Long> last) throws Exception {
            socket.setReceiveBufferSize(8_192);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(30_000);
            String header = last.map(id -> "Last-Event-ID: " + id + "\r\n").orElse("");
            socket.getOutputStream()
                    .write(("GET " + EventsResource.BASE + "/stream" + query
                                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n" + header
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads until a text came; {@return all so far} */
        String await(String wanted) throws Exception {
            byte[] buffer = new byte[65_536];
            int from = 0;
            while (text.indexOf(wanted, from) < 0) {
                from = Math.max(0, text.length() - wanted.length());
                int count = socket.getInputStream().read(buffer);
                assertThat(count)
                        .as("closed before \"%s\" after: %s", wanted, text)
                        .isPositive();
                text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
            return text.toString();
        }

        /** {@return the ids of messages of type event so far} */
        List<Long> ids() {
            List<Long> ids = new ArrayList<>();
            var matcher = java.util.regex.Pattern.compile("id: (\\d+)\nevent: event\n")
                    .matcher(text.toString()
                            .replaceAll("\r\n[0-9A-Fa-f]*\r\n", "")
                            .replace("\r\n", ""));
            while (matcher.find()) {
                ids.add(Long.parseLong(matcher.group(1)));
            }
            return ids;
        }

        @Override
        public void close() throws java.io.IOException {
            socket.close();
        }
    }
}
