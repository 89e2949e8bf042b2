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

/** {@code nxvms:plugin-disable}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-disable",
        description = "Takes a plugin out of the running server and keeps it, also over restarts.")
public final class PluginDisableCommand extends PluginCommand {
    @Argument(name = "plugin", description = "Name of the plugin", required = true)
    @Completion(PluginCompleter.class)
    String plugin;

    @Override
    void run(Services services, PluginAdmin plugins) throws PluginRefusedException, IOException {
        SwapReceipt receipt = plugins.disable(plugin, BY);
        done(services, "plugin.disabled", receipt, "Disabled " + plugin + "; nxvms:plugin-enable brings it back");
    }
}
