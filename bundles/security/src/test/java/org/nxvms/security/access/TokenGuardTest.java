// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.TooManyRequestsException;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.account.Client;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.factor.TestFactors;

/** Who gets through the guard, by which way and from where. */
class TokenGuardTest {
    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TokenGuard guard;
    private Sessions.Grant grant;

    @BeforeEach
    void signIn() throws Exception {
        parts = new SecurityParts(folder, "correct-horse-1", clock);
        parts.attach(new MemoryUserStore());
        guard = parts.guard();
        grant = parts.login("admin", "correct-horse-1");
    }

    @AfterEach
    void close() {
        parts.close();
    }

    private RequestCredentials bearer(String address, String path) {
        return new RequestCredentials(
                "GET",
                Optional.of("bearer " + grant.accessToken()),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("vms:8080"),
                false,
                address,
                path);
    }

    private RequestCredentials cookie(String method, Optional<String> origin, Optional<String> csrf) {
        return new RequestCredentials(
                method,
                Optional.empty(),
                Map.of("nxvms_session", grant.accessToken()),
                csrf,
                origin,
                Optional.of("vms:8080"),
                false,
                "192.0.2.7",
                "/api/v1/cameras");
    }

    private void refused(Kind kind, RequestCredentials request) {
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> guard.authenticate(request))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void webSocketsByCookieNeedTheOriginOfThisServer() throws Exception {
        assertThat(guard.authenticate(cookie("WEBSOCKET", Optional.of("http://VMS:8080"), Optional.empty()))
                        .username())
                .isEqualTo("admin");
        refused(Kind.CSRF, cookie("WEBSOCKET", Optional.empty(), Optional.empty()));
        for (String origin :
                new String[] {"null", "http://vms", "http://vms:80800", "http://evil/vms:8080", "", "vms:8080"}) {
            refused(Kind.CSRF, cookie("WEBSOCKET", Optional.of(origin), Optional.empty()));
        }
    }

