// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.camera.CameraRegistry;

/** How much was recorded is told of the streams that were. */
class CoverageCommandTest {
    private final FakeRegistry registry = new FakeRegistry();
    private final Set<StreamRole> recorded = EnumSet.noneOf(StreamRole.class);
    private final Coverage coverage = (stream, fromUs, toUs, zone) -> {
        Coverage.Day day =
                new Coverage.Day(Optional.of("2026-11-22"), 60_000, 60_000, OptionalDouble.of(100), List.of());
        return new Coverage.Report(day, recorded.contains(stream.role()) ? List.of(day) : List.of());
    };
    private final Console console = new Console().with(Coverage.class, coverage).with(CameraRegistry.class, registry);

    private List<String> lines(boolean subOnly) throws Exception {
        CoverageCommand command = new CoverageCommand();
        command.camera = "Gate";
        command.sub = subOnly;
        return console.run(command)
                .lines()
                .map(line -> line.replaceAll("[ \u2502|]+", " ").strip())
                .toList();
    }

    @Test
    void eachStreamThatWasRecordedIsTold() throws Exception {
        registry.add("Gate");
        assertThat(String.join(" ", lines(false))).contains("Nothing is known of the camera");
        recorded.add(StreamRole.SUB);
        assertThat(lines(false))
                .as("a camera that records its sub stream alone")
                .contains("sub 2026-11-22 100.00 0:01:00", "sub all 100.00 0:01:00")
                .noneMatch(line -> line.startsWith("main"));
        recorded.add(StreamRole.MAIN);
        assertThat(lines(false)).contains("main all 100.00 0:01:00", "sub all 100.00 0:01:00");
        assertThat(lines(true)).contains("sub all 100.00 0:01:00").noneMatch(line -> line.startsWith("main"));
    }
}
