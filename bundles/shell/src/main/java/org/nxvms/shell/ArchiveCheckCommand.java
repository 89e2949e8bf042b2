// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.archive.ArchiveMaintenance;

/** {@code nxvms:archive-check}. */
@Service
@Command(
        scope = "nxvms",
        name = "archive-check",
        description = "Compares the footage on the volumes with the index; changes nothing. Fails when they do not"
                + " agree.")
public final class ArchiveCheckCommand extends ServerCommand {
    @Option(name = "--hashes", description = "Also read all footage and compare it with its SHA-256; takes long")
    boolean hashes;

    @Override
    void run(Services services) throws Exception {
        ArchiveMaintenance archive = services.require(ArchiveMaintenance.class, "The archive");
        ArchiveMaintenance.Report report =
                MaintenanceOutput.run(archive, a -> a.check(hashes, MaintenanceOutput.progress()));
        MaintenanceOutput.print(report);
        if (!report.sound()) {
            throw new CommandException(
                    "The index does not agree with the volumes. nxvms:archive-rebuild puts it right.");
        }
    }
}
