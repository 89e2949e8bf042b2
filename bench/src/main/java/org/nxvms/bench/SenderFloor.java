// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.nxvms.itests.harness.Commands;

/** What a viewer costs at least on this machine: a program in C that wakes up for each picture and sends it, and does nothing else. */
final class SenderFloor {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));
    /** By which of the kernel's protocols each way sends. */
    private static final Map<String, String> PROTOCOLS = Map.of("webrtc", "udp", "ws", "tcp");

    private final Path program;
    private final int picturesPerSecond;
    private final int bytesPerPicture;

    SenderFloor(Path work, int picturesPerSecond, double megabits) throws IOException {
        this.program = Files.createDirectories(work).resolve("sender");
        this.picturesPerSecond = picturesPerSecond;
        this.bytesPerPicture = (int) (megabits * 1e6 / 8 / picturesPerSecond);
        Commands.run(ROOT, "cc", "-O2", "-pthread", "-o", program.toString(), "bench/src/main/c/sender.c");
    }

    /** {@return percent of a core for each viewer} */
    double percentPerViewer(String way, int viewers, int seconds) throws IOException {
        String said = Commands.run(
                ROOT,
                program.toString(),
                PROTOCOLS.get(way),
                String.valueOf(viewers),
                String.valueOf(picturesPerSecond),
                String.valueOf(bytesPerPicture),
                String.valueOf(seconds));
        return Double.parseDouble(said.strip());
    }
}
