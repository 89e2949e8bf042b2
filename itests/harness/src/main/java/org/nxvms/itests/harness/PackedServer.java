// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The distribution as packed, unpacked into a folder of its own and run as a process. Restarting keeps
 * folder, data and ports.
 */
public final class PackedServer implements AutoCloseable {
    public static final String PASSWORD = "Correct-horse-7-battery";
    private static final int END_SECONDS_MAX = 120;
    private static final String DATABASE = "nxvms.mv.db";
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root")).normalize();
    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));

    private final Path archive;
    private final Path data;
    private final Map<String, String> environment = new HashMap<>();
    private final int httpPort = Ports.free();
    private final int httpsPort = Ports.free();
    private final int sshPort = Ports.free();
    private final int rtspPort = Ports.free();
    private Path home;
    private Process process;

    private PackedServer(String name, Path archive) throws IOException {
        Path folder = WORK.resolve(name);
        deleteTree(folder);
        Files.createDirectories(folder);
        this.archive = archive;
        this.home = unpack(folder, archive);
        this.data = folder.resolve("data");
        environment.put("NXVMS_DATA", data.toString());
        environment.put("NXVMS_HTTP_PORT", String.valueOf(httpPort));
        environment.put("NXVMS_HTTPS_PORT", String.valueOf(httpsPort));
        environment.put("NXVMS_SSH_PORT", String.valueOf(sshPort));
        environment.put("NXVMS_RTSP_PORT", String.valueOf(rtspPort));
        environment.put("NXVMS_WEBRTC_PORT", String.valueOf(Ports.free()));
        environment.put("NXVMS_ADMIN_PASSWORD", PASSWORD);
    }

    /** Unpacks a server into a fresh folder; does not start it. */
    public static PackedServer unpacked(String name) {
        return unpacked(name, built());
    }

    /** As {@link #unpacked(String)}, another packed server than the one that was built here. */
    public static PackedServer unpacked(String name, Path archive) {
        try {
            return new PackedServer(name, archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PackedServer with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Writes {@code etc/PID.cfg} below the data folder; before the start or while it runs. */
    public PackedServer configured(String pid, String... lines) {
        try {
            Path settings = Files.createDirectories(data.resolve("etc"));
            Files.write(settings.resolve(pid + ".cfg"), List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /**
     * Exchanges the unpacked distribution, as an update does: the folder the server ran from is gone, data and ports stay.
     * While it is stopped.
     *
     * @param news makes the fresh folder another version than the one before
     */
    public PackedServer updated(Consumer<Path> news) {
        try {
            Path folder = home.getParent();
            deleteTree(home);
            home = unpack(Files.createDirectories(folder.resolve("update")), archive);
            news.accept(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** {@return the folder of the unpacked distribution} */
    public Path home() {
        return home;
    }

    public Path data() {
        return data;
    }

    /** {@return the process id of the server's JVM} */
    public long pid() {
        return process.descendants()
                .filter(p -> p.info().command().orElse("").endsWith("java"))
                .findFirst()
                .map(ProcessHandle::pid)
                .orElse(process.pid());
    }

    public int httpPort() {
        return httpPort;
    }

    public int httpsPort() {
        return httpsPort;
    }

    public int rtspPort() {
        return rtspPort;
    }

    public int sshPort() {
        return sshPort;
    }

    /** {@return what the JVM and the start script themselves printed, over all starts} */
    public Path console() {
        return home.getParent().resolve("console.log");
    }

    /** Runs {@code ./nxvms shell COMMAND} of the checkout. */
    public Commands.Result shell(String command) {
        Map<String, String> its = forScript();
        return Commands.attempt(
                ROOT,
                "env",
                "NXVMS_DATA=" + its.get("NXVMS_DATA"),
                "NXVMS_SSH_PORT=" + its.get("NXVMS_SSH_PORT"),
                "./nxvms",
                "shell",
                command);
    }

    /**
     * {@return the environment in which {@code ./nxvms} of the checkout, which is in {@code NXVMS_ROOT}, takes this running
     * server for one that it has started}
     */
    public Map<String, String> forScript() {
        Path its = Path.of(environment.get("NXVMS_DATA"));
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid()), "stat"));
            String started = stat.substring(stat.lastIndexOf(") ") + 2).split(" ")[19];
            Path run = Files.createDirectories(its.resolve("run"));
            Files.writeString(run.resolve("server.pid"), pid() + " " + started + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "NXVMS_DATA", its.toString(), "NXVMS_SSH_PORT", String.valueOf(sshPort), "NXVMS_ROOT", ROOT.toString());
    }

    /** Starts the process and waits until the server says it is ready, for minutes: how soon it is, {@code bench boot} tells. */
    public Api start() {
        launch();
        Api api = new Api(httpPort);
        Waiting.until("the server is ready", 180, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the server ended with status " + process.exitValue() + " while starting; see "
                        + home.getParent());
            }
            return api.isReady();
        });
        return api;
    }

    /** Starts the process, and waits for nothing. */
    public void launch() {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            home.resolve("bin/karaf").toString(), "server")
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
            // What the test runner's own JVM was told must not leak into the server.
            builder.environment().keySet().removeIf(k -> k.startsWith("MAVEN_") || k.startsWith("JAVA_TOOL_"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends the process as a power cut would: SIGKILL, to the JVM itself. The embedded database is kept as the last kill has
     * left it, beside the data folder: the next start changes it.
     */
    public void kill() {
        end(ProcessHandle::destroyForcibly);
        Path database = data.resolve("db").resolve(DATABASE);
        try {
            if (Files.exists(database)) {
                Files.copy(database, data.resolveSibling("killed-" + DATABASE), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #kill}, at a moment that nothing the server does decides. */
    public void killAfter(Duration time) {
        try {
            process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        kill();
    }

    /** Ends the process as an administrator would: SIGTERM. */
    public void stop() {
        if (process != null && process.isAlive()) {
            end(ProcessHandle::destroy);
        }
    }

    /** Returns when the start script <em>and</em> the JVM it started are gone: the script ends long before. */
    private void end(Consumer<ProcessHandle> signal) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(signal);
        CompletableFuture<?> gone =
                CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            gone.get(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            all.forEach(ProcessHandle::destroyForcibly);
            throw new AssertionError("the server did not end within " + END_SECONDS_MAX + " s", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the footage files on the default volume, sealed and open} */
    public List<Path> footage() {
        return Footage.below(data.resolve("archive"));
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            stop();
        }
    }

    private static Path built() {
        try (Stream<Path> files = Files.list(ROOT.resolve("karaf-distribution/target"))) {
            return files.filter(f -> f.getFileName().toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("karaf-distribution is not built"));
        } catch (IOException e) {
            throw new UncheckedIOException("karaf-distribution is not built", e);
        }
    }

    private static Path unpack(Path folder, Path archive) throws IOException {
        Commands.run(folder, "tar", "-xzf", archive.toAbsolutePath().toString());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Commands.run(folder.getParent(), "rm", "-rf", folder.getFileName().toString());
        }
    }
}
