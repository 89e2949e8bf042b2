// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.events.fake.House.CAMERA;
import static org.nxvms.events.fake.House.fact;
import static org.nxvms.events.fake.House.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.events.EventBus;
import org.nxvms.events.core.ChangeLog;
import org.nxvms.events.fake.House;
import org.nxvms.events.fake.MemoryStore;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/** Events over HTTP, on the distribution's engine and web server; docs/design/rest.md is the other side of these stories. */
class EventsHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID HIDDEN = new UUID(1, 2);

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    /** Of these the session goes on when the token has ended. */
    private final Set<String> refreshed = ConcurrentHashMap.newKeySet();
    /** Whom the guard was asked about again. */
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final StreamServlet stream = new StreamServlet(new Follower.Pace(
            TimeUnit.SECONDS.toNanos(15),
            TimeUnit.SECONDS.toNanos(4),
            TimeUnit.MILLISECONDS.toNanos(50),
            TimeUnit.SECONDS.toNanos(30)));
    private EventBus bus;
    private URI base;
    private int port;

    /** Tokens: admin may all; viewer may see events of all cameras but the hidden one, and nothing of the server. */
    private final class Guard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            String token = token(request);
            if (expired.contains(token) || !Set.of("admin", "viewer", "short").contains(token)) {
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
            boolean viewer = user.role().equals("viewer");
            if (viewer
                    && (permission != Permission.VIEW_EVENTS
                            || cameraId.filter(HIDDEN::equals).isPresent())) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        bus = House.bus(folder, store);
        Guard guard = new Guard();
        CameraRegistry cameras = (CameraRegistry) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CameraRegistry.class}, (self, method, args) -> {
                    assertThat(method.getName()).isEqualTo("find");
                    return args[0].equals(CAMERA) ? Optional.of(camera()) : Optional.empty();
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
        server.start();
        port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        base = URI.create("http://127.0.0.1:" + port);
    }

    private static org.nxvms.platform.api.camera.Camera camera() {
        return new org.nxvms.platform.api.camera.Camera(
                CAMERA,
                1,
                House.SERVER,
                "Gate",
                "rtsp",
                URI.create("rtsp://192.0.2.1/"),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                java.util.Map.of(),
                org.nxvms.platform.api.camera.RecordingSettings.DEFAULT,
                java.time.Instant.EPOCH,
                java.time.Instant.EPOCH);
    }

    @AfterEach
    void stop() throws Exception {
        stream.close();
        server.stop();
        bus.close();
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(EventsResource.BASE + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String token, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(EventsResource.BASE))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void publish(UUID camera, String kind, long atUs) {
        EventFact fact =
                EventFact.of(EventSource.camera(camera, ""), kind, EventSeverity.INFO, "", EventAttributes.NONE);
        until("it is taken", () -> bus.pulse(fact, atUs));
    }

    @Test
    void pagesGoOnWhereTheLastOneEndedAndHideWhatTheCallerMayNotSee() throws Exception {
        for (int i = 0; i < 60; i++) {
            publish(i % 3 == 0 ? HIDDEN : CAMERA, "acme.k" + i % 2, 1_000_000L * i);
        }
        bus.pulse(
                EventFact.of(
                        EventSource.server(House.SERVER, ""),
                        "server.started",
                        EventSeverity.INFO,
                        "",
                        EventAttributes.NONE),
                90_000_000L);
        until("all are found", () -> store.countNow() == 61);
        for (String token : List.of("admin", "viewer")) {
            List<String> starts = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = JSON.readTree(get(token, "?limit=7" + cursor).body());
                page.path("items").forEach(item -> starts.add(item.path("start").asText()));
                cursor = page.has("nextCursor")
                        ? "&cursor=" + page.path("nextCursor").asText()
                        : "";
            } while (!cursor.isEmpty());
            assertThat(starts)
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder())
                    .doesNotHaveDuplicates();
            assertThat(starts).hasSize(token.equals("admin") ? 61 : 40);
        }
        assertThat(JSON.readTree(get("admin", "?kinds=acme.k1&from=10000&to=20000")
                                .body())
                        .path("items"))
                .hasSize(5);
        assertThat(JSON.readTree(get("admin", "?cameras=" + HIDDEN).body()).path("items"))
                .hasSize(20);
        assertThat(JSON.readTree(get("admin", "?kinds=server.*").body()).path("items"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0,400,limit",
        "?limit=1001,400,limit",
        "?cursor=zz,400,cursor",
        "?kinds=Motion,400,kinds",
        "?kinds=*,400,kinds",
        "?cameras=gate,400,cameras",
        "?severity=bad,400,severity",
        "?from=soon,400,from",
        "?from=20&to=10,422,to",
        "?what=1,400,what"
    })
    void aBadQuestionIsAnsweredWithTheFieldToBlame(String query, int status, String field) throws Exception {
        HttpResponse<String> answer = get("admin", query);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void anIntegrationRaisesEventsOfItsOwn() throws Exception {
        HttpResponse<String> raised = post(
                "admin",
                "{\"kind\":\"acme.door_forced\",\"severity\":\"warning\",\"source\":{\"type\":\"camera\",\"id\":\""
                        + CAMERA
                        + "\"},\"detail\":\"back door\",\"attributes\":{\"door\":3,\"open\":true,\"name\":\"back\"}}");
        assertThat(raised.statusCode()).as(raised.body()).isEqualTo(201);
        JsonNode event = JSON.readTree(raised.body());
        assertThat(event.path("cameraId").asText()).isEqualTo(CAMERA.toString());
        assertThat(raised.headers().firstValue("Location").orElseThrow())
                .endsWith(EventsResource.BASE + "/" + event.path("id").asText())
                .doesNotContain("events/api");
        JsonNode again =
                JSON.readTree(get("viewer", "/" + event.path("id").asText()).body());
        assertThat(again).isEqualTo(event);

        String state = "{\"kind\":\"camera.input\",\"source\":{\"type\":\"camera\",\"id\":\"" + CAMERA
                + "\",\"part\":\"input/1\"},\"action\":\"%s\"}";
        HttpResponse<String> on = post("admin", state.formatted("hold"));
        assertThat(on.statusCode()).as(on.body()).isEqualTo(201);
        assertThat(JSON.readTree(on.body()).has("end")).isFalse();
        HttpResponse<String> off = post("admin", state.formatted("end"));
        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(off.body()).path("id"))
                .isEqualTo(JSON.readTree(on.body()).path("id"));
        assertThat(JSON.readTree(off.body()).path("endReason").asText()).isEqualTo("over");
        assertThat(post("admin", state.formatted("end")).statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"recording.gap\"}|422|kind",
                "{\"kind\":\"camera.unheard_of\"}|422|kind",
                "{\"kind\":\"Door\"}|422|kind",
                "{\"kind\":\"camera.motion\"}|422|action",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"volume\",\"id\":\"x\"}}|422|source.type",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"x\"}}|422|source.id",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"00000000-0000-0009-0000-000000000009\"}}|422|source.id",
                "{\"kind\":\"acme.k\",\"at\":\"2999-01-01T00:00:00Z\"}|422|at",
                "{\"kind\":\"acme.k\",\"action\":\"hold\",\"holdSeconds\":0}|422|holdSeconds",
                "{\"kind\":\"acme.k\",\"attributes\":{\"a\":[1]}}|422|attributes",
                "{\"kind\":\"acme.k\",\"attributes\":{\"Bad Name\":1}}|422|attributes",
                "{\"kind\":\"acme.k\",\"attributes\":{\"a\":null}}|422|attributes",
                "{\"kind\":\"acme.k\",\"colour\":\"red\"}|400|colour",
                "{}|400|kind"
            })
    void whatCannotBeRaisedIsRefusedWithTheFieldToBlame(String body, int status, String field) throws Exception {
        HttpResponse<String> answer = post("admin", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(bus.open(EventFilter.ALL)).isEmpty();
    }

    @Test
    void whoMayNotRaiseEventsIsRefused() throws Exception {
        assertThat(post("viewer", "{\"kind\":\"acme.k\"}").statusCode()).isEqualTo(403);
        assertThat(post("viewer", "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"" + CAMERA + "\"}}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("nobody", "").statusCode()).isEqualTo(401);
        assertThat(get("nobody", "/stream").statusCode()).isEqualTo(401);
        assertThat(get("admin", "/stream?what=1").statusCode()).isEqualTo(400);
        assertThat(get("admin", "/stream?lastEventId=x").statusCode()).isEqualTo(400);
    }

    @Test
    void theVocabularyIsThere() throws Exception {
        JsonNode kinds = JSON.readTree(get("viewer", "/kinds").body()).path("items");
        assertThat(kinds.findValuesAsText("kind")).contains("recording.gap", "camera.motion");
    }

    /** A client of the stream on a bare socket, so that it can also be slow. */
    private final class Client implements AutoCloseable {
        final Socket socket = new Socket();
        final StringBuilder text = new StringBuilder();

        Client(String token, String query, Optional<Long> last) throws Exception {
            socket.setReceiveBufferSize(8_192);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(20_000);
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

    @Test
    void whoFollowsHearsWhatItMaySee() throws Exception {
        try (Client viewer = new Client("viewer", "?kinds=acme.*", Optional.empty())) {
            viewer.await("event: open");
            publish(HIDDEN, "acme.k", 1);
            publish(CAMERA, "other.k", 2);
            publish(CAMERA, "acme.shown", 3);
            String text = viewer.await("acme.shown");
            assertThat(text)
                    .contains("text/event-stream")
                    .doesNotContain(HIDDEN.toString())
                    .doesNotContain("other.k");
        }
        until("it is missed", () -> {
            publish(CAMERA, "acme.k", 9);
            return bus.figures().followers() == 0;
        });
    }

    @Test
    @Timeout(60)
    void whoComesAgainMissesAndDoublesNothing() throws Exception {
        Set<Long> seen = new HashSet<>();
        long last;
        try (Client first = new Client("admin", "", Optional.empty())) {
            first.await("event: open");
            publish(CAMERA, "acme.first", 1);
            first.await("acme.first");
            last = first.ids().get(0);
            seen.add(last);
        }
        int away = ChangeLog.CHANGES_MAX + 500;
        for (int i = 0; i < away; i++) {
            publish(CAMERA, "acme.k", 10 + i);
        }
        publish(CAMERA, "acme.last", 20_000_000);
        until(
                "all are stored",
                () -> store.countNow("acme.k") == away && bus.figures().waiting() == 0);
        try (Client again = new Client("admin", "?kinds=acme.*", Optional.of(last))) {
            again.await("acme.last");
            List<Long> ids = again.ids();
            assertThat(ids).hasSize(away + 1).isSorted().doesNotHaveDuplicates().doesNotContain(last);
            assertThat(again.text).doesNotContain("event: reset");
            publish(CAMERA, "acme.live", 30_000_000);
            again.await("acme.live");
        }
        // One that wants little of much has it as soon.
        try (Client picky = new Client("admin", "?kinds=acme.first,acme.last", Optional.of(last))) {
            picky.await("acme.last");
            assertThat(picky.ids()).hasSize(1);
        }
    }

    @Test
    void aPositionThatIsNoneOfOursIsSaid() throws Exception {
        publish(CAMERA, "acme.k", 1);
        until("it is stored", () -> store.countNow() == 1);
        try (Client client = new Client("admin", "", Optional.of(Long.MAX_VALUE))) {
            client.await("event: reset");
            publish(CAMERA, "acme.live", 2);
            client.await("acme.live");
        }
    }

    @Test
    void anEndedTokenWhoseSessionGoesOnEndsNothing() throws Exception {
        try (Client client = new Client("short", "", Optional.empty())) {
            client.await("event: open");
            expired.add("short");
            refreshed.add("short");
            assertThat(get("short", "").statusCode()).isEqualTo(401);
            checked.clear();
            until("it was looked at again", () -> checked.contains("short"));
            publish(CAMERA, "acme.k", 1);
            assertThat(client.await("acme.k")).doesNotContain("event: end");
        }
    }

    @Test
    void anEndedSessionEndsTheStreamWithItsReason() throws Exception {
        try (Client client = new Client("short", "", Optional.empty())) {
            client.await("event: open");
            expired.add("short");
            assertThat(client.await("event: end")).contains("unauthenticated");
        }
        until("it is gone", () -> bus.figures().followers() == 0);
    }

    @Test
    void aClientThatTakesNothingIsLetGoAndHoldsUpNobody() throws Exception {
        try (Client slow = new Client("admin", "", Optional.empty());
                Client quick = new Client("admin", "", Optional.empty())) {
            slow.await("event: open");
            quick.await("event: open");
            String detail = "x".repeat(900);
            for (int i = 0; i < 8_000; i++) {
                EventFact fact = fact("acme.flood", detail);
                until("it is taken", () -> bus.pulse(fact, 1));
            }
            publish(CAMERA, "acme.last", 2);
            quick.await("acme.last");
            until("the slow one is let go", () -> bus.figures().followers() == 1);
        }
    }

    @Test
    void moreFollowersThanAllowedAreToldToComeLater() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < House.FOLLOWERS_PER_USER_MAX; i++) {
            clients.add(new Client("admin", "", Optional.empty()));
            clients.get(i).await("event: open");
        }
        HttpResponse<String> ofOne = get("admin", "/stream");
        assertThat(ofOne.statusCode()).isEqualTo(429);
        assertThat(ofOne.body()).contains("followersPerUserMax");
        for (int i = clients.size(); i < House.FOLLOWERS_MAX; i++) {
            clients.add(new Client("viewer", "", Optional.empty()));
            clients.get(i).await("event: open");
        }
        HttpResponse<String> more = get("viewer", "/stream");
        assertThat(more.statusCode()).isEqualTo(429);
        assertThat(more.body()).contains("followersMax");
        assertThat(more.headers().firstValue("Retry-After")).isPresent();
        for (Client one : clients) {
            one.close();
        }
        until("their places are free", () -> {
            publish(CAMERA, "acme.k", 9);
            return bus.figures().followers() == 0;
        });
        try (Client again = new Client("admin", "", Optional.empty())) {
            again.await("event: open");
        }
    }

    @Test
    void whenTheServerStopsItSaysSo() throws Exception {
        try (Client client = new Client("admin", "", Optional.empty())) {
            client.await("event: open");
            stream.close();
            assertThat(client.await("event: end")).contains("stopping");
        }
    }
}
