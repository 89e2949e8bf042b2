// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.nxvms.platform.api.security.UserDirectory;

/** {@code nxvms:user-add}. */
@Service
@Command(
        scope = "nxvms",
        name = "user-add",
        description = "Adds a user. The password is asked for, or read from --password-file.")
public final class UserAddCommand extends ServerCommand {
    @Argument(name = "username", description = "Name to sign in with", required = true)
    String username;

    @Option(name = "--role", description = "administrator, operator, viewer, guest or a role of your own")
    @Completion(
            value = StringsCompleter.class,
            values = {"administrator", "operator", "viewer", "guest"})
    String role = "viewer";

    @Option(
            name = "--password-file",
            description = "File whose first line is the password; - reads standard input",
            valueToShowInHelp = "asked for")
    String passwordFile;

    @Option(name = "--must-change", description = "The password has to be changed at the first sign-in")
    boolean mustChange;

    @Override
    void run(Services services) throws Exception {
        UserDirectory users = services.require(UserDirectory.class, "The user directory");
        String password = PasswordInput.read(session, passwordFile, "Password of " + username + ": ");
        UserDirectory.User user = users.add(username, password, role, mustChange);
        note(services, "user.added", "user/" + user.username(), Map.of("role", user.role()));
        out().println("Added " + user.username() + " as " + user.role());
    }
}
