// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.rest.TestServer;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.server.KnownServerStore;
import org.nxvms.platform.api.server.KnownServers;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.test.kit.NotedTrail;

/** Known servers over HTTP: vera and otto, each with their own. */
class KnownServersRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = KnownServersResource.BASE;
    private static final String NORTH = "{\"name\":\" Depot North \",\"address\":\"HTTPS://North.Example:443/\"}";
    private static final String SOUTH = "{\"name\":\"Süd\",\"address\":\"http://192.0.2.7:8080\"}";

    private final MemoryServers known = new MemoryServers();
    private final NotedTrail trail = new NotedTrail();
    /** When all have answered; a test puts another one in its place. */
    private volatile CompletableFuture<Void> over;

    private volatile CompletableFuture<Void> begun = new CompletableFuture<>();
    private final ServerLook look = new ServerLook(new AddressRule(true, true), Duration.ofSeconds(60), answered -> {
        begun.complete(null);
        return over == null ? answered : over;
    });
    private TestServer server;

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            String name = request.authorization().orElse("").replace("Bearer ", "");
            return new AuthenticatedUser(new UUID(9, name.hashCode()), name, "guest", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> camera) {}
    };

    /** The port's contract in memory; the real one is tested in bundles/persistence. */
    private static final class MemoryServers implements KnownServerStore {
        private final Map<UUID, KnownServers> all = new ConcurrentHashMap<>();

        @Override
        public KnownServers of(UUID userId) {
            return all.getOrDefault(userId, KnownServers.NONE);
        }

        @Override
        public boolean replace(UUID userId, KnownServers servers) {
            return of(userId).version() == servers.version() - 1 && all.put(userId, servers) != servers;
        }
    }

    @BeforeEach
    void start() {
        server = new TestServer(Map.of(BASE, new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected AuditTrail audit() {
                return trail;
            }

            @Override
            protected List<Object> resources() {
                return List.of(new KnownServersResource(() -> known, look));
            }
        }));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        look.close();
    }

    private HttpResponse<String> as(String user, String method, String path, String body, String... headers)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + user));
        return server.send(method, BASE + path, body, all.toArray(String[]::new));
    }

    private HttpResponse<String> give(String user, String... servers) throws Exception {
        return as(user, "PATCH", "", "{\"servers\":[" + String.join(",", servers) + "]}");
    }

    private static JsonNode done(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static void refused(HttpResponse<String> answer, int status, String... saying) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(saying);
    }

    @Test
    void eachHasAnOwnListInTheOrderItWasGivenAndAddressesAsBrowsersWriteThem() throws Exception {
        assertThat(done(as("vera", "GET", "", "")).toString()).isEqualTo("{\"version\":0,\"servers\":[]}");

        HttpResponse<String> given = give("vera", NORTH, SOUTH);
        assertThat(done(given).toString())
                .isEqualTo(
                        "{\"version\":1,\"servers\":[{\"name\":\"Depot North\",\"address\":\"https://north.example\"},"
                                + "{\"name\":\"Süd\",\"address\":\"http://192.0.2.7:8080\"}]}");
        assertThat(given.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(as("vera", "GET", "", "", "If-None-Match", "\"1\"").statusCode())
                .isEqualTo(304);
        assertThat(done(as("otto", "GET", "", "")).get("servers")).isEmpty();

        assertThat(trail.notes).extracting(note -> note.action()).containsExactly("known_servers.changed");
    }

    @Test
    void whatCannotBeAServerIsRefusedByItsField() throws Exception {
        refused(
                give("vera", NORTH, "{\"name\":\"\",\"address\":\"ftp://x\"}"),
                422,
                "servers[1].name",
                "servers[1].address");
        for (String address : List.of(
                "https://me:secret@north.example",
                "https://north.example/console",
                "https://north.example?x",
                "https://north.example#x",
                "javascript:alert(1)",
                "//north.example",
                "https://north.example:0",
                "https://north.example:65536",
                "https://")) {
            refused(give("vera", "{\"name\":\"X\",\"address\":\"" + address + "\"}"), 422, "servers[0].address");
        }
        refused(give("vera", NORTH, NORTH), 422, "servers[1].address", "once");
        refused(give("vera", "null"), 422, "servers[0]");
        String[] many = new String[KnownServers.SERVERS_MAX + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = "{\"name\":\"X\",\"address\":\"https://x" + i + ".example\"}";
        }
        refused(give("vera", many), 422, "has 21. Give at most 20");
        refused(as("vera", "PATCH", "", "{}"), 400, "servers");
        assertThat(known.all).isEmpty();
    }

    @Test
    void aChangeUponWhatIsNoMoreIsToBeReadAgain() throws Exception {
        done(give("vera", NORTH));
        refused(as("vera", "PATCH", "", "{\"servers\":[]}", "If-Match", "\"0\""), 412, "Read it again");
        assertThat(done(as("vera", "PATCH", "", "{\"servers\":[]}", "If-Match", "\"1\""))
                        .get("servers"))
                .isEmpty();
    }

    @Test
    void theOwnOnesAreAskedAndNobodyElses() throws Exception {
        assertThat(done(as("vera", "GET", "/states", "")).get("items")).isEmpty();
        try (OtherServer ready = OtherServer.nxvms(200);
                OtherServer sick = OtherServer.nxvms(503);
                OtherServer ottos = OtherServer.nxvms(200)) {
            done(give("vera", named("Sick", sick), named("Ready", ready)));
            done(give("otto", named("Otto's", ottos)));

            assertThat(done(as("vera", "GET", "/states", "")).get("items").toString())
                    .isEqualTo("[{\"address\":\"" + sick.address() + "\",\"state\":\"not_ready\"},{\"address\":\""
                            + ready.address() + "\",\"state\":\"ready\"}]");
            assertThat(ottos.asked).isEmpty();
        }
    }

    private static String named(String name, OtherServer other) {
        return "{\"name\":\"" + name + "\",\"address\":\"" + other.address() + "\"}";
    }

    @Test
    void whoHasALookUnderWayWaitsForIt() throws Exception {
        try (OtherServer ready = OtherServer.nxvms(200)) {
            done(give("vera", named("Ready", ready)));
            over = new CompletableFuture<>();
            CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return as("vera", "GET", "/states", "");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            begun.get(60, TimeUnit.SECONDS);

            HttpResponse<String> second = as("vera", "GET", "/states", "");
            refused(second, 429, "already");
            assertThat(second.headers().firstValue("Retry-After")).contains("3");

            over.complete(null);
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(as("vera", "GET", "/states", "").statusCode()).isEqualTo(200);
        }
    }
}
