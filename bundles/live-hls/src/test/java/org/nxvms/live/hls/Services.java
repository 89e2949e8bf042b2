// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.TestCamera;

/** A guard and a registry that change their minds. */
final class Services {
    static final AuthenticatedUser USER = new AuthenticatedUser(new UUID(7, 7), "vera", "viewer", false);

    static final class Guard implements AccessGuard {
        volatile boolean expired;
        volatile boolean renewed;
        volatile boolean deaf;
        /** How it refuses. */
        volatile AccessDeniedException.Kind kind = AccessDeniedException.Kind.FORBIDDEN;

        final Set<UUID> hidden = ConcurrentHashMap.newKeySet();

        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            if (expired || !request.authorization().equals(Optional.of("Bearer good"))) {
                throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in again.");
            }
            return USER;
        }

        @Override
        public AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
            return renewed ? USER : authenticate(request);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            boolean known = permission == Permission.VIEW_LIVE || permission == Permission.LISTEN && !deaf;
            if (!known || hidden.contains(cameraId.orElseThrow())) {
                throw new AccessDeniedException(kind, "You may not watch this camera.");
            }
        }
    }

    /** Knows {@link Stage#CAMERA} until it is removed. */
    static final class Registry {
        volatile boolean removed;
        volatile Optional<GapCause> cause = Optional.empty();

        CameraRegistry service() {
            return (CameraRegistry) Proxy.newProxyInstance(
                    Registry.class.getClassLoader(),
                    new Class<?>[] {CameraRegistry.class},
                    (proxy, method, arguments) -> {
                        boolean known = !removed && Stage.CAMERA.equals(arguments[0]);
                        return switch (method.getName()) {
                            case "find" -> known ? Optional.of(camera()) : Optional.empty();
                            case "status" -> known ? Optional.of(status()) : Optional.empty();
                            default -> throw new UnsupportedOperationException(method.getName());
                        };
                    });
        }

        private CameraStatus status() {
            return new CameraStatus(
                    CameraStatus.State.OFFLINE, cause, "It does not answer.", Instant.EPOCH, true, List.of());
        }

        private static Camera camera() {
            return TestCamera.of(Stage.CAMERA).named("Door").camera();
        }
    }

    private Services() {}

    static RequestCredentials credentials() {
        return new RequestCredentials(
                "GET",
                Optional.of("Bearer good"),
                java.util.Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("127.0.0.1"),
                false,
                "127.0.0.1",
                "/media/v1/live/" + Stage.CAMERA);
    }
}
