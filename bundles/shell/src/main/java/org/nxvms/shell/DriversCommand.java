// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:drivers}. */
@Service
@Command(
        scope = "nxvms",
        name = "drivers",
        description =
                "Lists the camera drivers installed now; of several versions one serves, see nxvms:driver-rollout.")
public final class DriversCommand extends ServerCommand {
    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Name");
        table.column("Version");
        table.column("Serves");
        table.column("Vendor");
        table.column("Bundle");
        table.column("Cameras").alignRight();
        table.column("Address, for example");
        table.emptyTableText(
                "No driver is installed. nxvms:plugin-install FILE or feature:install nxvms-driver-rtsp installs one.");
        for (CameraRegistry.InstalledDriver driver : registry.drivers()) {
            table.addRow()
                    .addContent(
                            driver.info().id(),
                            driver.info().name(),
                            driver.version(),
                            driver.serves() ? "yes" : "no",
                            driver.info().vendor(),
                            driver.bundle(),
                            driver.cameras(),
                            driver.info().addressHint());
        }
        table.print(out());
    }
}
