// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.integration.Connection;
import org.nxvms.platform.api.integration.Integration;

/** {@code nxvms:integrations}. */
@Service
@Command(
        scope = "nxvms",
        name = "integrations",
        description =
                "Lists the other systems that are told what happens, such as webhooks: state, what arrived, what waits.")
public final class IntegrationsCommand extends ServerCommand {
    @Override
    void run(Services services) throws Exception {
        ShellTable table = new ShellTable();
        table.column("Integration");
        table.column("Name");
        table.column("State");
        table.column("Delivered").alignRight();
        table.column("Failures").alignRight();
        table.column("Lost").alignRight();
        table.column("Waiting").alignRight();
        table.column("Last attempt");
        table.column("Last delivery");
        table.column("Detail");
        List<Integration> all = services.all(Integration.class);
        table.emptyTableText(
                all.isEmpty()
                        ? "No integration is installed. feature:install nxvms-integration-webhook installs one."
                        : "Nothing is told to other systems. POST /api/v1/webhooks adds a webhook.");
        for (Integration integration : all) {
            for (Connection connection : integration.connections()) {
                Connection.Figures figures = connection.figures();
                table.addRow()
                        .addContent(
                                integration.name(),
                                connection.name(),
                                connection.state().name().toLowerCase(Locale.ROOT),
                                figures.delivered(),
                                figures.failures(),
                                figures.lost(),
                                figures.waiting(),
                                connection.attempted().map(Instant::toString).orElse("-"),
                                connection.delivered().map(Instant::toString).orElse("-"),
                                connection.detail());
            }
        }
        table.print(out());
    }
}
