// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.nxvms.export.pack.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a job's files lie. */
final class PackageFiles {
    private static final Pattern OURS =
            Pattern.compile("([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.(zip|part|files)");

    private static final Logger LOG = LoggerFactory.getLogger(PackageFiles.class);

    private final Path folder;
    /** What could not be removed. */
    private final Set<UUID> leftOver = ConcurrentHashMap.newKeySet();

    PackageFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** {@return the whole package} */
    Path whole(UUID id) {
        return folder.resolve(id + ".zip");
    }

    /** {@return the package while it is made} */
    Path part(UUID id) {
        return folder.resolve(id + ".part");
    }

    /** {@return what of it is made} */
    Path journal(UUID id) {
        return folder.resolve(id + ".files");
    }

    /** Makes the part the whole; durable on return. */
    void finish(UUID id) throws IOException {
        Files.move(part(id), whole(id), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        Files.deleteIfExists(journal(id));
    }

    /** {@return what became of a package that is whole; empty when there is none, or one that cannot be read, and is to be made again} */
    Optional<PackageRun.Outcome> outcome(UUID id) {
        Path whole = whole(id);
        if (!Files.isRegularFile(whole)) {
            return Optional.empty();
        }
        try (ZipFile zip = new ZipFile(whole.toFile())) {
            return Optional.of(PackageRun.Outcome.of(Files.size(whole), zip.getEntry(Manifest.SIGNATURE) != null));
        } catch (IOException unreadable) {
            LOG.warn("The package of export {} cannot be read and is made again: {}", id, unreadable.toString());
            return Optional.empty();
        }
    }

    /** Removes what there is of a job, now or when that can be done. */
    void discard(UUID id) {
        try {
            Files.deleteIfExists(whole(id));
            Files.deleteIfExists(part(id));
            Files.deleteIfExists(journal(id));
            leftOver.remove(id);
        } catch (IOException stays) {
            if (leftOver.add(id)) {
                LOG.warn("Files of export {} cannot be removed, which is tried again: {}", id, stays.toString());
            }
        }
    }

    /** Tries again to remove what could not be removed. */
    void discardLeftOver() {
        leftOver.forEach(this::discard);
    }

    /** {@return bytes of all packages, whole or not} */
    long bytes() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long sum = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (OURS.matcher(file.getFileName().toString()).matches()) {
                    sum += size(file);
                }
            }
        }
        return sum;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException removed) {
            return 0;
        }
    }

    /** {@return the jobs that have files here} */
    Set<UUID> ids() throws IOException {
        Set<UUID> ids = new HashSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> {
                    Matcher ours = OURS.matcher(file.getFileName().toString());
                    if (ours.matches()) {
                        ids.add(UUID.fromString(ours.group(1)));
                    }
                });
            }
        }
        return ids;
    }
}
