// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:lock}. */
@Service
@Command(
        scope = "nxvms",
        name = "lock",
        description = "Holds the footage of cameras between two moments against retention, until nxvms:unlock."
                + " Example: nxvms:lock --reason \"case 17\" 2026-11-25T18:00 2026-11-25T18:30 Gate Yard")
public final class LockCommand extends ServerCommand {
    /** Who locks, as locks name it. */
    static final String BY = "shell";

    @Argument(
            name = "from",
            description = "First moment, by the clocks of this machine (2026-11-25T18:00) or with an offset",
            required = true)
    String from;

    @Argument(index = 1, name = "to", description = "First moment no longer held", required = true)
    String to;

    @Argument(
            index = 2,
            name = "cameras",
            description = "Ids of cameras, or names that only one has",
            required = true,
            multiValued = true)
    @Completion(CameraCompleter.class)
    List<String> cameras = List.of();

    @Option(name = "--reason", description = "Why, for people", valueToShowInHelp = "none")
    String reason = "";

    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        EvidenceLocks locks = services.require(EvidenceLocks.class, "The archive");
        Set<UUID> ids = new LinkedHashSet<>();
        for (String camera : cameras) {
            ids.add(CameraNames.find(registry, camera).id());
        }
        if (ids.isEmpty() || ids.size() > EvidenceLock.CAMERAS_MAX) {
            throw new CommandException("Give 1 to " + EvidenceLock.CAMERAS_MAX + " cameras, not " + ids.size() + ".");
        }
        if (reason.length() > EvidenceLock.REASON_CHARS_MAX) {
            throw new CommandException("--reason has " + reason.length() + " characters; give at most "
                    + EvidenceLock.REASON_CHARS_MAX + ".");
        }
        LocalTimes times = new LocalTimes(ZoneId.systemDefault());
        long fromUs = times.from("from", from);
        long toUs = times.to("to", to);
        if (toUs <= fromUs) {
            throw new CommandException("\"to\" must be later than \"from\".");
        }
        EvidenceLock lock = new EvidenceLock(
                UUID.randomUUID(),
                List.copyOf(ids),
                fromUs,
                toUs,
                reason.strip(),
                BY,
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        try {
            locks.lock(lock);
        } catch (IOException notWritten) {
            throw new CommandException(
                    "The lock could not be written down, so it does not hold: " + notWritten.getMessage()
                            + ". Check the server's data folder and try again.",
                    notWritten);
        }
        note(
                services,
                "lock.added",
                "lock/" + lock.id(),
                Map.of(
                        "cameras",
                        ids.stream().map(UUID::toString).collect(Collectors.joining(" ")),
                        "from",
                        Instant.EPOCH.plus(fromUs, ChronoUnit.MICROS).toString(),
                        "to",
                        Instant.EPOCH.plus(toUs, ChronoUnit.MICROS).toString(),
                        "reason",
                        lock.reason()));
        out().println("Locked " + times.show(fromUs) + " to " + times.show(toUs) + " of "
                + (ids.size() == 1 ? "1 camera" : ids.size() + " cameras") + " as " + lock.id());
    }
}
