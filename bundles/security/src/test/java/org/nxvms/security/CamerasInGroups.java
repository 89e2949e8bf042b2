// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.RecordingSettings;

/** What rights ask of the registry: which cameras there are, and in which groups. */
public final class CamerasInGroups {
    private final Map<UUID, Camera> cameras = new ConcurrentHashMap<>();
    private final UUID serverId;

    public CamerasInGroups(UUID serverId) {
        this.serverId = serverId;
    }

    public void put(UUID id, String group) {
        cameras.put(
                id,
                new Camera(
                        id,
                        1,
                        serverId,
                        "Camera",
                        "rtsp",
                        URI.create("rtsp://192.0.2.1/"),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        true,
                        Optional.of(group).filter(name -> !name.isEmpty()),
                        Map.of(),
                        RecordingSettings.DEFAULT,
                        Instant.EPOCH,
                        Instant.EPOCH));
    }

    public void remove(UUID id) {
        cameras.remove(id);
    }

    public CameraRegistry registry() {
        return (CameraRegistry) Proxy.newProxyInstance(
                CameraRegistry.class.getClassLoader(), new Class<?>[] {CameraRegistry.class}, (self, method, args) -> {
                    if (method.getName().equals("find")) {
                        return Optional.ofNullable(cameras.get((UUID) args[0]));
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
