// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.BackupSummary;
import org.nxvms.platform.api.backup.Backups;

/** {@code nxvms:restore}. */
@Service
@Command(
        scope = "nxvms",
        name = "restore",
        description =
                "Reads a backup to its end and prepares it; all of it is put in place when the server starts next, on"
                        + " whatever database it runs. Until then nothing changes and recording goes on. The passphrase is"
                        + " asked for, or read from --passphrase-file.")
public final class RestoreCommand extends ServerCommand {
    @Argument(name = "file", description = "The file that nxvms:backup wrote")
    String file;

    @Option(
            name = "--passphrase-file",
            description = "File whose first line is the passphrase; - reads standard input",
            valueToShowInHelp = "asked for")
    String passphraseFile;

    @Option(
            name = "--replace",
            description = "What this server knows gives way; it is written to a backup with the same passphrase first")
    boolean replace;

    @Option(name = "--cancel", description = "Take back a restore that was prepared and not yet put in place")
    boolean cancel;

    @Override
    void run(Services services) throws Exception {
        Backups backups = services.require(Backups.class, "The part that makes backups");
        try {
            if (cancel) {
                takeBack(services, backups);
            } else {
                prepare(services, backups);
            }
        } catch (BackupException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private void takeBack(Services services, Backups backups) throws Exception {
        if (!backups.cancel()) {
            throw new CommandException("No restore is prepared.");
        }
        note(services, "backup.restore_cancelled", "", Map.of());
        out().println("The restore is taken back; the server stays as it is");
    }

    private void prepare(Services services, Backups backups) throws Exception {
        if (file == null) {
            throw new CommandException("Give the file that nxvms:backup wrote, or --cancel.");
        }
        String passphrase = PasswordInput.read(session, passphraseFile, "Passphrase of the backup: ");
        Backups.Prepared prepared =
                backups.prepare(BackupCommand.located(session, file), passphrase, replace, step -> out().println(step));
        BackupSummary restored = prepared.restored();
        note(
                services,
                "backup.restore_prepared",
                "server/" + restored.serverId(),
                Map.of("made", restored.made().toString()));
        out().println("The backup of " + restored.serverName() + " (" + restored.serverId() + ") of " + restored.made()
                + " is whole: " + restored.rows() + " rows, " + restored.files() + " files");
        prepared.keptAside().ifPresent(kept -> out().println("What is here now is in " + kept));
        out().println("Restart the server to put it in place: recording pauses for those seconds, everybody signs in"
                + " again, and what is changed here until then is lost. nxvms:restore --cancel takes it"
                + " back");
    }
}
