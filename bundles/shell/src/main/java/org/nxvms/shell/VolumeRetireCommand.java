// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.archive.VolumeAdmin;

/** {@code nxvms:volume-retire}. */
@Service
@Command(
        scope = "nxvms",
        name = "volume-retire",
        description =
                "Retires a volume: new footage goes to others within seconds, and what is on it is moved to them in"
                        + " the background. nxvms:volumes tells how far it is.")
public final class VolumeRetireCommand extends ServerCommand {
    @Argument(name = "volume", description = "Name of the volume", required = true)
    @Completion(VolumeCompleter.class)
    String volume;

    @Option(name = "--cancel", description = "Takes it into use again; what was moved stays where it is")
    boolean cancel;

    @Override
    void run(Services services) throws Exception {
        VolumeAdmin admin = services.require(VolumeAdmin.class, "The configuration of volumes");
        try {
            admin.retire(volume, !cancel);
        } catch (NoSuchResourceException | IllegalStateException refused) {
            throw new CommandException(refused.getMessage() + ".");
        }
        note(services, cancel ? "volume.used_again" : "volume.retired", "volume/" + volume, Map.of());
        out().println(
                        cancel
                                ? "Volume " + volume + " is in use again within seconds."
                                : "Volume " + volume
                                        + " is being emptied; see nxvms:volumes. Take it back with --cancel.");
    }
}
