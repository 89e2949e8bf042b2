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

/** {@code nxvms:plugin-enable}. */
@Service
@Command(scope = "nxvms", name = "plugin-enable", description = "Brings a plugin up that was disabled or has failed.")
public final class PluginEnableCommand extends PluginCommand {
    @Argument(name = "plugin", description = "Name of the plugin", required = true)
    @Completion(PluginCompleter.class)
    String plugin;

    @Override
    void run(Services services, PluginAdmin plugins) throws PluginRefusedException, IOException {
        SwapReceipt receipt = plugins.enable(plugin, BY);
        done(
                services,
                "plugin.enabled",
                receipt,
                "Enabled " + plugin + " " + receipt.to().orElse(""));
    }
}
