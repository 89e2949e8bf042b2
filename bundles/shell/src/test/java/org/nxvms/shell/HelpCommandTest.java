// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;
import org.junit.jupiter.api.Test;

class HelpCommandTest {
    @Test
    void ourCommandsAreListedByNameWithWhatTheyDo() throws Exception {
        Console console = new Console()
                .commands(Console.proxy(
                        Registry.class,
                        (name, arguments) -> List.of(
                                command("nxvms", "status", "Shows the parts."),
                                command("bundle", "list", "Lists bundles."),
                                command("nxvms", "cameras", "Lists the cameras."))));

        String printed = console.run(new HelpCommand());

        assertThat(printed.lines().limit(3))
                .containsExactly("nxvms:cameras  Lists the cameras.", "nxvms:status   Shows the parts.", "");
        assertThat(printed).contains("feature:install").doesNotContain("Lists bundles.");
    }

    private static Command command(String scope, String name, String description) {
        return Console.proxy(Command.class, (method, arguments) -> switch (method) {
            case "getScope" -> scope;
            case "getName" -> name;
            case "getDescription" -> description;
            default -> throw new UnsupportedOperationException(method);
        });
    }
}
