// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/** Who is asked there. */
final class Nowhere {
    static final AccessGuard GUARD = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            if (!request.authorization().equals(Optional.of("Bearer good"))) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in first.");
            }
            return new AuthenticatedUser(new UUID(1, 1), "vera", "viewer", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, "Nobody asks here.");
        }
    };

    private Nowhere() {}
}
