// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.test.kit.TestCamera;

/** One key, of a user whose rights change, and one camera that may go. */
final class People implements KeySignIn, AccessGuard {
    static final String KEY_ID = "33333333-3333-3333-3333-333333333333";
    static final String KEY = "nxk_a-key-of-many-random-bits";
    static final AuthenticatedUser USER = new AuthenticatedUser(new UUID(7, 7), "vera", "viewer", false);

    volatile Set<Permission> rights = EnumSet.of(Permission.VIEW_LIVE, Permission.LISTEN);
    volatile Kind refusal = Kind.FORBIDDEN;
    volatile boolean removed;
    /** Whoever says anything is the user. */
    volatile boolean anybody;

    volatile boolean cameraRemoved;
    /** As one that is being exchanged. */
    volatile boolean stumbles;

    @Override
    public AuthenticatedUser prove(Proof proof, String address) throws AccessDeniedException {
        String secret = hash(proof.algorithm(), KEY_ID + ":" + REALM + ":" + KEY);
        String expected = hash(proof.algorithm(), secret + ":" + proof.question());
        return user(proof.keyId().equals(KEY_ID) && proof.response().equals(expected));
    }

    @Override
    public AuthenticatedUser present(String keyId, String key, String address) throws AccessDeniedException {
        return user(keyId.equals(KEY_ID) && key.equals(KEY));
    }

    @Override
    public AuthenticatedUser again(AuthenticatedUser user, String address) throws AccessDeniedException {
        return user(true);
    }

    private AuthenticatedUser user(boolean proved) throws AccessDeniedException {
        if (!proved && !anybody || removed) {
            throw new AccessDeniedException(Kind.UNAUTHENTICATED, "The API key is not valid.");
        }
        return USER;
    }

    @Override
    public AuthenticatedUser authenticate(RequestCredentials request) {
        throw new UnsupportedOperationException("there is no HTTP here");
    }

    @Override
    public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
            throws AccessDeniedException {
        if (stumbles) {
            throw new IllegalStateException("the guard goes");
        }
        if (!cameraId.equals(Optional.of(Stage.CAMERA))) {
            throw new AccessDeniedException(Kind.NOT_FOUND, "There is no such camera.");
        }
        if (!rights.contains(permission)) {
            throw new AccessDeniedException(refusal, "That is not for you.");
        }
    }

    private static String hash(Algorithm algorithm, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.id());
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    CameraRegistry cameras() {
        return (CameraRegistry) Proxy.newProxyInstance(
                People.class.getClassLoader(), new Class<?>[] {CameraRegistry.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("find")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    boolean known = !cameraRemoved && Stage.CAMERA.equals(arguments[0]);
                    return known ? Optional.of(camera()) : Optional.empty();
                });
    }

    private static Camera camera() {
        return TestCamera.of(Stage.CAMERA).named("Door").camera();
    }
}
