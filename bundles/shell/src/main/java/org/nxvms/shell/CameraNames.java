// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** Finds the camera someone means: by id, or by name while only one has it. */
final class CameraNames {
    private CameraNames() {}

    static Camera find(CameraRegistry registry, String idOrName) throws CommandException {
        List<Camera> found = registry.list().stream()
                .filter(camera -> isId(camera.id(), idOrName) || camera.name().equalsIgnoreCase(idOrName))
                .toList();
        if (found.isEmpty()) {
            throw new CommandException(
                    "There is no camera with the id or name \"" + idOrName + "\". nxvms:cameras lists them.");
        }
        if (found.size() > 1) {
            throw new CommandException(found.size() + " cameras are named \"" + idOrName + "\"; give one of the ids "
                    + String.join(
                            ", ",
                            found.stream().map(camera -> camera.id().toString()).toList())
                    + ".");
        }
        return found.get(0);
    }

    private static boolean isId(UUID id, String text) {
        return id.toString().equalsIgnoreCase(text);
    }
}
