// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;

/** Whether two addresses name the same place, however they are written. */
final class SamePlace {
    /** What a port that is not written means. */
    private static final Map<String, Integer> USUAL_PORTS = Map.of("http", 80, "https", 443, "rtsp", 554, "rtsps", 322);

    private SamePlace() {}

    /** {@return whether a camera is what a draft would add: at the same place, by the same driver} */
    static boolean isOf(Camera camera, CameraDraft draft) {
        return camera.driver().equals(draft.driver()) && place(camera.address()).equals(place(draft.address()));
    }

    private record Place(String scheme, String host, int port, String path, String query) {}

    private static Place place(URI address) {
        String scheme = text(address.getScheme()).toLowerCase(Locale.ROOT);
        String path = text(address.getRawPath());
        return new Place(
                scheme,
                text(address.getHost()).toLowerCase(Locale.ROOT),
                address.getPort() < 0 ? USUAL_PORTS.getOrDefault(scheme, -1) : address.getPort(),
                path.equals("/") ? "" : path,
                text(address.getRawQuery()));
    }

    private static String text(String part) {
        return Optional.ofNullable(part).orElse("");
    }
}
