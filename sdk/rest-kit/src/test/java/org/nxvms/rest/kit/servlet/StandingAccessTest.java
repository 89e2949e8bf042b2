// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/** A download goes on as long as its right does. */
class StandingAccessTest {
    private static final UUID CAMERA = new UUID(1, 1);

    private long nowNs;
    private boolean away;
    private boolean expired;
    private boolean mayNot;
    private int asked;

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            asked++;
            if (expired) {
                throw new AccessDeniedException(Kind.UNAUTHENTICATED, "Sign in.");
            }
            return new AuthenticatedUser(new UUID(0, 1), "vera", "viewer", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (mayNot || permission != Permission.VIEW_ARCHIVE || !cameraId.equals(Optional.of(CAMERA))) {
                throw new AccessDeniedException(Kind.FORBIDDEN, "You may not.");
            }
        }
    };

    private final StandingAccess access = new StandingAccess(
            () -> away ? null : guard,
            new RequestCredentials(
                    "GET",
                    Optional.of("Bearer x"),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    "192.0.2.7",
                    "/media/v1/segments/x"),
            Set.of(Permission.VIEW_ARCHIVE),
            Optional.of(CAMERA),
            () -> nowNs);

    private void pass(long ms) throws AccessDeniedException {
        for (long end = nowNs + TimeUnit.MILLISECONDS.toNanos(ms); nowNs < end; nowNs += 10_000_000) {
            access.check();
        }
    }

    @Test
    void isAskedForEveryTwoSecondsAndNotForEachPiece() throws Exception {
        pass(10_100);
        assertThat(asked).isEqualTo(5);
    }

    @Test
    void endsWithinTwoSecondsWithTheRightOrTheSession() throws Exception {
        pass(1_000);
        mayNot = true;
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> pass(1_100));
        mayNot = false;
        expired = true;
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> pass(2_100));
    }

    @Test
    void aGuardThatIsReplacedIsWaitedForAndOneThatStaysAwayIsNot() throws Exception {
        away = true;
        pass(29_000);
        away = false;
        pass(3_000);
        away = true;
        pass(29_000);
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> pass(5_000));
    }
}
