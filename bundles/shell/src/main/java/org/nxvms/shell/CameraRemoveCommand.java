// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:camera-remove}. */
@Service
@Command(
        scope = "nxvms",
        name = "camera-remove",
        description = "Removes a camera. Its footage stays until retention removes it.")
public final class CameraRemoveCommand extends ServerCommand {
    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        Camera found = CameraNames.find(registry, camera);
        if (!registry.delete(found.id())) {
            throw new CommandException("The camera " + found.name() + " was removed by somebody else meanwhile.");
        }
        note(services, "camera.removed", "camera/" + found.id(), Map.of("name", found.name()));
        out().println("Removed " + found.name() + " (" + found.id()
                + "); its footage stays until retention removes it");
    }
}
