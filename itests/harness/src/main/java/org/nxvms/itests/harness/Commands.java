// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that are not ours, run to their end: ffmpeg, ffprobe, tar, node. */
public final class Commands {
    /** How much of a log a failure shows. */
    private static final int END_LINES = 120;

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

    /**
     * Runs a program that must succeed, its output in a file, whose end a failure shows: what it writes into the test's
     * own standard output is lost among that of all others.
     */
    public static void logged(ProcessBuilder program, Path log, Duration limit)
            throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        Process process = program.redirectInput(
                        ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        if (process.exitValue() != 0) {
            List<String> lines = text(log).lines().toList();
            throw new AssertionError(String.join(" ", program.command()) + "\n"
                    + (ended ? "ended with " + process.exitValue() : "no end within " + limit.toSeconds() + " s")
                    + "; all of its output is in " + log + ", which ends:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - END_LINES), lines.size())));
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    public record Result(int status, String output, String errors) {}
}
