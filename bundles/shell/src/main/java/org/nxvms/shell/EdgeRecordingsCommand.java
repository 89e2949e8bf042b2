// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.EdgeMedia;

/** {@code nxvms:edge-recordings}. */
@Service
@Command(
        scope = "nxvms",
        name = "edge-recordings",
        description =
                "Lists what a camera has recorded itself, or fetches a part of it into a file. Times are those of the"
                        + " camera's clock.")
public final class EdgeRecordingsCommand extends ServerCommand {
    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Option(name = "--from", description = "First moment, e.g. 2026-11-25T18:30; a day ago when it is left out")
    String from = "";

    @Option(name = "--to", description = "End; now when it is left out")
    String to = "";

    @Option(name = "--fetch", description = "Id of the recording to fetch from")
    String recording = "";

    @Option(name = "--file", description = "Where to write it; must not be there yet")
    String file = "";

    @Override
    void run(Services services) throws Exception {
        LocalTimes times = new LocalTimes(ZoneId.systemDefault());
        Instant end = to.isEmpty() ? Instant.now() : instant(times.to("--to", to));
        Instant begin = from.isEmpty() ? end.minus(Duration.ofDays(1)) : instant(times.from("--from", from));
        if (!end.isAfter(begin)) {
            throw new CommandException("--to must be after --from.");
        }
        if (recording.isEmpty() != file.isEmpty()) {
            throw new CommandException("--fetch and --file belong together: what to fetch, and where to write it.");
        }
        Camera found = CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera);
        CameraControl control = services.require(CameraControl.class, "The control of cameras");
        if (recording.isEmpty()) {
            List<EdgeRecordings.Recording> all =
                    control.ask(found.id(), EdgeRecordings.class, edge -> List.copyOf(edge.recordings(begin, end)));
            print(times, all);
        } else {
            try (EdgeMedia media = control.fetch(found.id(), recording, begin, end)) {
                long bytes = Files.copy(media.bytes(), Path.of(file));
                out().println(bytes + " bytes (" + media.mediaType() + ") in " + file);
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static void print(LocalTimes times, List<EdgeRecordings.Recording> recordings) {
        ShellTable table = new ShellTable();
        table.column("Id");
        table.column("From");
        table.column("To");
        table.emptyTableText("The camera has recorded nothing in this time.");
        for (EdgeRecordings.Recording one : recordings) {
            table.addRow()
                    .addContent(
                            one.id(),
                            show(times, one.from()),
                            one.to().map(time -> show(times, time)).orElse("still recording"));
        }
        table.print(out());
    }

    private static String show(LocalTimes times, Instant time) {
        return times.show(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }
}
