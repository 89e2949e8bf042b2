// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that are not ours, run to their end: ffmpeg, ffprobe, tar, node. */
public final class Commands {
    private Commands() {}

    /** Runs a program that must succeed within two minutes; {@return its standard output}. */
    public static String run(Path folder, String... command) {
        Result result = attempt(folder, command);
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", command) + "\n" + result.output() + "\n" + result.errors());
        }
        return result.output();
    }

    public static Result attempt(Path folder, String... command) {
        try {
            Path errors = Files.createTempFile("nxvms", ".err");
            Path output = Files.createTempFile("nxvms", ".out");
            try {
                Process process = new ProcessBuilder(List.of(command))
                        .directory(folder.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
                if (!process.waitFor(120, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("no end within 120 s: " + String.join(" ", command));
                }
                return new Result(process.exitValue(), text(output), text(errors));
            } finally {
                Files.delete(errors);
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    public record Result(int status, String output, String errors) {}
}
