// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.AccessGuard;

/** {@code nxvms:status}. */
@Service
@Command(
        scope = "nxvms",
        name = "status",
        description = "Shows the server's parts, cameras by state, and volumes. Fails while a part is down.")
public final class StatusCommand extends ServerCommand {
    /** As long as a health check may take. */
    private static final int CHECK_MS_MAX = 2_000;

    /** Core services and the part each one is; used where the part publishes no check. */
    private static final Map<String, Class<?>> CORE = new TreeMap<>(Map.of(
            "archive", Archive.class,
            "cameras", CameraRegistry.class,
            "ingest", StreamIngest.class,
            "recorder", Recorder.class,
            "security", AccessGuard.class));

    private static final String DATABASE = "database";

    @Override
    void run(Services services) throws Exception {
        services.find(ServerIdentity.class).ifPresent(server -> out().println(
                        "Server " + server.name() + " (" + server.serverId() + "), data in " + server.dataFolder()));
        Map<String, HealthCheck.Result> parts = parts(services);
        print(parts);
        services.find(CameraRegistry.class).ifPresent(StatusCommand::print);
        services.find(Archive.class).ifPresent(StatusCommand::print);
        List<String> down = parts.entrySet().stream()
                .filter(part -> part.getValue().status() == HealthCheck.Status.DOWN)
                .map(Map.Entry::getKey)
                .toList();
        if (!down.isEmpty()) {
            throw new CommandException("Down: " + String.join(", ", down) + ".");
        }
    }

    private static Map<String, HealthCheck.Result> parts(Services services) {
        Map<String, HealthCheck.Result> parts = new TreeMap<>();
        Map<String, FutureTask<HealthCheck.Result>> running = new LinkedHashMap<>();
        for (HealthCheck check : services.all(HealthCheck.class)) {
            FutureTask<HealthCheck.Result> task = new FutureTask<>(check::check);
            Thread thread = new Thread(task, "nxvms-status-" + check.name());
            thread.setDaemon(true);
            thread.start();
            running.put(check.name(), task);
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHECK_MS_MAX);
        running.forEach((name, task) -> parts.put(name, await(task, end)));
        CORE.forEach((name, service) -> parts.computeIfAbsent(
                name,
                part -> services.find(service).isPresent()
                        ? HealthCheck.Result.up()
                        : HealthCheck.Result.down("does not run; see bundle:list")));
        parts.putIfAbsent(DATABASE, HealthCheck.Result.down("does not run; see bundle:list"));
        return parts;
    }

    private static HealthCheck.Result await(FutureTask<HealthCheck.Result> task, long endNs) {
        try {
            return task.get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return HealthCheck.Result.down("no answer within " + CHECK_MS_MAX + " ms");
        } catch (ExecutionException e) {
            return HealthCheck.Result.down("the check failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HealthCheck.Result.down("interrupted");
        }
    }

    private static void print(Map<String, HealthCheck.Result> parts) {
        ShellTable table = new ShellTable();
        table.column("Part");
        table.column("Status");
        table.column("Detail");
        parts.forEach((name, result) -> table.addRow()
                .addContent(
                        name,
                        result.status().name().toLowerCase(Locale.ROOT),
                        result.detail().isEmpty() && !result.figures().isEmpty()
                                ? new TreeMap<>(result.figures())
                                : result.detail()));
        table.print(out());
    }

    private static void print(CameraRegistry registry) {
        Map<String, Integer> states = new TreeMap<>();
        try {
            for (Camera camera : registry.list()) {
                states.merge(
                        registry.status(camera.id())
                                .map(s -> s.state().name().toLowerCase(Locale.ROOT))
                                .orElse("starting"),
                        1,
                        Integer::sum);
            }
            out().println("Cameras: " + (states.isEmpty() ? "none" : states));
        } catch (StoreException e) {
            out().println("Cameras: " + e.getMessage());
        }
    }

    private static void print(Archive archive) {
        List<VolumeUsage> volumes;
        try {
            volumes = archive.volumes();
        } catch (StoreException e) {
            out().println("Volumes: " + e.getMessage());
            return;
        }
        ShellTable table = new ShellTable();
        table.column("Volume");
        table.column("Status");
        table.column("Footage GB").alignRight();
        table.column("Usable GB").alignRight();
        table.column("Location");
        table.column("Detail");
        table.emptyTableText("No volume is configured; nothing can be recorded.");
        for (VolumeUsage volume : volumes) {
            table.addRow()
                    .addContent(
                            volume.name(),
                            volume.status(),
                            gigabytes(volume.footageBytes()),
                            gigabytes(volume.usableBytes()),
                            volume.location(),
                            volume.detail());
        }
        table.print(out());
    }

    private static String gigabytes(long bytes) {
        return bytes < 0 ? "?" : String.format(Locale.ROOT, "%.1f", bytes / 1e9);
    }
}
