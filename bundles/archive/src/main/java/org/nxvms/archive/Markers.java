// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;

/**
 * Empty files on the volume whose names say what is not finished, so that a restart finds it in time proportional to
 * that and not to the archive. A marker is one directory entry: it is there whole or not at all.
 *
 * <p>{@code journal/open/} names each chunk that has no row yet: from before it is made until its row is committed.
 * {@code journal/delete/} names each chunk whose removal began.
 */
final class Markers {
    private static final String SLASH = "__";
    /** So that nobody takes a marker for footage. */
    private static final String SUFFIX = ".marker";

    /** More would mean that rows could not be written for weeks; the rest is found by archive-rebuild. */
    static final int LEFTOVERS_MAX = 200_000;

    private final Volume volume;
    private final String folder;

    static Markers open(Volume volume) {
        return new Markers(volume, "journal/open");
    }

    static Markers delete(Volume volume) {
        return new Markers(volume, "journal/delete");
    }

    /** {@code journal/move/} names each chunk that is on its way here, and the volume it comes from. */
    static Markers move(Volume volume) {
        return new Markers(volume, "journal/move");
    }

    /** {@code journal/copy/} names each chunk of which a copy is being made here. */
    static Markers copy(Volume volume) {
        return new Markers(volume, "journal/copy");
    }

    /** {@code journal/clock/} holds the time that was believed last, in microseconds since 1970; see RetentionClock. */
    static Markers time(Volume volume) {
        return new Markers(volume, "journal/clock");
    }

    private Markers(Volume volume, String folder) {
        this.volume = volume;
        this.folder = folder;
    }

    /** Durable when it returns. */
    void set(String chunkPath) throws IOException {
        try (VolumeFile marker = volume.create(name(chunkPath))) {
            marker.forceDirectory();
        } catch (FileAlreadyExistsException alreadySet) {
            // a second try after a failure
        }
    }

    void clear(String chunkPath) throws IOException {
        volume.delete(name(chunkPath));
    }

    /** {@return paths of the marked chunks} */
    List<String> all() throws IOException {
        List<String> paths = new ArrayList<>();
        volume.list(folder, entry -> {
            String name = entry.path().substring(folder.length() + 1);
            if (name.endsWith(SUFFIX)) {
                paths.add(name.substring(0, name.length() - SUFFIX.length()).replace(SLASH, "/"));
            }
            return paths.size() < LEFTOVERS_MAX;
        });
        return paths;
    }

    private String name(String chunkPath) {
        return folder + "/" + chunkPath.replace("/", SLASH) + SUFFIX;
    }
}
