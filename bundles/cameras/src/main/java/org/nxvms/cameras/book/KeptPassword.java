// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;

/**
 * Where a stored password, or a secret setting, may go: only to hosts and ports it was entered for. Otherwise who may
 * change a camera's address could have it sent to a machine of their own.
 */
public final class KeptPassword {
    private static final Map<String, Integer> DEFAULT_PORTS =
            Map.of("rtsp", 554, "rtsps", 322, "http", 80, "https", 443, "rtmp", 1935, "rtmps", 443);

    private KeptPassword() {}

    /** {@return whether a draft relies on the password stored with a camera} */
    public static boolean isMeant(Camera stored, CameraDraft draft) {
        return stored.hasPassword()
                && draft.password().isEmpty()
                && draft.username().isPresent();
    }

    /**
     * @param draft as {@link DraftRules} let it pass
     * @throws InvalidCameraException when the draft relies on a stored secret for another host or port
     */
    public static void check(Camera stored, CameraDraft draft) throws InvalidCameraException {
        Set<String> known = places(stored.address(), stored.subAddress().orElse(stored.address()));
        Set<String> wanted = places(draft.address(), draft.subAddress().orElse(draft.address()));
        wanted.removeAll(known);
        if (wanted.isEmpty()) {
            return;
        }
        String elsewhere =
                String.join(", ", wanted) + ", which is another host or port than it was entered for. Enter ";
        Map<String, String> errors = new HashMap<>();
        if (isMeant(stored, draft)) {
            errors.put("password", "The stored password is not sent to " + elsewhere + "the password again.");
        }
        for (String name : SealedSettings.names(draft.settings())) {
            errors.put("settings." + name, "The stored value is not sent to " + elsewhere + "it again.");
        }
        if (!errors.isEmpty()) {
            throw new InvalidCameraException(errors);
        }
    }

    /** {@return whether a camera has nothing else that is secret, nor another address, but its password} */
    public static boolean isAll(Camera camera) {
        return camera.subAddress().isEmpty()
                && SealedSettings.names(camera.settings()).isEmpty();
    }

    private static Set<String> places(URI first, URI second) {
        Set<String> places = new HashSet<>();
        places.add(place(first));
        places.add(place(second));
        return places;
    }

    private static String place(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int port = address.getPort() < 0 ? DEFAULT_PORTS.getOrDefault(scheme, -1) : address.getPort();
        // A file of this server has no host.
        String host = address.getHost() == null ? scheme : address.getHost().toLowerCase(Locale.ROOT);
        return host + (port < 0 ? "" : ":" + port);
    }
}
