// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.io.IOException;
import java.nio.file.Path;

/** Clips of this module's tests, kept between runs. */
public final class TestClips {
    public static final Path FOLDER = Path.of("target", "simulator-data");
    /** Two key frames a loop, so that a test passes a loop's end within seconds. */
    public static final ClipSpec SPEC = ClipSpec.SMALL.withSeconds(2);

    private TestClips() {}

    public static Clip open() throws IOException {
        return new ClipStore(FOLDER).open(SPEC, percent -> {});
    }
}
