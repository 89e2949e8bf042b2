// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/**
 * Knows the bearer tokens {@code admin}, who may everything, {@code chief}, who goes before others at moving cameras, and
 * {@code viewer}, who may watch; {@code keeper} may do all but move cameras.
 */
public final class FakeGuard implements AccessGuard {
    @Override
    public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
        String token = request.authorization().orElse("").replace("Bearer ", "");
        return switch (token) {
            case "admin" -> new AuthenticatedUser(new UUID(0, 1), "admin", "administrator", false);
            case "chief" -> new AuthenticatedUser(new UUID(0, 3), "chief", "operator", false);
            case "keeper" -> new AuthenticatedUser(new UUID(0, 4), "keeper", "keeper", false);
            case "viewer" -> new AuthenticatedUser(new UUID(0, 2), "vera", "viewer", false);
            default -> throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in.");
        };
    }

    @Override
    public int ptzPriority(AuthenticatedUser user, UUID cameraId) {
        return user.username().equals("chief") ? 80 : 50;
    }

    @Override
    public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
            throws AccessDeniedException {
        if (user.role().equals("viewer") && permission != Permission.VIEW_LIVE) {
            throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
        }
        if (user.role().equals("keeper") && permission == Permission.CONTROL_PTZ) {
            throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
        }
    }
}
