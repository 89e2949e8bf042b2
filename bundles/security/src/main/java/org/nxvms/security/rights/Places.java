// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessScope;

/**
 * Where cameras stand in the tree, as the registry says at the moment of asking. While it is away, or has not read its
 * cameras yet, they stand where they stood last. Any thread.
 */
final class Places {
    private final AccessScope[] server;
    private final Supplier<CameraRegistry> cameras;
    private final Map<UUID, Place> known = new ConcurrentHashMap<>();

    /** Levels, and of which camera's facts they were made. */
    private record Place(UUID serverId, Optional<String> group, AccessScope[] levels) {
        boolean isOf(Camera camera) {
            return serverId.equals(camera.serverId()) && group.equals(camera.group());
        }
    }

    /** @param cameras null while the registry is away */
    Places(UUID serverId, Supplier<CameraRegistry> cameras) {
        this.server = new AccessScope[] {AccessScope.server(serverId), AccessScope.SITE};
        this.cameras = cameras;
    }

    /** {@return the levels of this server: itself, the site} */
    AccessScope[] server() {
        return server;
    }

    /** {@return the levels of a camera, itself first; empty when it is not known} */
    Optional<AccessScope[]> camera(UUID id) {
        CameraRegistry registry = cameras.get();
        if (registry != null) {
            try {
                Optional<Camera> camera = registry.find(id);
                if (camera.isEmpty()) {
                    known.remove(id);
                    return Optional.empty();
                }
                return Optional.of(place(camera.get()).levels());
            } catch (StoreException notReadYet) {
                return Optional.ofNullable(known.get(id)).map(Place::levels);
            }
        }
        return Optional.ofNullable(known.get(id)).map(Place::levels);
    }

    private Place place(Camera camera) {
        Place before = known.get(camera.id());
        if (before != null && before.isOf(camera)) {
            return before;
        }
        List<AccessScope> levels = new ArrayList<>();
        levels.add(AccessScope.camera(camera.id()));
        camera.group().map(AccessScope::groups).ifPresent(levels::addAll);
        levels.add(AccessScope.server(camera.serverId()));
        levels.add(AccessScope.SITE);
        Place now = new Place(camera.serverId(), camera.group(), levels.toArray(AccessScope[]::new));
        known.put(camera.id(), now);
        return now;
    }

    /** {@return the levels of a group on whichever server} */
    static AccessScope[] ofGroup(AccessScope group) {
        List<AccessScope> levels = new ArrayList<>(AccessScope.groups(group.id()));
        levels.add(AccessScope.SITE);
        return levels.toArray(AccessScope[]::new);
    }

    /** {@return the levels of a place that is no single camera, or of a camera that is known} */
    Optional<AccessScope[]> levels(AccessScope scope) {
        return switch (scope.type()) {
            case SITE -> Optional.of(new AccessScope[] {AccessScope.SITE});
            case SERVER -> Optional.of(new AccessScope[] {scope, AccessScope.SITE});
            case GROUP -> {
                List<AccessScope> levels = new ArrayList<>(AccessScope.groups(scope.id()));
                levels.addAll(List.of(server));
                yield Optional.of(levels.toArray(AccessScope[]::new));
            }
            case CAMERA -> camera(UUID.fromString(scope.id()));
        };
    }
}
