// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.security.SigningKeys;

/** {@code nxvms:signing-keys}. */
@Service
@Command(
        scope = "nxvms",
        name = "signing-keys",
        description =
                "Lists the keys that sign access tokens, which lie in keys/tokens.jwks of the data folder; there is"
                        + " a new one every rotationDays of org.nxvms.security.keys.")
public final class SigningKeysCommand extends ServerCommand {
    @Option(name = "--rotate", description = "Make a new key now; tokens of the old one are good until they end")
    boolean rotate;

    @Option(
            name = "--replace-all",
            description = "Make a new key and believe no token of the old ones: for when somebody may have read them."
                    + " Programs and browsers refresh their sessions and go on")
    boolean replaceAll;

    @Override
    void run(Services services) throws Exception {
        SigningKeys keys = services.require(SigningKeys.class, "Signing in");
        try {
            if (replaceAll) {
                keys.replaceAll();
                note(services, "keys.replaced", "", Map.of());
                out().println("Access tokens of before are withdrawn.");
            } else if (rotate) {
                keys.rotate();
                note(services, "keys.rotated", "", Map.of());
            }
        } catch (UncheckedIOException e) {
            throw new CommandException(e.getMessage() + ". The key has not changed.", e);
        }
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Made");
        table.column("Signs");
        keys.keys().forEach(key -> table.addRow()
                .addContent(
                        key.id(),
                        key.created().toString(),
                        key.until().map(SigningKeysCommand::leaving).orElse("now")));
        table.print(out());
    }

    private static String leaving(Instant until) {
        return "no more; its tokens end by " + until;
    }
}
