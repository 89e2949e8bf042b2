// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;

/** {@code nxvms:cameras}. */
@Service
@Command(
        scope = "nxvms",
        name = "cameras",
        description = "Lists the cameras: how each one fares, its rates, and what is wrong where something is.")
public final class CamerasCommand extends ServerCommand {
    @Argument(name = "filter", description = "Part of the name, group or address, in any case; all when left out")
    String filter = "";

    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        String part = filter.toLowerCase(Locale.ROOT);
        List<Camera> cameras =
                registry.list().stream().filter(camera -> matches(camera, part)).toList();
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Name").maxSize(32);
        table.column("Driver");
        table.column("State");
        table.column("Mbit/s").alignRight();
        table.column("fps").alignRight();
        table.column("Address").maxSize(48);
        table.column("What is wrong").maxSize(80);
        table.emptyTableText(
                part.isEmpty() ? "There are no cameras. Add one with nxvms:camera-add." : "No camera matches.");
        for (Camera camera : cameras) {
            Optional<CameraStatus> status = registry.status(camera.id());
            Optional<CameraStatus.Stream> first =
                    status.flatMap(s -> s.streams().stream().findFirst());
            table.addRow()
                    .addContent(
                            camera.id(),
                            camera.name(),
                            camera.driver()
                                    + (status.filter(CameraStatus::driverPresent)
                                                    .isPresent()
                                            ? ""
                                            : " (absent)"),
                            status.map(s -> s.state().name().toLowerCase(Locale.ROOT))
                                    .orElse("starting"),
                            first.map(s -> String.format(Locale.ROOT, "%.1f", s.bitrateBps() / 1e6))
                                    .orElse(""),
                            first.map(s -> String.format(Locale.ROOT, "%.1f", s.framesPerSecond()))
                                    .orElse(""),
                            camera.address(),
                            status.map(CameraStatus::detail).orElse(""));
        }
        table.print(out());
    }

    private static boolean matches(Camera camera, String part) {
        return camera.name().toLowerCase(Locale.ROOT).contains(part)
                || camera.group().orElse("").toLowerCase(Locale.ROOT).contains(part)
                || camera.address().toString().toLowerCase(Locale.ROOT).contains(part);
    }
}
