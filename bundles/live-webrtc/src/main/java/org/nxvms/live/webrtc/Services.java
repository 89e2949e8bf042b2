// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessGuard;

/** What this part asks of others: dynamic references, each null while the service is away. */
record Services(
        Supplier<StreamHub> hub,
        Supplier<AccessGuard> guard,
        Supplier<CameraRegistry> cameras,
        Supplier<Renditions> renditions) {
    /** Without streams that are encoded anew. */
    Services(Supplier<StreamHub> hub, Supplier<AccessGuard> guard, Supplier<CameraRegistry> cameras) {
        this(hub, guard, cameras, () -> null);
    }
}
