// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.json.Json;

/** An application on the distribution's JAX-RS engine, asked over HTTP as clients do. */
class RestApplicationTest {
    private static final String[] ANNA = {"Authorization", "Bearer anna"};
    private static final String[] VIEWER = {"Authorization", "Bearer viewer"};

    private static final TestGuard GUARD = new TestGuard();
    private static volatile AccessGuard guard;
    private static volatile Runnable service;
    private static TestServer server;

    /** Knows anna, who may everything, and viewer, who may watch. */
    private static final class TestGuard implements AccessGuard {
        private volatile RequestCredentials last;

        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            last = request;
            String name = request.authorization().orElse("").replace("Bearer ", "");
            if (!List.of("anna", "viewer").contains(name)) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in first.");
            }
            return new AuthenticatedUser(new UUID(0, 7), name, "viewer", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            boolean ownCamera = cameraId.isPresent() && cameraId.get().equals(new UUID(0, 2));
            if (!user.username().equals("anna") && !(permission == Permission.VIEW_LIVE && ownCamera)) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "You need " + permission);
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected List<Object> resources() {
                return List.of(new LampsResource(() -> service));
            }
        };
        server = new TestServer(application, "/api/v1/lamps");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void allPresent() {
        guard = GUARD;
        service = () -> {};
    }

    @Test
    void answersJsonWithTheHouseHeaders() throws Exception {
        HttpResponse<String> answer = server.get("/?limit=5&colour=warm_white", ANNA);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"items\":[{\"id\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"one\","
                                + "\"colour\":\"warm_white\",\"created\":\"1970-01-01T00:00:01.000Z\"}],\"nextCursor\":\"b25l\"}");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValueAsLong("X-NXvms-Server-Time").orElse(0))
                .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
    }

    @Test
    void worksWithoutTrailingSlashAndKeepsAResourcesOwnCaching() throws Exception {
        assertThat(server.get("", ANNA).statusCode()).isEqualTo(200);
        HttpResponse<String> one = server.get("/" + new UUID(0, 1), ANNA);
        assertThat(one.headers().firstValue("Cache-Control")).hasValue("private");
    }

    @Test
    void whatWasReadIsChangedOnceAndIsNotSentAgainWhileItIsTheSame() throws Exception {
        String path = "/" + new UUID(0, 1) + "/label";
        HttpResponse<String> read = server.get(path, ANNA);
        String etag = read.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> unchanged = server.get(path, with("If-None-Match", etag));
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(unchanged.headers().firstValue("ETag")).hasValue(etag);
        assertThat(server.get(path, with("If-None-Match", "\"other\"")).body()).isEqualTo(read.body());

        String[] json = with("If-Match", etag, "Content-Type", "application/json");
        HttpResponse<String> changed = server.send("PUT", path, "{\"volume\":2}", json);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).isPresent().isNotEqualTo(Optional.of(etag));
        problem(server.send("PUT", path, "{\"volume\":3}", json), 412, "precondition-failed");
        assertThat(server.get(path, with("If-None-Match", etag)).body()).isEqualTo("{\"volume\":2}");
    }

    @Test
    void aConditionThatNobodyLooksAtIsRefused() throws Exception {
        String path = "/" + new UUID(0, 1) + "/label";
        HttpResponse<String> refused = server.send("DELETE", path, "", with("If-Match", "\"1\""));
        problem(refused, 400, "malformed");
        assertThat(refused.body()).contains("If-Match");
        assertThat(server.send("DELETE", path, "", ANNA).statusCode()).isEqualTo(204);
    }

    private static String[] with(String... headers) {
        return Stream.concat(Stream.of(ANNA), Stream.of(headers)).toArray(String[]::new);
    }

    @Test
    void refusesStrangers() throws Exception {
        HttpResponse<String> answer = server.get("/?limit=notANumber&bogus=1");

        problem(answer, 401, "unauthenticated");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
        assertThat(answer.headers().firstValue("X-NXvms-Server-Time")).isPresent();
    }

    @Test
    void refusesCallersWithoutTheRight() throws Exception {
        problem(server.get("/", VIEWER), 403, "forbidden");
        problem(server.get("/" + new UUID(0, 3), VIEWER), 403, "forbidden");
        assertThat(server.get("/" + new UUID(0, 2), VIEWER).statusCode()).isEqualTo(200);
    }

    @Test
    void openDoorsLetEverybodyInAndKnowWhoIsKnown() throws Exception {
        assertThat(server.get("/open/door").body()).isEqualTo("{\"volume\":0}");
        assertThat(server.get("/open/door", "Authorization", "Bearer stale").body())
                .isEqualTo("{\"volume\":0}");
        assertThat(server.get("/open/door", ANNA).body()).isEqualTo("{\"volume\":1}");
    }

    @Test
    void answers503WhileServicesAreAbsent() throws Exception {
        service = null;
        HttpResponse<String> noService = server.get("/fail/absent", ANNA);
        problem(noService, 503, "unavailable");
        assertThat(noService.headers().firstValue("Retry-After")).hasValue("1");

        guard = null;
        problem(server.get("/", ANNA), 503, "unavailable");
    }

    @Test
    void namesUnknownAndBadParameters() throws Exception {
        field(server.get("/?bogus=1", ANNA), 400, "malformed", "bogus");
        assertThat(server.get("/?bogus=1", ANNA).body()).contains("here. Known are: ", ", limit, ");
        HttpResponse<String> noneKnown = server.get("/" + new UUID(0, 1) + "?bogus=1", ANNA);
        field(noneKnown, 400, "malformed", "bogus");
        assertThat(noneKnown.body()).contains("is not a query parameter here. There are none.");
        field(server.get("/?limit=many", ANNA), 400, "malformed", "limit");
        field(server.get("/?limit=1000", ANNA), 400, "malformed", "limit");
        field(server.get("/?limit=1&limit=2", ANNA), 400, "malformed", "limit");
        field(server.get("/?colour=RED", ANNA), 400, "malformed", "colour");
        field(server.get("/?from=yesterday&to=5", ANNA), 400, "malformed", "from");
        field(server.get("/?from=5", ANNA), 400, "malformed", "to");
        field(server.get("/?from=5&to=5", ANNA), 422, "validation", "to");
        problem(server.get("/not-a-uuid", ANNA), 404, "not-found");
    }

    @Test
    void namesWhatIsWrongWithABody() throws Exception {
        field(server.post("/", "", ANNA), 400, "malformed", "body");
        field(server.post("/", "null", ANNA), 400, "malformed", "body");
        field(server.post("/", " null ", ANNA), 400, "malformed", "body");
        problem(server.post("/", "{\"name\":", ANNA), 400, "malformed");
        field(server.post("/", "[]", ANNA), 400, "malformed", "body");
        problem(server.post("/", "{\"name\":\"a\",\"watts\":1} trailing", ANNA), 400, "malformed");
        field(server.post("/", "{\"watts\":1}", ANNA), 400, "malformed", "name");
        field(server.post("/", "{\"name\":\"a\"}", ANNA), 400, "malformed", "watts");
        field(server.post("/", "{\"name\":\"a\",\"name\":\"b\",\"watts\":1}", ANNA), 400, "malformed", "name");
        field(server.post("/", "{\"name\":\"a\",\"watts\":\"1\"}", ANNA), 400, "malformed", "watts");
        field(server.post("/", "{\"name\":\"a\",\"watts\":1.5}", ANNA), 400, "malformed", "watts");
        field(server.post("/", "{\"name\":\"a\",\"watts\":99999999999}", ANNA), 400, "malformed", "watts");
        field(server.post("/", "{\"name\":[],\"watts\":1}", ANNA), 400, "malformed", "name");
        field(server.post("/", "{\"name\":\"a\",\"watts\":1,\"x\":1}", ANNA), 400, "malformed", "x");
        field(server.post("/", "{\"name\":\"a\",\"watts\":1,\"colour\":\"RED\"}", ANNA), 400, "malformed", "colour");
        field(
                server.post("/", "{\"name\":\"a\",\"watts\":1,\"inner\":[{\"volume\":true}]}", ANNA),
                400,
                "malformed",
                "inner[0].volume");
        field(
                server.post("/", "{\"name\":\"a\",\"watts\":1,\"inner\":[{\"volume\":99999999999}]}", ANNA),
                400,
                "malformed",
                "inner[0].volume");
        field(server.post("/", "{\"name\":\"a\",\"watts\":101}", ANNA), 422, "validation", "watts");
    }

    @Test
    void refusesBodiesThatAreTooLargeOrNestTooDeep() throws Exception {
        String large = "{\"name\":\"" + "a".repeat(Json.BODY_BYTES_MAX) + "\",\"watts\":1}";
        problem(server.post("/", large, ANNA), 413, "too-large");
        problem(server.post("/", "[".repeat(5_000), ANNA), 400, "malformed");
        problem(server.post("/", "{\"inner\":" + "[".repeat(5_000), ANNA), 400, "malformed");
    }

    /** Else only the field is told that is not there, though it is, mistyped. */
    @Test
    void aMistypedFieldIsToldAndNotThatTheRightOneIsMissing() throws Exception {
        HttpResponse<String> mistyped = server.post("/", "{\"nmae\":\"a\",\"watts\":7}", ANNA);
        field(mistyped, 400, "malformed", "nmae");
        assertThat(mistyped.body()).contains("Known are: colour, inner, name, watts.");
        field(server.post("/", "{\"name\":\"a\",\"wats\":7}", ANNA), 400, "malformed", "wats");
        field(server.post("/", "{\"watts\":7}", ANNA), 400, "malformed", "name");
        field(server.post("/", "{\"watts\":7} {}", ANNA), 400, "malformed", "name");
    }

    @Test
    void acceptsAGoodBodyAndKnowsTheCaller() throws Exception {
        HttpResponse<String> answer = server.post("/", "{\"name\":\"a\",\"watts\":7,\"colour\":null}", ANNA);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("{\"volume\":7}");
        assertThat(answer.headers().firstValue("X-By")).hasValue("anna");
    }

    @Test
    void wrongAddressMethodAndMediaTypeAreProblemsToo() throws Exception {
        problem(server.get("/a/b/c/d", ANNA), 404, "not-found");
        problem(server.get("/a/b/c/d"), 401, "unauthenticated");
        HttpResponse<String> method = server.send("DELETE", "/", "", ANNA);
        problem(method, 405, "method-not-allowed");
        assertThat(method.headers().firstValue("Allow").orElse("")).contains("GET", "POST");
        JsonNode body = problem(
                server.send("POST", "/", "<a/>", "Authorization", "Bearer anna", "Content-Type", "text/xml"),
                415,
                "unsupported-media-type");
        assertThat(body.get("detail").asText()).isEqualTo("Send the body as Content-Type: application/json.");
        JsonNode answer =
                problem(server.get("/", "Authorization", "Bearer anna", "Accept", "image/png"), 406, "not-acceptable");
        assertThat(answer.get("detail").asText()).isEqualTo("This address answers application/json. Accept that.");
        problem(server.send("OPTIONS", "/", ""), 405, "method-not-allowed");
        problem(server.send("TRACE", "/", ""), 405, "method-not-allowed");
    }

    /** An operation beside it, that takes JSON, is not the one that was asked. */
    @Test
    void anOperationThatTakesOtherBodiesNamesThem() throws Exception {
        String[] json = {"Authorization", "Bearer anna", "Content-Type", "application/json"};
        JsonNode taken = problem(server.send("PUT", "/7/picture", "{}", json), 415, "unsupported-media-type");
        assertThat(taken.get("detail").asText())
                .isEqualTo("Send the body as Content-Type: image/png or application/octet-stream.");
        JsonNode answered = problem(
                server.send(
                        "PUT",
                        "/7/picture",
                        "x",
                        "Authorization",
                        "Bearer anna",
                        "Content-Type",
                        "image/png",
                        "Accept",
                        "application/json"),
                406,
                "not-acceptable");
        assertThat(answered.get("detail").asText()).isEqualTo("This address answers text/plain. Accept that.");
    }

    @Test
    void ourFaultsShowNoInternals() throws Exception {
        HttpResponse<String> bug = server.get("/fail/bug", ANNA);
        problem(bug, 500, "internal");
        assertThat(bug.body()).contains("urn:uuid:").doesNotContain("secret", "Exception", "org.nxvms");

        HttpResponse<String> store = server.get("/fail/store", ANNA);
        problem(store, 503, "unavailable");
        assertThat(store.headers().firstValue("Retry-After")).isPresent();
        assertThat(store.body()).doesNotContain("secret");
    }

    @Test
    void onlyWhatIsSaidToBeMissingOrStaleIsTheCallersFault() throws Exception {
        problem(server.get("/fail/absentThing", ANNA), 404, "not-found");
        problem(server.get("/fail/stale", ANNA), 412, "precondition-failed");
        problem(server.get("/fail/ours", ANNA), 500, "internal");
        problem(server.get("/fail/walk", ANNA), 500, "internal");
    }

    @Test
    void theGuardSeesTheRealPathMethodAndAddress() throws Exception {
        server.get(
                "/open/door",
                "Authorization",
                "Bearer anna",
                "Origin",
                "http://elsewhere",
                "Cookie",
                "nxvms_session=abc; other=1",
                "X-NXvms-CSRF",
                "t");

        RequestCredentials seen = GUARD.last;
        assertThat(seen.path()).isEqualTo("/api/v1/lamps/open/door");
        assertThat(seen.method()).isEqualTo("GET");
        assertThat(seen.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(seen.origin()).hasValue("http://elsewhere");
        assertThat(seen.cookies()).containsEntry("nxvms_session", "abc");
        assertThat(seen.csrfToken()).hasValue("t");
        assertThat(seen.secure()).isFalse();
        assertThat(seen.host().orElse("")).startsWith("127.0.0.1:");
    }

    @Test
    void methodOverridesDoNotSlipPastTheGuard() throws Exception {
        server.send("GET", "/", "", "Authorization", "Bearer anna", "X-HTTP-Method-Override", "POST");
        assertThat(GUARD.last.method()).isEqualTo("GET");
    }

    @Test
    void aForgottenMarkStopsTheApplication() {
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected List<Object> resources() {
                return List.of(new Forgotten());
            }
        };
        assertThatIllegalStateException().isThrownBy(application::getSingletons).withMessageContaining("@Requires");
    }

    /** Nobody may have this. */
    @Path("/")
    public static final class Forgotten {
        @GET
        public String unguarded() {
            return "";
        }
    }

    private static JsonNode problem(HttpResponse<String> answer, int status, String name) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode body = Json.mapper().readTree(answer.body());
        assertThat(body.get("type").asText()).isEqualTo("/problems/" + name);
        assertThat(body.get("status").asInt()).isEqualTo(status);
        assertThat(body.get("title").asText()).isNotEmpty();
        assertThat(body.get("detail").asText()).isNotEmpty();
        return body;
    }

    private static void field(HttpResponse<String> answer, int status, String name, String field) throws Exception {
        JsonNode body = problem(answer, status, name);
        assertThat(body.at("/errors/0/field").asText()).as(answer.body()).isEqualTo(field);
        assertThat(body.at("/errors/0/detail").asText()).as(answer.body()).isNotEmpty();
    }
}
