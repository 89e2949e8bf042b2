// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.nio.file.Path;
import java.util.List;
import org.nxvms.itests.harness.Commands;

/** The pictures of a file as ffmpeg decodes them, by their hashes. */
final class Decoded {
    private Decoded() {}

    static List<String> pictures(Path file) {
        String framemd5 = Commands.run(
                file.toAbsolutePath().getParent(),
                "ffmpeg",
                "-v",
                "error",
                "-i",
                file.toString(),
                "-map",
                "0:v:0",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-");
        return framemd5.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
                .toList();
    }
}
