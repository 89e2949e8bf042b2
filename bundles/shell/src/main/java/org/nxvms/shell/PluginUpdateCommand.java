// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** {@code nxvms:plugin-update}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-update",
        description =
                "Brings another version of a plugin up beside the one that serves, and takes that one out; it is kept"
                        + " for nxvms:plugin-rollback.")
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

    @Override
    void run(PluginAdmin plugins) throws PluginRefusedException, IOException, CommandException {
        SwapReceipt receipt = plugins.update(plugin, PluginSources.of(file), allowUnsigned, BY);
        done(receipt, "Updated " + plugin + " to " + receipt.to().orElse(""));
    }
}
