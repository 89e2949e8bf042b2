// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.nio.file.Path;
import java.util.Comparator;
import org.nxvms.itests.harness.Footage;

/** Chunk files below a folder, whoever says where they are. */
final class Chunks {
    private Chunks() {}

    /** {@return a camera's chunk that began last} */
    static Path newest(Path folder, String camera) {
        return Footage.below(folder).stream()
                .filter(file -> file.toString().contains("/" + camera + "/main/"))
                .max(Comparator.comparing(file -> file.getFileName().toString()))
                .orElseThrow();
    }
}
