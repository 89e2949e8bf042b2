// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.problem.Problem;

/** Knows one bearer token, cameras that its user may not know of, and rights the user does not have. */
public final class FakeGuard implements AccessGuard {
    public static final String TOKEN = "good";
    public static final AuthenticatedUser USER = new AuthenticatedUser(new UUID(7, 7), "vera", "viewer", false);

    public final Set<UUID> hidden = ConcurrentHashMap.newKeySet();
    public final Set<Permission> missing = ConcurrentHashMap.newKeySet();
    /** Rights the user does not have at single cameras. */
    public final Map<UUID, Set<Permission>> missingAt = new ConcurrentHashMap<>();

    @Override
    public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
        if (!request.authorization().equals(Optional.of("Bearer " + TOKEN))) {
            throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in first.");
        }
        return USER;
    }

    @Override
    public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
            throws AccessDeniedException {
        if (cameraId.isPresent() && hidden.contains(cameraId.get())) {
            throw new AccessDeniedException(
                    AccessDeniedException.Kind.NOT_FOUND,
                    Problem.noCamera(cameraId.get()).detail());
        }
        if (missing.contains(permission)
                || cameraId.isPresent()
                        && missingAt.getOrDefault(cameraId.get(), Set.of()).contains(permission)) {
            throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "You may not " + permission + ".");
        }
    }
}
