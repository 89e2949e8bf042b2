// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginVersion;

/** {@code nxvms:plugin-list}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-list",
        description = "Lists the plugins: version, state, who signed them, what the conformance kit found.")
public final class PluginListCommand extends PluginCommand {
    @Option(
            name = "--long",
            description = "Tell the permissions they ask for, their hashes and where they came from too")
    boolean more;

    @Override
    void run(Services services, PluginAdmin plugins) {
        ShellTable table = new ShellTable();
        table.column("Name");
        table.column("Version");
        table.column("State");
        table.column("Before");
        table.column("On trial");
        table.column("Signed by");
        table.column("Licence");
        table.column("Conformance");
        table.column("Detail");
        table.emptyTableText("No plugin is installed. nxvms:plugin-install FILE installs one.");
        for (Plugin plugin : plugins.plugins()) {
            PluginVersion now = plugin.current();
            table.addRow()
                    .addContent(
                            plugin.name(),
                            now.version(),
                            plugin.state().name().toLowerCase(Locale.ROOT),
                            plugin.previous().map(PluginVersion::version).orElse("-"),
                            plugin.tried().map(PluginVersion::version).orElse("-"),
                            now.signer().map(PluginVersion.Signer::subject).orElse("nobody"),
                            now.licence(),
                            now.conformance().map(PluginListCommand::score).orElse("not tested"),
                            plugin.detail());
        }
        table.print(out());
        if (more) {
            plugins.plugins().forEach(PluginListCommand::describe);
        }
    }

    private static void describe(Plugin plugin) {
        PluginVersion now = plugin.current();
        out().println();
        out().println(plugin.name() + " " + now.version() + ", " + now.title() + ", " + now.vendor());
        out().println("  came from    " + now.from() + ", brought by " + now.by() + " at " + now.installed());
        out().println("  SHA-256      " + now.sha256());
        now.signer().ifPresent(signer -> out().println("  certificate  " + signer.certificateSha256()));
        if (now.permissions().isEmpty()) {
            out().println("  asks for no permissions");
        }
        now.permissions().forEach(permission -> out().println("  asks for     " + permission));
    }

    private static String score(PluginVersion.Conformance score) {
        return score.passed() + " passed, " + score.failed() + " failed, " + score.skipped() + " skipped";
    }
}
