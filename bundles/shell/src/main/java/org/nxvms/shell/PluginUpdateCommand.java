// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** {@code nxvms:plugin-update}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-update",
        description =
                "Brings another version of a plugin up beside the one that serves, and takes that one out; it is kept"
                        + " for nxvms:plugin-rollback. With --try one camera tries it first, then all, and it goes"
                        + " again when something is worse than before.")
public final class PluginUpdateCommand extends PluginCommand {
    @Argument(name = "plugin", description = "Name of the plugin", required = true)
    @Completion(PluginCompleter.class)
    String plugin;

    @Argument(
            index = 1,
            name = "file",
            description = "Absolute path on the server, file: or mvn:group/artifact/version",
            required = true)
    String file;

    @Option(name = "--allow-unsigned", description = "Take it although nobody signed it")
    boolean allowUnsigned;

    @Option(name = "--try", description = "One camera first; nxvms:driver-rollout DRIVER tells how it stands")
    boolean trial;

    @Option(name = "--canary", description = "With --try: name or id of the camera to begin with")
    @Completion(CameraCompleter.class)
    String canary;

    @Option(name = "--soak", description = "With --try: how many seconds the canary, and then all, are watched")
    int soakSeconds = DriverRollouts.SOAK_SECONDS_DEFAULT;

    @Override
    void run(Services services, PluginAdmin plugins) throws PluginRefusedException, IOException, CommandException {
        if (trial) {
            tryOut(services, plugins);
            return;
        }
        if (canary != null) {
            throw new CommandException("--canary goes with --try.");
        }
        SwapReceipt receipt = plugins.update(plugin, PluginSources.of(file), allowUnsigned, BY);
        done(
                services,
                "plugin.updated",
                receipt,
                "Updated " + plugin + " to " + receipt.to().orElse(""));
    }

    private void tryOut(Services services, PluginAdmin plugins)
            throws PluginRefusedException, IOException, CommandException {
        Optional<UUID> first = Optional.empty();
        if (canary != null) {
            CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
            first = Optional.of(CameraNames.find(registry, canary).id());
        }
        try {
            PluginTrial how = new PluginTrial(first, soakSeconds);
            SwapReceipt receipt = plugins.tryOut(plugin, PluginSources.of(file), allowUnsigned, how, BY);
            done(
                    services,
                    "plugin.updated",
                    receipt,
                    "Version " + receipt.to().orElse("") + " of " + plugin + " is being tried");
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(wrong.getMessage(), wrong);
        }
    }
}
