// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:coverage}. */
@Service
@Command(
        scope = "nxvms",
        name = "coverage",
        description =
                "Says how much of each day of a camera is footage, and why the rest is not, of each stream of which"
                        + " anything is known. Days are those of this machine's time zone.")
public final class CoverageCommand extends ServerCommand {
    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Option(name = "--days", description = "How many days back, 1 to 400")
    int days = 7;

    @Option(name = "--sub", description = "The sub stream alone")
    boolean sub;

    @Override
    void run(Services services) throws Exception {
        if (days < 1 || days > Coverage.DAYS_MAX) {
            throw new CommandException("--days must be 1 to " + Coverage.DAYS_MAX + ", not " + days + ".");
        }
        Camera found = CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera);
        Coverage coverage = services.require(Coverage.class, "Playback");
        ZoneId zone = ZoneId.systemDefault();
        Instant now = Instant.now();
        Instant from = now.atZone(zone)
                .toLocalDate()
                .minusDays(days - 1L)
                .atStartOfDay(zone)
                .toInstant();
        ShellTable table = new ShellTable();
        table.column("Stream");
        table.column("Day");
        table.column("%").alignRight();
        table.column("Footage").alignRight();
        table.column("Missing");
        table.emptyTableText(
                sub ? "Nothing is known of the stream in this time." : "Nothing is known of the camera in this time.");
        for (StreamRole role : sub ? List.of(StreamRole.SUB) : List.of(StreamRole.MAIN, StreamRole.SUB)) {
            Coverage.Report report = coverage.report(new StreamId(found.id(), role), micros(from), micros(now), zone);
            report.days().forEach(day -> add(table, role, day.day().orElse(""), day));
            if (!report.days().isEmpty()) {
                add(table, role, "all", report.all());
            }
        }
        table.print(out());
    }

    private static void add(ShellTable table, StreamRole role, String name, Coverage.Day day) {
        table.addRow()
                .addContent(
                        role.id(),
                        name,
                        day.percent().isPresent()
                                ? String.format(
                                        Locale.ROOT, "%.2f", day.percent().getAsDouble())
                                : "-",
                        time(day.coveredMs()),
                        day.missing().stream()
                                .map(missing -> missing.cause() + " " + time(missing.ms()))
                                .collect(Collectors.joining(", ")));
    }

    private static String time(long ms) {
        Duration time = Duration.ofMillis(ms);
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
