// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;

/** The clients of {@code sdk/clients}: their own tests, and the examples of their pages, on a running server. */
final class ApiClients {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));
    private static final Path REPORTS =
            Path.of(System.getProperty("nxvms.work"), "clients").toAbsolutePath();
    /** They take a few seconds on a machine that has nothing else to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String url;

    /** @param url of a server that records a camera */
    ApiClients(String url) {
        this.url = url;
    }

    void python() throws IOException, InterruptedException {
        run(
                "python",
                "/usr/bin/python3",
                "tests/run.py",
                REPORTS.resolve("TEST-python.xml").toString(),
                "test_server.py");
    }

    void javaScript() throws IOException, InterruptedException {
        run("js", "node", "--test", "test/server.test.mjs");
    }

    private void run(String language, String... command) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(ROOT.resolve("sdk/clients").resolve(language).toFile());
        program.environment().put("NXVMS_URL", url);
        program.environment().put("NXVMS_USER", "admin");
        program.environment().put("NXVMS_PASSWORD", PackedServer.PASSWORD);
        Commands.logged(program, REPORTS.resolve(language + ".log"), PATIENCE);
    }
}
