// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.platform.api.support.SupportBusyException;

/** {@code nxvms:support-bundle}. */
@Service
@Command(
        scope = "nxvms",
        name = "support-bundle",
        description =
                "Writes a ZIP for who helps with this server: versions, states, figures, settings without texts, recent"
                        + " events and lines of the log. No secrets, no names of users or cameras, no addresses, no footage; its"
                        + " README.md says what each file is.")
public final class SupportBundleCommand extends ServerCommand {
    @Argument(name = "file", description = "Where to; it must not be there yet", required = true)
    String file;

    @Override
    void run(Services services) throws Exception {
        SupportBundles bundles = services.require(SupportBundles.class, "The part that makes support bundles");
        Path target = BackupCommand.located(session, file);
        OutputStream made;
        try {
            made = java.nio.channels.Channels.newOutputStream(Files.newByteChannel(
                    target,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(target + " is there already; nothing was written.", e);
        } catch (IOException e) {
            throw new CommandException("Nothing can be written to " + target + ": " + e, e);
        }
        try (OutputStream out = new BufferedOutputStream(made)) {
            SupportBundles.Written written = bundles.write(out, name -> out().println(name));
            out.flush();
            note(services, "support_bundle.made", "support-bundle", Map.of("file", target.toString()));
            out().println(written.files() + " files are in " + target
                    + ". Its README.md says what they are; read the log in it before you hand it on.");
        } catch (SupportBusyException e) {
            Files.deleteIfExists(target);
            throw new CommandException(e.getMessage(), e);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw new CommandException("The support bundle could not be written: " + e, e);
        }
    }
}
