// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * Which streams of a camera carry its metadata, and whether that tells of objects. Any thread; a session goes on to play what
 * its stream carried when it was set up.
 */
public final class SceneData {
    private final boolean able;
    private final FarmLoop loop;
    private final Set<Camera.Role> carrying = ConcurrentHashMap.newKeySet();
    private volatile boolean objects;

    SceneData(Metadata metadata, FarmLoop loop) {
        this.able = metadata != Metadata.NONE;
        this.loop = loop;
        this.objects = metadata == Metadata.CARRIED;
        if (metadata == Metadata.CARRIED) {
            carrying.addAll(Set.of(Camera.Role.values()));
        }
    }

    /** {@return whether the camera has metadata at all} */
    public boolean isAble() {
        return able;
    }

    public boolean isCarriedBy(Camera.Role role) {
        return carrying.contains(role);
    }

    public boolean hasObjects() {
        return objects;
    }

    /** Of a camera that {@link #isAble}. */
    public void carry(Camera.Role role, boolean carried) {
        if (!able) {
            throw new IllegalStateException("this camera has no metadata");
        }
        loop.await(() -> {
            if (carried) {
                carrying.add(role);
            } else {
                carrying.remove(role);
            }
        });
    }

    public void tellObjects(boolean told) {
        loop.await(() -> objects = told);
    }

    /** On the farm's thread. */
    Optional<PacketTrack> track(Camera.Role role, Media media) {
        return carrying.contains(role)
                ? Optional.of(objects ? media.metadata() : media.emptyMetadata())
                : Optional.empty();
    }
}
