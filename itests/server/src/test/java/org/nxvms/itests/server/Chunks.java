// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Chunk files below a folder, whoever says where they are. */
final class Chunks {
    private Chunks() {}

    /** {@return a camera's chunk that began last} */
    static Path newest(Path folder, String camera) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().contains("/" + camera + "/main/")
                            && file.toString().endsWith(".mp4"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
