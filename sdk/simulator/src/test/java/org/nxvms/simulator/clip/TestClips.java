// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.io.IOException;
import java.nio.file.Path;

/** Clips of this module's tests, kept between runs. */
public final class TestClips {
    public static final Path FOLDER = Path.of("target", "simulator-data");
    /** Short, with many key frames and packets, so that a test waits for none long and passes a loop's end soon. */
    public static final ClipSpec SPEC = new ClipSpec(
            new ClipSpec.Rendition(640, 360, 2_000_000), new ClipSpec.Rendition(320, 180, 250_000), 25, 10, 2);

    private TestClips() {}

    public static Clip open() throws IOException {
        return new ClipStore(FOLDER).open(SPEC, percent -> {});
    }
}
