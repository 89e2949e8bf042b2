// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Objects;
import java.util.UUID;

/** What was to be added is configured already. */
public class CameraKnownException extends Exception {
    private static final long serialVersionUID = 1L;

    private final UUID camera;

    public CameraKnownException(UUID camera) {
        super("There is a camera with this driver and this address already.");
        this.camera = Objects.requireNonNull(camera, "camera");
    }

    /** {@return which one it is} */
    public UUID camera() {
        return camera;
    }
}
