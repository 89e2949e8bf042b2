// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Footage that retention never removes: all streams of these cameras in a half-open stretch of time.
 *
 * @param cameraIds 1..{@link #CAMERAS_MAX}
 * @param reason for people, at most {@link #REASON_CHARS_MAX} characters, may be empty
 * @param createdBy name of the user
 */
public record EvidenceLock(
        UUID id, List<UUID> cameraIds, long fromUs, long toUs, String reason, String createdBy, long createdUs) {
    /** Cameras of one incident; several locks can cover more. */
    public static final int CAMERAS_MAX = 128;

    public static final int REASON_CHARS_MAX = 500;

    public EvidenceLock {
        cameraIds = List.copyOf(cameraIds);
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(createdBy, "createdBy");
        if (cameraIds.isEmpty() || cameraIds.size() > CAMERAS_MAX || toUs <= fromUs) {
            throw new IllegalArgumentException("a lock needs 1.." + CAMERAS_MAX + " cameras and from < to; it has "
                    + cameraIds.size() + ", " + fromUs + ", " + toUs);
        }
    }

    /** {@return whether footage of a camera between two moments is held by it} */
    public boolean holds(UUID cameraId, long startUs, long endUs) {
        return startUs < toUs && endUs > fromUs && cameraIds.contains(cameraId);
    }
}
