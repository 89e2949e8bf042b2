// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.motion.MotionMaskStore;

/** The port's contract in memory; the real one is tested in bundles/persistence. */
final class MemoryMasks implements MotionMaskStore {
    private final Map<UUID, MotionMask> all = new ConcurrentHashMap<>();

    @Override
    public MotionMask of(UUID cameraId) {
        return all.getOrDefault(cameraId, MotionMask.NONE);
    }

    @Override
    public boolean replace(UUID cameraId, MotionMask mask) {
        return of(cameraId).version() == mask.version() - 1 && all.put(cameraId, mask) != mask;
    }
}
