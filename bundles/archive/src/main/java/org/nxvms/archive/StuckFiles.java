// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that cannot be removed: copied back by somebody else, immutable. They are left alone for a while, and where there are
 * several in a folder so is all that is in it, with its rows, since of each file that is tried the row is forgotten first.
 * Any thread.
 */
final class StuckFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StuckFiles.class);
    /** A year of hours; files of other folders are tried one by one. */
    private static final int FOLDERS_MAX = 10_000;

    private static final int FOLDER_MIN = 2;

    private final long leftNanos;
    /** By folder and file, until when they are left alone; guarded by this. */
    private final Map<String, Map<String, Long>> folders = new HashMap<>();

    /** @param leftNanos how long a file is not tried again */
    StuckFiles(long leftNanos) {
        this.leftNanos = leftNanos;
    }

    private static String folder(FootageVolume volume, String path) {
        return volume.name() + ": " + path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** {@return whether it was tried not long ago} */
    synchronized boolean has(FootageVolume volume, String path) {
        return inFolder(volume, path).containsKey(path);
    }

    /** {@return whether so much in its folder is stuck that it is not worth trying} */
    synchronized boolean hasFolderOf(FootageVolume volume, String path) {
        return inFolder(volume, path).size() >= FOLDER_MIN;
    }

    private Map<String, Long> inFolder(FootageVolume volume, String path) {
        Map<String, Long> files = folders.get(folder(volume, path));
        if (files == null) {
            return Map.of();
        }
        long now = System.nanoTime();
        files.values().removeIf(until -> now - until >= 0);
        return files;
    }

    /**
     * A file could not be removed.
     *
     * @throws IOException when that is not the file's fault: its volume is not there any more
     */
    void add(FootageVolume volume, String path, IOException why) throws IOException {
        volume.volume().space();
        synchronized (this) {
            String folder = folder(volume, path);
            if (folders.isEmpty()) {
                LOG.warn(
                        "Volume {} cannot be rid of {}: {}; others go in its place",
                        volume.name(),
                        path,
                        why.getMessage());
            }
            if (folders.size() < FOLDERS_MAX || folders.containsKey(folder)) {
                folders.computeIfAbsent(folder, first -> new HashMap<>()).put(path, System.nanoTime() + leftNanos);
            }
        }
    }

    /** {@return what cannot be removed, and what to do} */
    synchronized Optional<String> trouble() {
        long now = System.nanoTime();
        folders.values().forEach(files -> files.values().removeIf(until -> now - until >= 0));
        folders.values().removeIf(Map::isEmpty);
        return folders.keySet().stream()
                .findFirst()
                .map(first -> "the disk does not give up files in " + folders.size() + " folders, one is on volume "
                        + first + "; others go in their place. Give them to the user that the server runs as, or"
                        + " remove them by hand");
    }
}
