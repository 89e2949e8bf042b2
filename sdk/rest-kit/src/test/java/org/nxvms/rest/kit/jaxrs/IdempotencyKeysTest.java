// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.problem.Problem;

/** Who asks twice with one key creates once. Over HTTP, as clients ask. */
class IdempotencyKeysTest {
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean mayAnna = true;
    private TestServer server;

    /** What is created. */
    public record Bell(String name) {}

    /** What cannot be written. */
    public static final class Untold {
        public String getName() {
            throw new IllegalStateException("untold");
        }
    }

    /** What is answered. */
    public record Made(int number, String name) {}

    /** Creates bells. */
    @Path("/")
    @Produces(MediaType.APPLICATION_JSON)
    public final class Bells {
        @POST
        @Repeatable
        @Requires(Permission.VIEW_CONFIGURATION)
        public Response add(Bell bell) throws InterruptedException {
            if (bell.name().equals("slow")) {
                begun.countDown();
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            }
            int number = made.incrementAndGet();
            if (bell.name().equals("broken") && number == 1) {
                throw Problem.conflict("Not now.").exception();
            }
            if (bell.name().equals("untold")) {
                return Response.status(201).entity(new Untold()).build();
            }
            String name = bell.name().equals("long") ? "x".repeat(RepeatedRequests.ANSWER_BYTES_MAX) : bell.name();
            return Response.status(201)
                    .header("Location", "http://127.0.0.1/bells/" + number)
                    .tag("1")
                    .entity(new Made(number, name))
                    .build();
        }

