// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts child processes: a JVM of the server's own kind on a plain class path, with nothing secret in its arguments or
 * environment.
 *
 * @param classes says where the child's own classes are
 * @param libraries folder of the jars of JavaCPP and FFmpeg
 * @param work folder for unpacked native libraries and what children leave; made when missing
 * @param gentle whether children have the lowest priority, so that they take what others leave
 */
record Launcher(Classes classes, Path libraries, Path work, boolean gentle) {
    /** A folder that may have to be made first. */
    interface Classes {
        Path folder() throws IOException;
    }

    /** Of coreutils; becomes the child, so that its number is the child's. */
    private static final Path NICE = Path.of("/usr/bin/nice");

    private static final String MAIN = "org.nxvms.media.worker.child.WorkerMain";

    Launcher(Classes classes, Path libraries, Path work) {
        this(classes, libraries, work, false);
    }

    /** {@return the same for children that others come before} */
    Launcher gently() {
        return new Launcher(classes, libraries, work, true);
    }

    /** @param errors takes what the JVM itself prints */
    Process start(Limits limits, Path errors) throws IOException {
        Files.createDirectories(work);
        ProcessBuilder builder = new ProcessBuilder(command(limits));
        Map<String, String> environment = builder.environment();
        // The server's holds the database's password.
        environment.clear();
        environment.put("LANG", "C.UTF-8");
        // glibc's arenas, one per thread, would double what a small process holds.
        environment.put("MALLOC_ARENA_MAX", "2");
        builder.directory(work.toFile());
        builder.redirectError(errors.toFile());
        return builder.start();
    }

    private List<String> command(Limits limits) throws IOException {
        List<String> command = new ArrayList<>();
        if (gentle && Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xms8m",
                "-Xmx" + limits.heapMiB() + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=16m",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + Remains.reports(work).resolve("hs_err_%p.log"),
                // A picture of all its memory, as large as that, tells less than the report.
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + work));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        // One folder per jar and version is made below it, so an upgrade never overwrites mapped libraries.
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + work.resolve("natives"));
        // Its own watch on memory counts the server's machine, not this process.
        command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
        command.add("-cp");
        command.add(classPath());
        command.add(MAIN);
        return command;
    }

    private String classPath() throws IOException {
        if (!Files.isDirectory(libraries)) {
            throw new IOException("the folder " + libraries + " with FFmpeg's jars is missing; install the distribution"
                    + " completely or name the folder in etc/org.nxvms.media.worker.cfg");
        }
        try (Stream<Path> jars = Files.list(libraries)) {
            List<String> entries = new ArrayList<>(List.of(classes.folder().toString()));
            jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .sorted()
                    .map(Path::toString)
                    .forEach(entries::add);
            return String.join(File.pathSeparator, entries);
        }
    }
}
