// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Comparator;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Command;

/** {@code nxvms:help}: what this shell can do, for somebody who sees it for the first time. */
@Service
@org.apache.karaf.shell.api.action.Command(
        scope = HelpCommand.SCOPE,
        name = "help",
        description = "Lists the commands of NXvms and those of Karaf an operator needs.")
public final class HelpCommand extends ServerCommand {
    static final String SCOPE = "nxvms";

    @Override
    void run(Services services) {
        List<Command> ours = session.getRegistry().getCommands().stream()
                .filter(command -> command.getScope().equals(SCOPE))
                .sorted(Comparator.comparing(Command::getName))
                .toList();
        int width = ours.stream()
                .mapToInt(command -> command.getName().length())
                .max()
                .orElse(0);
        for (Command command : ours) {
            out().printf("%s:%-" + width + "s  %s%n", SCOPE, command.getName(), command.getDescription());
        }
        out().print(
                        """

                        A command with --help tells its arguments; its options come before them. Of Karaf's own commands:
                        feature:list | grep nxvms     drivers that came with the server; feature:install, feature:uninstall
                        config:property-set --pid PID KEY VALUE   a setting, kept in the data folder's etc/
                        log:tail                      the log as it grows; Ctrl-C ends it
                        help                          all commands; Ctrl-D leaves the shell
                        """);
    }
}