        @POST
        @Path("ring")
        @Requires(Permission.VIEW_CONFIGURATION)
        public Response ring(Bell bell) {
            return Response.noContent().build();
        }
    }

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            // "anna/door" is Anna's API key of that name.
            String[] bearer =
                    request.authorization().orElse("").replace("Bearer ", "").split("/");
            Optional<AuthenticatedUser.ApiKey> key = Optional.of(bearer)
                    .filter(parts -> parts.length > 1)
                    .map(parts -> new AuthenticatedUser.ApiKey(
                            UUID.nameUUIDFromBytes(parts[1].getBytes()), parts[1], Set.of()));
            return new AuthenticatedUser(UUID.nameUUIDFromBytes(bearer[0].getBytes()), bearer[0], "viewer", false, key);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (!mayAnna) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "No more.");
            }
        }
    };

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(
                new RestApplication() {
                    @Override
                    protected AccessGuard guard() {
                        return guard;
                    }

                    @Override
                    protected List<Object> resources() {
                        return List.of(new Bells());
                    }
                },
                "/api/v1/bells");
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        server.close();
    }

    private HttpResponse<String> add(String user, String key, String name) throws Exception {
        return server.post(
                "/", "{\"name\":\"" + name + "\"}", "Authorization", "Bearer " + user, "Idempotency-Key", key);
    }

    @Test
    void whoRepeatsARequestGetsItsAnswerAgain() throws Exception {
        HttpResponse<String> first = add("anna", "k1", "door");
        HttpResponse<String> again = add("anna", "k1", "door");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("X-NXvms-Repeated")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body()).isEqualTo("{\"number\":1,\"name\":\"door\"}");
        assertThat(again.headers().firstValue("X-NXvms-Repeated")).hasValue("true");
        for (String header : List.of("Location", "ETag", "Content-Type", "Cache-Control")) {
            assertThat(again.headers().firstValue(header))
                    .isPresent()
                    .isEqualTo(first.headers().firstValue(header));
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void aKeyIsOfOneUserAndOneBody() throws Exception {
        add("anna", "k1", "door");
        assertThat(add("bert", "k1", "door").body()).contains("\"number\":2");
        assertThat(add("anna/reader", "k1", "door").body())
                .as("an API key may less than its user")
                .contains("\"number\":3");
        HttpResponse<String> other = add("anna", "k1", "gate");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("\"field\":\"Idempotency-Key\"");
        assertThat(made).hasValue(3);
    }

    @Test
    void whatIsStillCarriedOutIsNotBegunAgain() throws Exception {
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> {
            try {
                return add("anna", "k1", "slow");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(add("anna", "k1", "slow").statusCode()).isEqualTo(409);
        goOn.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
        assertThat(add("anna", "k1", "slow").body()).isEqualTo(first.get().body());
        assertThat(made).hasValue(1);
    }

    @Test
    void whatWasRefusedMayBeTriedAgain() throws Exception {
        assertThat(add("anna", "k1", "broken").statusCode()).isEqualTo(409);
        assertThat(add("anna", "k1", "broken").body()).contains("\"number\":2");
        assertThat(server.post("/", "{", "Authorization", "Bearer anna", "Idempotency-Key", "k2")
                        .statusCode())
                .isEqualTo(400);
        assertThat(add("anna", "k2", "door").statusCode()).isEqualTo(201);
    }

    @Test
    void whatCouldNotBeAnsweredIsNotRunningForEver() throws Exception {
        assertThat(add("anna", "k1", "untold").statusCode()).isEqualTo(500);
        assertThat(add("anna", "k1", "untold").statusCode()).as("not 409").isEqualTo(500);

        AtomicLong nowNs = new AtomicLong();
        RepeatedRequests requests = new RepeatedRequests(nowNs::get);
        RepeatedRequests.Name name = new RepeatedRequests.Name(new UUID(0, 0), Optional.empty(), "/", "k");
        requests.take(name, "f");
        nowNs.addAndGet(RepeatedRequests.RUNNING_NS_MAX - 1);
        assertThat(requests.take(name, "f").state()).isEqualTo(RepeatedRequests.State.RUNNING);
        nowNs.addAndGet(1);
        assertThat(requests.take(name, "f").state()).isEqualTo(RepeatedRequests.State.NEW);
    }

    @Test
    void aRightThatIsGoneIsGoneForRepeatsToo() throws Exception {
        add("anna", "k1", "door");
        mayAnna = false;
        assertThat(add("anna", "k1", "door").statusCode()).isEqualTo(403);
    }

    @Test
    void aLongAnswerIsNotGivenAgainNorCreatedAgain() throws Exception {
        assertThat(add("anna", "k1", "long").statusCode()).isEqualTo(201);
        assertThat(add("anna", "k1", "long").statusCode()).isEqualTo(409);
        assertThat(made).hasValue(1);
    }

    @Test
    void badKeysAndKeysWithoutMeaningAreRefused() throws Exception {
        for (String key : List.of("", "a b", "x".repeat(129))) {
            assertThat(add("anna", key, "door").statusCode()).as(key).isEqualTo(400);
        }
        assertThat(server.post("/ring", "{\"name\":\"a\"}", "Authorization", "Bearer anna", "Idempotency-Key", "k")
                        .body())
                .contains("\"field\":\"Idempotency-Key\"");
        assertThat(made).hasValue(0);
    }

    @Test
    void memoryIsBoundedByNumberAndTimeAndOneUserPushesOutOnlyTheOwn() {
        AtomicLong nowNs = new AtomicLong();
        RepeatedRequests requests = new RepeatedRequests(nowNs::get);
        RepeatedRequests.Answer answer = new RepeatedRequests.Answer(201, Optional.of(new byte[0]), Map.of());
        RepeatedRequests.Name early = new RepeatedRequests.Name(new UUID(0, 0), Optional.empty(), "/", "early");
        requests.take(early, "f");
        requests.keep(early, answer);
        for (int i = 0; i < 500; i++) {
            RepeatedRequests.Name name = new RepeatedRequests.Name(new UUID(0, 1), Optional.empty(), "/", "k" + i);
            requests.take(name, "f");
            requests.keep(name, answer);
        }
        assertThat(requests.size()).isEqualTo(1 + RepeatedRequests.ANSWERS_OF_USER_MAX);
        assertThat(requests.take(early, "f").state()).isEqualTo(RepeatedRequests.State.ANSWERED);
        for (int i = 0; i < 2_000; i++) {
            RepeatedRequests.Name name = new RepeatedRequests.Name(new UUID(1, i), Optional.empty(), "/", "k");
            requests.take(name, "f");
            requests.keep(name, answer);
        }
        assertThat(requests.size()).isEqualTo(RepeatedRequests.ANSWERS_MAX);
        nowNs.addAndGet(RepeatedRequests.KEPT_NS);
        assertThat(requests.take(new RepeatedRequests.Name(new UUID(1, 1_999), Optional.empty(), "/", "k"), "other")
                        .state())
                .isEqualTo(RepeatedRequests.State.NEW);
        assertThat(requests.size()).isEqualTo(1);
    }
}
