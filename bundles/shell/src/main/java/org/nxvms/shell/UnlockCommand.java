// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.archive.EvidenceLocks;

/** {@code nxvms:unlock}. */
@Service
@Command(
        scope = "nxvms",
        name = "unlock",
        description = "Takes a lock back; retention may remove its footage from then on.")
public final class UnlockCommand extends ServerCommand {
    @Argument(name = "id", description = "Id of the lock, see nxvms:locks", required = true)
    @Completion(LockCompleter.class)
    String id;

    @Override
    void run(Services services) throws Exception {
        EvidenceLocks locks = services.require(EvidenceLocks.class, "The archive");
        try {
            if (!locks.unlock(UUID.fromString(id), LockCommand.BY)) {
                throw none();
            }
        } catch (IllegalArgumentException noId) {
            throw none();
        } catch (IOException notWritten) {
            throw new CommandException(
                    "That could not be written down, so the lock still holds: " + notWritten.getMessage()
                            + ". Check the server's data folder and try again.",
                    notWritten);
        }
        note(services, "lock.removed", "lock/" + id, Map.of());
        out().println("Unlocked " + id + "; retention may remove its footage from now on");
    }

    private CommandException none() {
        return new CommandException("There is no lock \"" + id + "\". nxvms:locks lists them.");
    }
}
