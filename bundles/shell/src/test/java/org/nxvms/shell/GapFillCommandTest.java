// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.GapFilling;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;

/** What is missing is filled by a command that says how much. */
class GapFillCommandTest {
    private final FakeRegistry registry = new FakeRegistry();
    private final Filling filling = new Filling();
    private final Console console =
            new Console().with(GapFilling.class, filling).with(CameraRegistry.class, registry);

    /** One job that goes on each time it is looked at. */
    private static final class Filling implements GapFilling {
        private static final UUID JOB = new UUID(1, 2);
        final Deque<Progress> steps = new ArrayDeque<>();
        String ordered = "";
        boolean full;

        @Override
        public UUID fill(UUID camera, long fromUs, long toUs, String by) throws TooManyException {
            if (full) {
                throw new TooManyException("There are 500 jobs");
            }
            ordered = camera + " " + fromUs + " " + toUs + " " + by;
            return JOB;
        }

        @Override
        public Optional<Progress> progress(UUID job) {
            assertThat(job).isEqualTo(JOB);
            return Optional.ofNullable(steps.poll());
        }
    }

    private static GapFillCommand command(String from, String to) {
        GapFillCommand command = new GapFillCommand();
        command.camera = "Gate";
        command.from = from;
        command.to = to;
        return command;
    }

    @Test
    void whatIsMissingIsFilledAndSaidHowMuchOfIt() throws Exception {
        Camera gate = registry.add("Gate");
        filling.steps.addAll(List.of(
                new GapFilling.Progress(false, false, 0, 0, ""),
                new GapFilling.Progress(false, false, 9_000, 4_000, ""),
                new GapFilling.Progress(true, false, 9_000, 9_000, "")));

        assertThat(console.run(command("1970-01-01T00:00:01Z", "1970-01-01T00:00:10Z")))
                .contains("Filled 9000 of 9000 ms");

        assertThat(filling.ordered).isEqualTo(gate.id() + " 1000000 10000000 shell");
        assertThat(filling.steps).isEmpty();
    }

    @Test
    void whatCannotBeFilledIsSaid() {
        registry.add("Gate");
        filling.steps.add(new GapFilling.Progress(true, true, 9_000, 0, "The camera does not answer."));
        assertThatThrownBy(() -> console.run(command("1970-01-01T00:00:01Z", "1970-01-01T00:00:10Z")))
                .isInstanceOf(CommandException.class)
                .hasMessage("Filled 0 of 9000 ms that were missing. The camera does not answer.");
        assertThatThrownBy(() -> console.run(command("2199-01-01T00:00:01Z", "2199-01-01T00:00:10Z")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must be over");
        assertThatThrownBy(() -> console.run(command("1970-01-01T00:00:01Z", "1970-01-01T00:00:10Z")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("order it again");
        filling.full = true;
        assertThatThrownBy(() -> console.run(command("1970-01-01T00:00:01Z", "1970-01-01T00:00:10Z")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("500 jobs");
    }
}
