// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.test.kit.TestCamera;

/** Cameras that are configured. */
public final class FakeRegistry {
    public final Set<UUID> ids = ConcurrentHashMap.newKeySet();

    public FakeRegistry(UUID... ids) {
        this.ids.addAll(List.of(ids));
    }

    public CameraRegistry service() {
        return (CameraRegistry) Proxy.newProxyInstance(
                CameraRegistry.class.getClassLoader(),
                new Class<?>[] {CameraRegistry.class},
                (self, method, args) -> switch (method.getName()) {
                    case "list" ->
                        ids.stream().sorted().map(FakeRegistry::camera).toList();
                    case "find" ->
                        Optional.of((UUID) args[0]).filter(ids::contains).map(FakeRegistry::camera);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** {@return what refuses ids of none of these, of which nothing was recorded either} */
    public NamedCameras named(Archive archive) {
        CameraRegistry registry = service();
        return new NamedCameras(new KnownCameras(() -> registry, () -> archive));
    }

    private static Camera camera(UUID id) {
        return TestCamera.of(id).camera();
    }
}
