// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;

/**
 * Which ids name a camera: one that is configured, or one that was and has left footage or gaps. Who cannot be asked now refuses
 * nothing: evidence is locked, and footage shown, whether or not the registry and the database are there. Says nothing of rights: they
 * are asked first. Any thread; a camera that is configured is found in memory, for any other one look-up in the archive's index blocks,
 * once in {@value #BELIEVED_SECONDS} s where it has left something: that goes by retention, and is then known for so long at most.
 */
public final class KnownCameras {
    private static final int BELIEVED_SECONDS = 60;
    /** More than any site has taken down; beyond, all are asked anew. */
    private static final int BELIEVED_MAX = 10_000;

    private final Supplier<CameraRegistry> cameras;
    private final Supplier<Archive> archive;
    private final LongSupplier nanoTime;
    /** What has left something, and when that was asked. */
    private final Map<UUID, Long> left = new ConcurrentHashMap<>();

    /** Each answers null while its service is away, and is asked each time. */
    public KnownCameras(Supplier<CameraRegistry> cameras, Supplier<Archive> archive) {
        this(cameras, archive, System::nanoTime);
    }

    /** For tests. */
    KnownCameras(Supplier<CameraRegistry> cameras, Supplier<Archive> archive, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.cameras = Objects.requireNonNull(cameras, "cameras");
        this.archive = Objects.requireNonNull(archive, "archive");
    }

    /** {@return whether it is certain that no camera has this id and nothing is left of one that had it} */
    public boolean isUnknown(UUID id) {
        return isNotConfigured(cameras.get(), id) && hasLeftNothing(id);
    }

    /**
     * For what only a configured camera can do, to be live.
     *
     * @param registry null while it is away
     * @return whether it says that no camera has this id now
     */
    public static boolean isNotConfigured(CameraRegistry registry, UUID id) {
        try {
            return registry != null && registry.find(id).isEmpty();
        } catch (StoreException notReadYet) {
            return false;
        }
    }

    private boolean hasLeftNothing(UUID id) {
        Long asked = left.get(id);
        long now = nanoTime.getAsLong();
        if (asked != null && now - asked < TimeUnit.SECONDS.toNanos(BELIEVED_SECONDS)) {
            return false;
        }
        Archive footage = archive.get();
        try {
            if (footage == null) {
                return false;
            }
            boolean nothing = footage.streams(id).isEmpty();
            if (nothing) {
                left.remove(id);
            } else {
                if (left.size() >= BELIEVED_MAX) {
                    left.clear();
                }
                left.put(id, now);
            }
            return nothing;
        } catch (StoreException notNow) {
            return false;
        }
    }
}
