// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.archive.ArchiveKeys;

/** {@code nxvms:archive-keys}. */
@Service
@Command(
        scope = "nxvms",
        name = "archive-keys",
        description = "Lists the public keys that sign footage; keep them elsewhere too.")
public final class ArchiveKeysCommand extends ServerCommand {
    @Option(
            name = "--rotate",
            description = "Make a new key for what is sealed from now on; the old private key is removed")
    boolean rotate;

    @Override
    void run(Services services) throws Exception {
        ArchiveKeys keys = services.require(ArchiveKeys.class, "The archive");
        if (rotate) {
            out().println("Footage is signed by " + keys.rotate().id() + " from now on");
        }
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Signs");
        table.emptyTableText("There is no key yet; it is made when the first chunk is sealed.");
        keys.keys().forEach(key -> table.addRow().addContent(key.id(), key.current() ? "now" : ""));
        table.print(out());
    }
}
