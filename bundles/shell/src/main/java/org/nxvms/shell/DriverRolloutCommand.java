// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollouts;

/** {@code nxvms:driver-rollout}. */
@Service
@Command(
        scope = "nxvms",
        name = "driver-rollout",
        description =
                "Moves the cameras of a driver to another installed version: one first, then all, and back by itself"
                        + " when something is worse than before. Without a version it tells how the last one stands.")
public final class DriverRolloutCommand extends ServerCommand {
    private static final int LOOK_MS = 1_000;

    @Argument(index = 0, name = "driver", description = "Id of the driver", required = true)
    @Completion(DriverCompleter.class)
    String driver;

    @Argument(index = 1, name = "version", description = "The version to serve from now on; nxvms:drivers lists them")
    String version;

    @Option(name = "--canary", description = "Name or id of the camera to begin with; else the first one that is well")
    @Completion(CameraCompleter.class)
    String canary;

    @Option(name = "--soak", description = "How many seconds the canary, and then all, are watched: 10..86400")
    int soakSeconds = DriverRollouts.SOAK_SECONDS_DEFAULT;

    @Option(name = "--wait", description = "Waits for the end, and fails when the cameras went back")
    boolean wait;

    @Option(name = "--give-up", description = "Ends the rollout under way; its cameras go back")
    boolean giveUp;

    @Override
    void run(Services services) throws Exception {
        DriverRollouts rollouts = services.require(DriverRollouts.class, "The driver manager");
        try {
            if (giveUp) {
                DriverRollout ended = rollouts.giveUp(driver);
                note(services, "driver.rollout_given_up", "driver/" + driver, Map.of());
                print(ended);
            } else if (version == null) {
                print(rollouts.rollout(driver)
                        .orElseThrow(() -> new CommandException(
                                "There was no rollout of the driver " + driver + " since the server started.")));
            } else {
                begin(services, rollouts);
            }
        } catch (NoSuchResourceException e) {
            throw new CommandException(e.getMessage());
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage() + ".");
        }
    }

    private void begin(Services services, DriverRollouts rollouts) throws Exception {
        Optional<UUID> first = Optional.empty();
        if (canary != null) {
            CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
            first = Optional.of(CameraNames.find(registry, canary).id());
        }
        DriverRollout rollout = rollouts.begin(new DriverRollouts.Order(driver, version, first, soakSeconds));
        note(
                services,
                "driver.rollout_begun",
                "driver/" + driver,
                Map.of("fromVersion", rollout.from(), "version", rollout.to()));
        print(rollout);
        while (wait && rollout.runs()) {
            // The end is looked for, not told: the manager may be replaced meanwhile.
            Thread.sleep(LOOK_MS);
            DriverRollout now = services.require(DriverRollouts.class, "The driver manager")
                    .rollout(driver)
                    .orElseThrow(
                            () -> new CommandException("The driver manager was restarted; the rollout is given up."));
            if (!now.detail().equals(rollout.detail())) {
                print(now);
            }
            rollout = now;
        }
        if (rollout.phase() == DriverRollout.Phase.ROLLED_BACK) {
            throw new CommandException("The cameras are back at version " + rollout.from() + ": " + rollout.detail());
        }
    }

    private static void print(DriverRollout rollout) {
        out().println(rollout.driver() + " " + rollout.from() + " -> " + rollout.to() + ": "
                + rollout.phase().name().toLowerCase(Locale.ROOT) + ". " + rollout.detail());
        rollout.findings().forEach(finding -> out().println("  " + finding));
    }
}
