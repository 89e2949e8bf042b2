// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/**
 * Rights that must hold as long as an answer goes on: asked for again every two seconds, while bytes are sent. A guard
 * that is away for a moment, e.g. being replaced, is waited for. One thread at a time.
 */
public final class StandingAccess {
    private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long GUARD_ABSENT_NS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final Supplier<AccessGuard> guards;
    private final RequestCredentials credentials;
    private final Set<Permission> permissions;
    private final Optional<UUID> cameraId;
    private final LongSupplier nanoTime;
    private long askedNs;
    private long answeredNs;

    /**
     * Of an answer that was just allowed.
     *
     * @param guards a dynamic reference, null while the guard is away
     */
    public StandingAccess(
            Supplier<AccessGuard> guards,
            RequestCredentials credentials,
            Set<Permission> permissions,
            Optional<UUID> cameraId) {
        this(guards, credentials, permissions, cameraId, System::nanoTime);
    }

    /** As the other, by a clock of its own: nanoseconds from any point on. */
    public StandingAccess(
            Supplier<AccessGuard> guards,
            RequestCredentials credentials,
            Set<Permission> permissions,
            Optional<UUID> cameraId,
            LongSupplier nanoTime) {
        this.guards = guards;
        this.credentials = credentials;
        this.permissions = Set.copyOf(permissions);
        this.cameraId = cameraId;
        this.nanoTime = nanoTime;
        askedNs = nanoTime.getAsLong();
        answeredNs = askedNs;
    }

    /** @throws AccessDeniedException when one does not hold any more, or nobody could say for too long */
    public void check() throws AccessDeniedException {
        long now = nanoTime.getAsLong();
        if (now - askedNs < CHECK_NS) {
            return;
        }
        askedNs = now;
        AccessGuard guard = guards.get();
        if (guard == null) {
            if (now - answeredNs > GUARD_ABSENT_NS_MAX) {
                throw new AccessDeniedException(
                        AccessDeniedException.Kind.FORBIDDEN, "Rights cannot be checked now. Try again.");
            }
            return;
        }
        answeredNs = now;
        AuthenticatedUser user = guard.reauthenticate(credentials);
        for (Permission permission : permissions) {
            guard.require(user, permission, cameraId);
        }
    }
}
