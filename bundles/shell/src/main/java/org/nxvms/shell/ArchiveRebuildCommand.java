// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.archive.ArchiveMaintenance;

/** {@code nxvms:archive-rebuild}. */
@Service
@Command(
        scope = "nxvms",
        name = "archive-rebuild",
        description = "Makes the index from the footage on the volumes while recording goes on. Footage is never"
                + " removed.")
public final class ArchiveRebuildCommand extends ServerCommand {
    @Override
    void run(Services services) throws Exception {
        ArchiveMaintenance archive = services.require(ArchiveMaintenance.class, "The archive");
        ArchiveMaintenance.Report report = MaintenanceOutput.run(archive, a -> a.rebuild(MaintenanceOutput.progress()));
        MaintenanceOutput.print(report);
        long problems =
                report.problems().values().stream().mapToLong(Long::longValue).sum();
        out().println(report.repaired() + " of " + problems + " put right");
        if (report.repaired() < problems) {
            throw new CommandException((problems - report.repaired()) + " problems are left; see the list above.");
        }
    }
}
