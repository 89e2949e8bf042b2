// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;

/** {@code nxvms:events}. */
@Service
@Command(scope = "nxvms", name = "events", description = "Lists events, newest first, or the states that are on.")
public final class EventsCommand extends ServerCommand {
    private static final int HOURS_MAX = 24 * 3650;

    @Argument(
            name = "kinds",
            description = "Kinds such as recording.gap or families such as 'camera.*'; all when left out",
            multiValued = true)
    List<String> kinds = List.of();

    @Option(name = "--open", description = "Only states that are on now; from memory, also while the database is away")
    boolean open;

    @Option(name = "--hours", description = "How far back, default 24")
    int hours = 24;

    @Option(name = "--severity", description = "info, warning or critical, and what matters more; default info")
    String severity = "info";

    @Option(name = "--limit", description = "How many at most, default 50")
    int limit = 50;

    @Override
    void run(Services services) throws Exception {
        EventLog log = services.require(EventLog.class, "The events service");
        if (hours < 1 || hours > HOURS_MAX) {
            throw new IllegalArgumentException("--hours must be 1.." + HOURS_MAX + ", not " + hours);
        }
        long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        EventFilter filter = new EventFilter(
                open ? OptionalLong.empty() : OptionalLong.of(nowUs - TimeUnit.HOURS.toMicros(hours)),
                OptionalLong.empty(),
                Set.copyOf(kinds),
                Set.of(),
                severity());
        EventQuery query = new EventQuery(filter, Optional.empty(), limit);
        List<Event> events = open ? log.open(filter).stream().limit(limit).toList() : log.find(query);
        Optional<CameraRegistry> cameras = services.find(CameraRegistry.class);
        ShellTable table = new ShellTable();
        table.column("Start");
        table.column("End");
        table.column("Severity");
        table.column("Kind");
        table.column("Source").maxSize(48);
        table.column("Detail").maxSize(80);
        table.emptyTableText(open ? "No state is on." : "No events.");
        for (Event event : events) {
            table.addRow()
                    .addContent(
                            time(event.startUs()),
                            event.endUs().isPresent() ? time(event.endUs().getAsLong()) : "lasts",
                            event.severity().name().toLowerCase(Locale.ROOT),
                            event.kind(),
                            source(event, cameras),
                            event.fact().detail());
        }
        table.print(out());
    }

    private EventSeverity severity() {
        for (EventSeverity known : EventSeverity.values()) {
            if (known.name().equalsIgnoreCase(severity)) {
                return known;
            }
        }
        throw new IllegalArgumentException("--severity must be info, warning or critical, not " + severity);
    }

    private static String source(Event event, Optional<CameraRegistry> cameras) {
        String name = event.cameraId()
                .flatMap(id -> cameras.flatMap(registry -> registry.find(id)))
                .map(camera -> camera.name())
                .orElseGet(() -> event.fact()
                        .attributes()
                        .text("name")
                        .orElse(event.source().id()));
        String type = event.source().type().name().toLowerCase(Locale.ROOT);
        String part = event.source().part();
        return type + " " + name + (part.isEmpty() ? "" : " " + part);
    }

    private static String time(long us) {
        return Instant.EPOCH
                .plus(us, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }
}
