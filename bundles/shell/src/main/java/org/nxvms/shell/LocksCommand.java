// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:locks}. */
@Service
@Command(
        scope = "nxvms",
        name = "locks",
        description = "Lists the footage that is held against retention, newest lock first. Times are those of this"
                + " machine's time zone.")
public final class LocksCommand extends ServerCommand {
    @Option(name = "--camera", description = "Only locks of this camera: its id, or its name while only one has it")
    @Completion(CameraCompleter.class)
    String camera;

    @Override
    void run(Services services) throws Exception {
        EvidenceLocks locks = services.require(EvidenceLocks.class, "The archive");
        Optional<UUID> only = Optional.empty();
        if (camera != null) {
            only = Optional.of(CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera)
                    .id());
        }
        Map<UUID, String> names = names(services);
        LocalTimes times = new LocalTimes(ZoneId.systemDefault());
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("Cameras");
        table.column("From");
        table.column("To");
        table.column("Reason");
        table.column("By");
        table.emptyTableText("No footage is locked.");
        for (var lock : locks.locks()) {
            if (only.map(lock.cameraIds()::contains).orElse(true)) {
                String cameras = lock.cameraIds().stream()
                        .map(id -> names.getOrDefault(id, id.toString()))
                        .collect(Collectors.joining(", "));
                table.addRow()
                        .addContent(
                                lock.id(),
                                cameras,
                                times.show(lock.fromUs()),
                                times.show(lock.toUs()),
                                lock.reason(),
                                lock.createdBy());
            }
        }
        table.print(out());
    }

    /** Locks need no database; without it cameras are shown by their ids, as are those that were removed. */
    private static Map<UUID, String> names(Services services) {
        try {
            return services.find(CameraRegistry.class)
                    .map(registry -> registry.list().stream().collect(Collectors.toMap(Camera::id, Camera::name)))
                    .orElse(Map.of());
        } catch (StoreException away) {
            return Map.of();
        }
    }
}
