// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.BackupSummary;
import org.nxvms.platform.api.backup.Backups;

/** {@code nxvms:backup}. */
@Service
@Command(
        scope = "nxvms",
        name = "backup",
        description =
                "Writes cameras, users, rights, API keys, audit, settings and keys into one file that is encrypted by"
                        + " a passphrase; not footage. Recording goes on. The passphrase is asked for, or read from"
                        + " --passphrase-file; without it nobody can open the file.")
public final class BackupCommand extends ServerCommand {
    @Argument(
            name = "file",
            description =
                    "Where to; it must not be there yet. By default a file named by the time in backups/ of the data"
                            + " folder")
    String file;

    @Option(
            name = "--passphrase-file",
            description = "File whose first line is the passphrase; - reads standard input",
            valueToShowInHelp = "asked for")
    String passphraseFile;

    @Override
    void run(Services services) throws Exception {
        Backups backups = services.require(Backups.class, "The part that makes backups");
        String passphrase = PasswordInput.read(session, passphraseFile, "Passphrase of the backup: ");
        if (passphraseFile == null
                && !PasswordInput.read(session, null, "The same again: ").equals(passphrase)) {
            throw new CommandException("These are two passphrases; nothing was written.");
        }
        Optional<Path> target = Optional.ofNullable(file).map(name -> located(session, name));
        try {
            BackupSummary made = backups.write(target, passphrase, step -> out().println(step));
            note(
                    services,
                    "backup.made",
                    "server/" + made.serverId(),
                    Map.of("file", made.file().toString()));
            out().println(made.rows() + " rows and " + made.files() + " files are in " + made.file()
                    + ". Keep it, and the passphrase apart from it, on another machine.");
        } catch (BackupException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    static Path located(org.apache.karaf.shell.api.console.Session session, String name) {
        return session.currentDir() == null
                ? Path.of(name).toAbsolutePath()
                : session.currentDir().resolve(name);
    }
}
