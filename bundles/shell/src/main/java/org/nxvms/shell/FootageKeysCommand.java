// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.FootageKeys;

/** {@code nxvms:footage-keys}. */
@Service
@Command(
        scope = "nxvms",
        name = "footage-keys",
        description = "Lists the keys of encrypted footage, which lie in keys/footage of the data folder; without them"
                + " the footage is lost, so keep a copy elsewhere.")
public final class FootageKeysCommand extends ServerCommand {
    @Option(
            name = "--rotate",
            description = "Make a new key for chunks that begin from now on; older footage keeps its own key")
    boolean rotate;

    @Option(
            name = "--segment",
            description = "Show the key of this segment alone, by its id: whoever has it can open that segment, and"
                    + " verify a copy of it")
    String segment;

    @Override
    void run(Services services) throws Exception {
        FootageKeys keys = services.require(FootageKeys.class, "The archive");
        if (segment != null) {
            byte[] key = key(keys);
            note(services, "footage_key.shown", "segment/" + segment, Map.of());
            out().println(HexFormat.of().formatHex(key));
            return;
        }
        if (rotate) {
            String made = keys.rotate().id();
            note(services, "footage_key.made", "footage-key/" + made, Map.of());
            out().println("Chunks that begin from now on are encrypted by " + made
                    + ". Copy keys/footage to where its copy lies.");
        }
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Made");
        table.column("Encrypts");
        table.emptyTableText("There is no key yet; it is made when a volume is to be encrypted.");
        keys.keys().forEach(key -> table.addRow()
                .addContent(key.id(), key.created().toString(), key.current() ? "now" : ""));
        table.print(out());
    }

    private byte[] key(FootageKeys keys) throws Exception {
        try {
            return keys.segmentKey(UUID.fromString(segment));
        } catch (NoSuchFileException gone) {
            throw new CommandException("There is no segment " + segment + ".");
        } catch (FootageKeyMissingException | IllegalArgumentException cannot) {
            throw new CommandException(cannot.getMessage() + ".");
        }
    }
}
