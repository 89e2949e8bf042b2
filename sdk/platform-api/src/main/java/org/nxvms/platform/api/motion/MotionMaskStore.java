// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.motion;

import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the motion masks of cameras; offered by persistence. Any thread; blocks for one transaction, throws {@link
 * org.nxvms.platform.api.StoreException} when the database fails. With a camera its mask goes.
 */
@ProviderType
public interface MotionMaskStore {
    /** {@return that of a camera, {@link MotionMask#NONE} before one was given} */
    MotionMask of(UUID cameraId);

    /**
     * Replaces that of a camera if its version is one less than the given one's.
     *
     * @return false when it is another one, or the camera is gone; nothing is changed
     */
    boolean replace(UUID cameraId, MotionMask mask);
}
