// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** {@code nxvms:plugin-install}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-install",
        description = "Installs a plugin from a JAR or KAR while the server records; nothing else is touched.")
public final class PluginInstallCommand extends PluginCommand {
    @Argument(
            name = "file",
            description = "Absolute path on the server, file: or mvn:group/artifact/version",
            required = true)
    String file;

    @Option(name = "--allow-unsigned", description = "Take it although nobody signed it")
    boolean allowUnsigned;

    @Override
    void run(Services services, PluginAdmin plugins) throws PluginRefusedException, IOException, CommandException {
        SwapReceipt receipt = plugins.install(PluginSources.of(file), allowUnsigned, BY);
        done(
                services,
                "plugin.installed",
                receipt,
                "Installed " + receipt.plugin() + " " + receipt.to().orElse(""));
    }
}
