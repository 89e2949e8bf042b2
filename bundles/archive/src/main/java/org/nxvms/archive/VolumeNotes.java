// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of which volumes the index may know too little, over restarts: empty files {@code ID} (to be looked at) and
 * {@code ID.lost} (rows to be made) in {@code DATA/volumes/unindexed}. Any thread; blocks on the data disk.
 */
final class VolumeNotes {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeNotes.class);
    private static final String LOST = ".lost";
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(" + LOST + ")?");

    private final Path folder;
    /** Whether rows are lost for certain. */
    private final Map<UUID, Boolean> all = new ConcurrentHashMap<>();

    private boolean loaded;

    VolumeNotes(Path folder) {
        this.folder = folder;
    }

    /** What earlier processes did not come to. */
    synchronized void load() throws IOException {
        if (loaded) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(name ->
                            all.merge(UUID.fromString(name.group(1)), name.group(2) != null, Boolean::logicalOr));
        } catch (NoSuchFileException none) {
            // the usual case
        }
        loaded = true;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** {@return volumes to be looked at} */
    Set<UUID> doubted() {
        return all(false);
    }

    /** {@return volumes whose rows are to be made} */
    Set<UUID> lost() {
        return all(true);
    }

    private Set<UUID> all(boolean lost) {
        return all.entrySet().stream()
                .filter(one -> one.getValue() == lost)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Outlives the process. Not synced: rows wait for it, and a second later it is certain or gone. */
    synchronized void doubt(UUID id) {
        if (all.putIfAbsent(id, false) == null) {
            write(id.toString(), false);
        }
    }

    /** On the disk when it returns. */
    synchronized void lost(UUID id) {
        all.put(id, true);
        write(id + LOST, true);
    }

    synchronized void done(UUID id) throws IOException {
        all.remove(id);
        // What is certain last: after a death between the two nothing is doubted that was certain.
        Files.deleteIfExists(folder.resolve(id.toString()));
        Files.deleteIfExists(folder.resolve(id + LOST));
    }

    private void write(String name, boolean sync) {
        try {
            Files.createDirectories(folder);
            Files.createFile(folder.resolve(name));
            if (sync) {
                try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                    entries.force(true);
                }
            }
        } catch (FileAlreadyExistsException alreadyNoted) {
            // by an earlier process
        } catch (IOException failed) {
            LOG.warn(
                    "Cannot note {} in {}: {}; should the server end before rows of that volume are made again, use"
                            + " nxvms:archive-rebuild",
                    name,
                    folder,
                    failed.toString());
        }
    }
}
