// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web server as the distribution's etc/jetty.xml has it. */
class WebServerFileTest {
    @TempDir
    private Path folder;

    @Test
    void whoTakesAllConnectionsTakesNoneOfTheMachineItself() throws Exception {
        Server server = WebServerFile.read(Files.createFile(folder.resolve("https.p12")), Map.of());

        ConnectionLimit limit = server.getBean(ConnectionLimit.class);
        assertThat(limit.getMaxConnections()).isEqualTo(4_000);
        limit.start();
        try {
            Map<String, Boolean> limited = Arrays.stream(server.getConnectors())
                    .map(AbstractConnector.class::cast)
                    .collect(Collectors.toMap(Connector::getName, connector -> connector.contains(limit)));
            assertThat(limited).containsOnly(Map.entry("loopback", false), Map.entry("everybody", true));
        } finally {
            limit.stop();
        }
    }
}
