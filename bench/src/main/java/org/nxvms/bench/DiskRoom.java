// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether footage has room. A server whose disk fills up removes the oldest footage, as it should, and a benchmark that counts
 * frames in files takes that for a loss: so it is not begun.
 */
final class DiskRoom {
    /** A camera of the clip, with what files have besides. */
    private static final long BYTES_PER_CAMERA_SECOND = 600_000;
    /** What the server never uses (reserveBytes of its volumes), and as much for what else is written. */
    private static final long RESERVE_BYTES = 4L << 30;

    private DiskRoom() {}

    /** {@return how much footage has room in a folder} */
    static long cameraSeconds(Path folder) throws IOException {
        return (Files.getFileStore(folder).getUsableSpace() - RESERVE_BYTES) / BYTES_PER_CAMERA_SECOND;
    }

    /**
     * @param folder where footage goes
     * @param cameraSeconds how much of it, at most
     * @throws IllegalStateException saying how much is missing and what to do
     */
    static void demand(Path folder, long cameraSeconds) throws IOException {
        long wanted = cameraSeconds * BYTES_PER_CAMERA_SECOND + RESERVE_BYTES;
        long there = Files.getFileStore(folder).getUsableSpace();
        if (there < wanted) {
            throw new IllegalStateException(
                    ("%s has %.1f GB free, and %.1f GB are needed for %d camera-seconds of footage and what servers leave"
                                    + " free: make room there, or take fewer cameras or less time")
                            .formatted(folder, there / 1e9, wanted / 1e9, cameraSeconds));
        }
    }
}
