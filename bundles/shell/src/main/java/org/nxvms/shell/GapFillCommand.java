// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.archive.GapFilling;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:gap-fill}. */
@Service
@Command(
        scope = "nxvms",
        name = "gap-fill",
        description = "Fills what is missing of a camera's main stream with what the camera recorded itself, and waits"
                + " until it is done; Ctrl-C ends the waiting only."
                + " Example: nxvms:gap-fill Gate 2026-11-25T18:00 2026-11-25T18:30")
public final class GapFillCommand extends ServerCommand {
    private static final String BY = "shell";
    private static final long LOOK_MS = 200;

    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Argument(
            index = 1,
            name = "from",
            description = "First moment, by the clocks of this machine (2026-11-25T18:00) or with an offset",
            required = true)
    String from;

    @Argument(index = 2, name = "to", description = "First moment no longer filled", required = true)
    String to;

    @Override
    void run(Services services) throws Exception {
        LocalTimes times = new LocalTimes(ZoneId.systemDefault());
        long fromUs = times.from("from", from);
        long toUs = Math.min(times.to("to", to), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        if (toUs <= fromUs) {
            throw new CommandException("\"to\" must be later than \"from\", and \"from\" must be over.");
        }
        Camera found = CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera);
        GapFilling filling = services.require(GapFilling.class, "The filling of gaps");
        UUID job;
        try {
            job = filling.fill(found.id(), fromUs, toUs, BY);
        } catch (GapFilling.TooManyException full) {
            throw new CommandException(full.getMessage() + ". Try again when some are.", full);
        }
        note(services, "footage.fill_ordered", "camera/" + found.id(), Map.of("from", time(fromUs), "to", time(toUs)));
        show(awaited(filling, job));
    }

    private static GapFilling.Progress awaited(GapFilling filling, UUID job)
            throws CommandException, InterruptedException {
        while (true) {
            Optional<GapFilling.Progress> now = filling.progress(job);
            if (now.isEmpty()) {
                throw new CommandException("Filling was begun anew, with other settings; order it again.");
            }
            if (now.get().over()) {
                return now.get();
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private void show(GapFilling.Progress done) throws CommandException {
        String filled =
                "Filled " + done.filledMs() + " of " + done.missingMs() + " ms that were missing. " + done.detail();
        if (done.failed()) {
            throw new CommandException(filled.strip());
        }
        out().println(filled.strip());
    }

    private static String time(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS).toString();
    }
}
