// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.security.UserDirectory;

/** {@code nxvms:user-password}. */
@Service
@Command(
        scope = "nxvms",
        name = "user-password",
        description = "Sets a user's password and ends all sessions of that user. The password is asked for, or read"
                + " from --password-file.")
public final class UserPasswordCommand extends ServerCommand {
    @Argument(name = "username", description = "Name of the user", required = true)
    @Completion(UserCompleter.class)
    String username;

    @Option(
            name = "--password-file",
            description = "File whose first line is the password; - reads standard input",
            valueToShowInHelp = "asked for")
    String passwordFile;

    @Option(name = "--must-change", description = "The password has to be changed at the next sign-in")
    boolean mustChange;

    @Override
    void run(Services services) throws Exception {
        UserDirectory users = services.require(UserDirectory.class, "The user directory");
        if (users.list().stream().noneMatch(user -> user.username().equalsIgnoreCase(username))) {
            throw new CommandException("There is no user \"" + username + "\".");
        }
        String password = PasswordInput.read(session, passwordFile, "New password of " + username + ": ");
        try {
            users.setPassword(username, password, mustChange);
        } catch (NoSuchElementException e) {
            throw new CommandException("The user \"" + username + "\" was removed meanwhile.", e);
        }
        note(services, "auth.password_changed", "user/" + username, Map.of());
        out().println("The password of " + username + " is set; all sessions of this user have ended");
    }
}
