// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** {@code nxvms:plugin-remove}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-remove",
        description = "Takes a plugin out for good, its previous version too.")
public final class PluginRemoveCommand extends PluginCommand {
    @Argument(name = "plugin", description = "Name of the plugin", required = true)
    @Completion(PluginCompleter.class)
    String plugin;

    @Override
    void run(Services services, PluginAdmin plugins) throws PluginRefusedException, IOException {
        SwapReceipt receipt = plugins.remove(plugin, BY);
        done(services, "plugin.removed", receipt, "Removed " + plugin);
    }
}
