// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Sealed chunks that are being removed or moved: one who does so at a time, and checks leave them alone. Any thread. */
final class ChunkClaims {
    private final Set<UUID> segments = ConcurrentHashMap.newKeySet();

    /** {@return false when another has it} */
    boolean claim(UUID segmentId) {
        return segments.add(segmentId);
    }

    /**
     * As {@link #claim(UUID)}, but not while somebody compares volumes and index: he says so first and then waits until
     * nobody has any, so whoever asks him only before he claims may come in between.
     */
    boolean claim(UUID segmentId, BooleanSupplier isPaused) {
        if (!claim(segmentId)) {
            return false;
        }
        if (isPaused.getAsBoolean()) {
            release(segmentId);
            return false;
        }
        return true;
    }

    void release(UUID segmentId) {
        segments.remove(segmentId);
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    boolean isClaimed(UUID segmentId) {
        return segments.contains(segmentId);
    }
}
