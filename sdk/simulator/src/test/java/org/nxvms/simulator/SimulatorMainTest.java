// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.simulator.clip.TestClips;

/** The program as a script starts it: a process of its own. */
@Timeout(180)
class SimulatorMainTest {
    private static final String DATA = TestClips.FOLDER.toString();

    @Test
    void itTellsItsStreamsThenReadyAndEndsWhenAsked() throws Exception {
        Process process = start(
                "--cameras",
                "2",
                "--port",
                "0",
                "--clip",
                "small",
                "--seconds",
                "2",
                "--data",
                DATA,
                "--device",
                "vapix",
                "--http-port",
                "0");
        try {
            List<String> lines = linesUntilReady(process);
            assertThat(lines).filteredOn(line -> line.startsWith("camera ")).hasSize(6);
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("camera 2 http http://127.0.0.1:"))
                    .hasSize(1);
            Matcher first = Pattern.compile("camera 1 main rtsp://127\\.0\\.0\\.1:(\\d+)/cam/1/main phaseMs=0")
                    .matcher(String.join("\n", lines));
            assertThat(first.find()).isTrue();
            try (Socket client = new Socket("127.0.0.1", Integer.parseInt(first.group(1)))) {
                client.getOutputStream()
                        .write("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readNBytes(15)).asString().isEqualTo("RTSP/1.0 200 OK");
            }
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aWrongCommandLineEndsWithTwoAndATakenPortWithOne() throws Exception {
        assertThat(output(start("--cameras", "many"), 2)).contains("--cameras: 'many'", "--fault N:KIND");
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            Process process =
                    start("--cameras", "1", "--port", port, "--clip", "small", "--seconds", "2", "--data", DATA);
            assertThat(output(process, 1)).contains("camera 1 cannot listen on 127.0.0.1:" + port);
        }
        assertThat(output(start("--help"), 0)).contains("--cameras N");
    }

    private static List<String> linesUntilReady(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); !"READY".equals(line); line = reader.readLine()) {
            assertThat(line).as("the program ended after " + lines).isNotNull();
            lines.add(line);
        }
        return lines;
    }

    private static String output(Process process, int exit) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exit);
        return output;
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
