// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.SwapReceipt;

/** Base of commands on plugins: the installer, and its refusals as one sentence that names what is to blame. */
abstract class PluginCommand extends ServerCommand {
    static final String BY = "shell";

    abstract void run(Services services, PluginAdmin plugins)
            throws PluginRefusedException, IOException, CommandException;

    @Override
    final void run(Services services) throws Exception {
        try {
            run(services, services.require(PluginAdmin.class, "The plugin installer"));
        } catch (PluginRefusedException refused) {
            throw new CommandException("Refused, " + refused.field() + ": " + refused.getMessage(), refused);
        } catch (IllegalStateException notNow) {
            throw new CommandException(notNow.getMessage() + ".", notNow);
        } catch (IOException disk) {
            throw new CommandException(
                    "The data folder cannot be used (" + disk.getMessage() + "); see the server's log.", disk);
        }
    }

    /** Says what was done, and notes it. */
    final void done(Services services, String action, SwapReceipt receipt, String what) {
        Map<String, String> after = new TreeMap<>(Map.of("receipt", receipt.id().toString()));
        receipt.from().ifPresent(version -> after.put("fromVersion", version));
        receipt.to().ifPresent(version -> after.put("version", version));
        receipt.sha256().ifPresent(sha256 -> after.put("sha256", sha256));
        note(services, action, "plugin/" + receipt.plugin(), after);
        out().println(what + (receipt.detail().isEmpty() ? "" : ". " + receipt.detail()));
        out().println("Receipt " + receipt.id());
    }
}