    @Test
    void changesByCookieNeedTheCsrfTokenOfTheSession() throws Exception {
        Optional<String> csrf = Optional.of(grant.csrfToken());
        guard.authenticate(cookie("GET", Optional.empty(), Optional.empty()));
        guard.authenticate(cookie("HEAD", Optional.of("http://vms:8080"), Optional.empty()));
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE", "QUERY"}) {
            guard.authenticate(cookie(method, Optional.empty(), csrf));
            guard.authenticate(cookie(method, Optional.of("http://vms:8080"), csrf));
            refused(Kind.CSRF, cookie(method, Optional.of("http://elsewhere"), csrf));
            refused(Kind.CSRF, cookie(method, Optional.empty(), Optional.empty()));
            refused(Kind.CSRF, cookie(method, Optional.empty(), Optional.of(grant.accessToken())));
        }
    }

    @Test
    void pagesOfOtherServersReadNothingByTheCookie() throws Exception {
        for (String method : new String[] {"GET", "HEAD"}) {
            refused(Kind.CSRF, cookie(method, Optional.of("http://elsewhere"), Optional.empty()));
            refused(Kind.CSRF, cookie(method, Optional.of("http://vms:3000"), Optional.empty()));
            refused(Kind.CSRF, cookie(method, Optional.of("null"), Optional.empty()));
        }
        for (String site : new String[] {"same-origin", "none"}) {
            guard.authenticate(from(site, Optional.empty()));
        }
        for (String site : new String[] {"cross-site", "same-site"}) {
            refused(Kind.CSRF, from(site, Optional.empty()));
            guard.authenticate(from(site, Optional.of("Bearer " + grant.accessToken())));
        }
    }

    /** A picture in a page, as a browser asks for it. */
    private RequestCredentials from(String site, Optional<String> authorization) {
        return new RequestCredentials(
                "GET",
                authorization,
                Map.of("nxvms_session", grant.accessToken()),
                Optional.empty(),
                Optional.empty(),
                Optional.of("vms:8080"),
                true,
                "192.0.2.7",
                "/media/v1/archive/x/thumbnail.jpg",
                Optional.of(site));
    }

    @Test
    void aConnectionGoesOnAsLongAsItsSessionIsRefreshedInTime() throws Exception {
        RequestCredentials socket = cookie("WEBSOCKET", Optional.of("http://vms:8080"), Optional.empty());
        clock.pass(Duration.ofMinutes(12));
        Sessions.Grant renewed =
                parts.sessions().refresh(grant.refreshToken(), new Client("127.0.0.1", "test", Optional.empty()));
        clock.pass(Duration.ofMinutes(12));

        refused(Kind.UNAUTHENTICATED, socket);
        assertThat(guard.reauthenticate(socket).username()).isEqualTo("admin");

        parts.sessions().logout(renewed.session());
        notGoingOn(socket);
    }

    @Test
    void aConnectionOfASessionNobodyRefreshesEndsWithItsToken() throws Exception {
        RequestCredentials socket = cookie("WEBSOCKET", Optional.of("http://vms:8080"), Optional.empty());
        clock.pass(Duration.ofMinutes(14));
        guard.reauthenticate(socket);
        parts.login("admin", "correct-horse-1");
        clock.pass(Duration.ofMinutes(2));
        notGoingOn(socket);
    }

    private void notGoingOn(RequestCredentials request) {
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> guard.reauthenticate(request))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED));
    }

    @Test
    void aFirstPasswordOpensNothingFromOutsideButItsOwnChange() throws Exception {
        parts.users().add("vera", "look-at-this-9", "administrator", true);
        grant = parts.login("vera", "look-at-this-9");

        for (String loopback :
                new String[] {"127.0.0.1", "127.3.2.1", "::1", "0:0:0:0:0:0:0:1", "[::1]", "::ffff:127.0.0.1"}) {
            assertThat(guard.authenticate(bearer(loopback, "/api/v1/cameras")).mustChangePassword())
                    .isTrue();
        }
        for (String outside : new String[] {"192.0.2.7", "127.0.0.1.example", "2001:db8::1", "::ffff:192.0.2.7", ""}) {
            refused(Kind.PASSWORD_CHANGE_REQUIRED, bearer(outside, "/api/v1/cameras"));
            guard.authenticate(bearer(outside, "/api/v1/auth/password"));
        }
        refused(Kind.PASSWORD_CHANGE_REQUIRED, bearer("192.0.2.7", "/api/v1/authority"));
        refused(Kind.PASSWORD_CHANGE_REQUIRED, cookie("GET", Optional.empty(), Optional.empty()));
    }

    @Test
    void whoseRoleIsForThoseWithASecondFactorEnrolsBeforeAnythingElse() throws Exception {
        StoredRole operator = parts.book().rules().role("operator").orElseThrow();
        parts.users().add("vera", "look-at-this-9", "operator", false);
        grant = parts.login("vera", "look-at-this-9");
        RequestCredentials cameras = bearer("127.0.0.1", "/api/v1/cameras");
        guard.authenticate(cameras);

        parts.book()
                .replace(new StoredRole(
                        "operator", "", operator.permissions(), true, operator.ptzPriority(), operator.version() + 1));

        refused(Kind.SECOND_FACTOR_REQUIRED, cameras);
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> guard.reauthenticate(cameras));
        guard.authenticate(bearer("127.0.0.1", "/api/v1/auth/totp"));
        refused(Kind.SECOND_FACTOR_REQUIRED, bearer("127.0.0.1", "/api/v1/api-keys"));

        SecondFactors.Enrolment enrolment =
                parts.factors().begin(grant.account().id(), "vera");
        parts.factors().confirm(grant.account().id(), TestFactors.code(enrolment.secret(), clock.instant()));
        assertThat(guard.authenticate(cameras).username()).isEqualTo("vera");

        parts.factors().remove(grant.account().id());
        refused(Kind.SECOND_FACTOR_REQUIRED, cameras);
    }

    @Test
    void rolesAllowWhatTheyAreFor() {
        Map<String, Set<Permission>> expected = Map.of(
                "administrator", EnumSet.allOf(Permission.class),
                "operator",
                        EnumSet.of(
                                Permission.VIEW_LIVE,
                                Permission.VIEW_ARCHIVE,
                                Permission.VIEW_CONFIGURATION,
                                Permission.VIEW_HEALTH,
                                Permission.VIEW_EVENTS,
                                Permission.RAISE_EVENTS,
                                Permission.CONTROL_RECORDING,
                                Permission.LISTEN,
                                Permission.TALK,
                                Permission.CONTROL_PTZ,
                                Permission.CONTROL_IMAGING,
                                Permission.CONTROL_IO,
                                Permission.EXPORT,
                                Permission.BOOKMARK),
                "viewer",
                        EnumSet.of(
                                Permission.VIEW_LIVE,
                                Permission.VIEW_ARCHIVE,
                                Permission.LISTEN,
                                Permission.VIEW_EVENTS),
                "guest", Set.of(),
                "unheard-of", Set.of());
        expected.forEach((role, allowed) -> {
            AuthenticatedUser user = new AuthenticatedUser(new UUID(0, 1), "u", role, false);
            for (Permission permission : Permission.values()) {
                boolean passed;
                try {
                    guard.require(user, permission, Optional.empty());
                    passed = true;
                } catch (AccessDeniedException e) {
                    assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN);
                    passed = false;
                }
                assertThat(passed).as("%s %s", role, permission).isEqualTo(allowed.contains(permission));
            }
        });
    }

    @Test
    void whoAsksTooOftenWaitsAndConnectionsThatGoOnAreNotCounted() throws Exception {
        AtomicLong nanos = new AtomicLong();
        CallerRates rates = new CallerRates(new Rates(2, 1), nanos::get);
        guard.setRates(rates);
        RequestCredentials request = bearer("127.0.0.1", "/api/v1/cameras");
        guard.authenticate(request);
        guard.authenticate(request);

        assertThatExceptionOfType(TooManyRequestsException.class)
                .isThrownBy(() -> guard.authenticate(request))
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isEqualTo(1))
                .withMessageContaining("user admin");
        guard.reauthenticate(request);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        guard.authenticate(request);

        rates.apply(new Rates(1, 1));
        AuthenticatedUser admin = rates.counted(guard.reauthenticate(request));
        AuthenticatedUser program = new AuthenticatedUser(
                admin.id(),
                admin.username(),
                admin.role(),
                false,
                Optional.of(new AuthenticatedUser.ApiKey(new UUID(0, 7), "probe", Set.of())));
        rates.counted(program);
        assertThatExceptionOfType(TooManyRequestsException.class)
                .as("a key counts by itself")
                .isThrownBy(() -> rates.counted(program))
                .withMessageContaining("API key");
        guard.unsetRates(rates);
        guard.authenticate(request);
    }

    @Test
    void theRolesOfAUserAreTheOneEverywhereAndThoseGivenSomewhere() {
        AuthenticatedUser vera = new AuthenticatedUser(new UUID(0, 5), "vera", "viewer", false);
        assertThat(guard.roles(vera)).containsExactly("viewer");
        parts.book().add(grant(vera, "operator", false));
        parts.book().add(grant(vera, "guest", true));
        assertThat(guard.roles(vera)).as("a denial gives nothing").containsExactlyInAnyOrder("viewer", "operator");
        AuthenticatedUser other = new AuthenticatedUser(new UUID(0, 6), "otto", "guest", false);
        assertThat(guard.roles(other)).containsExactly("guest");
    }

    private static StoredGrant grant(AuthenticatedUser user, String role, boolean denied) {
        return new StoredGrant(
                UUID.randomUUID(), user.id(), role, AccessScope.parse("group/North"), denied, Instant.EPOCH);
    }

    /** One a second, and so many at once. */
    private record Rates(int userRequestsBurst, int keyRequestsBurst) implements CallerRates.Config {
        @Override
        public int userRequestsPerSecond() {
            return 1;
        }

        @Override
        public int keyRequestsPerSecond() {
            return 1;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return CallerRates.Config.class;
        }
    }
}
