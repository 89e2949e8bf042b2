// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.TrustedCertificate;

/** {@code nxvms:plugin-trust}. */
@Service
@Command(
        scope = "nxvms",
        name = "plugin-trust",
        description = "Trusts plugins signed with a certificate; without one lists those that are trusted.")
public final class PluginTrustCommand extends PluginCommand {
    /** Longer than any certificate. */
    private static final int FILE_BYTES_MAX = 1 << 16;

    @Argument(name = "file", description = "Absolute path of an X.509 certificate as PEM, on the server")
    String file;

    @Option(name = "--remove", description = "SHA-256 of a certificate that is trusted no more")
    String remove;

    @Override
    void run(Services services, PluginAdmin plugins) throws IOException, CommandException {
        if (remove != null) {
            if (!plugins.distrust(remove, BY)) {
                throw new CommandException(
                        "No certificate \"" + remove + "\" is trusted. nxvms:plugin-trust lists them.");
            }
            note(services, "plugin.vendor_distrusted", "certificate/" + remove, Map.of());
            out().println("Not trusted any more; plugins that it signed stay installed");
            return;
        }
        if (file != null) {
            TrustedCertificate added = plugins.trust(read(file), BY);
            note(
                    services,
                    "plugin.vendor_trusted",
                    "certificate/" + added.sha256(),
                    Map.of("subject", added.subject()));
            out().println("Trusted " + added.subject() + ", SHA-256 " + added.sha256());
            return;
        }
        ShellTable table = new ShellTable();
        table.column("SHA-256");
        table.column("Subject");
        table.column("Valid until");
        table.emptyTableText(
                "No certificate is trusted, so only unsigned plugins can be installed, and only when that is said.");
        plugins.trusted().forEach(one -> table.addRow().addContent(one.sha256(), one.subject(), one.expires()));
        table.print(out());
    }

    private static String read(String typed) throws CommandException {
        try (InputStream in = Files.newInputStream(Path.of(typed))) {
            return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new CommandException(
                    "The server cannot read " + typed + " (" + unreadable.getMessage() + ").", unreadable);
        }
    }
}
