// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.nxvms.platform.api.backup.BackupException;

/**
 * {@code restore/} of the data folder: {@code making} while a backup is read, {@code ready} when all of it is there and on
 * the disk, {@code placed} when bin/setenv has moved the files to where they belong, until the database has the rows. A
 * name changes in one step, so that each start finds a restore that is whole or none.
 */
final class Staging {
    private static final String MODE = "rw-------";
    private static final String FOLDER_MODE = "rwx------";

    private final Path folder;

    Staging(Path data) {
        this.folder = data.resolve("restore");
    }

    Path making() {
        return folder.resolve("making");
    }

    Path ready() {
        return folder.resolve("ready");
    }

    Path placed() {
        return folder.resolve("placed");
    }

    void begin() throws IOException {
        if (Files.exists(placed().resolve("rows.mv.db"))) {
            throw new BackupException("A restore is not ended yet: its rows are not in the database. See the log.");
        }
        remove(making());
        remove(dropped());
        Files.createDirectories(
                making(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER_MODE)));
    }

    /** @param most a longer one is refused */
    void file(String path, InputStream content, long most) throws IOException {
        Path file = making().resolve(path);
        Files.createDirectories(file.getParent());
        try (OutputStream out = create(file)) {
            byte[] some = new byte[8_192];
            long total = 0;
            for (int read = content.read(some); read >= 0; read = content.read(some)) {
                total += read;
                if (total > most) {
                    throw new BackupException("The file " + path + " in the backup has more than " + most
                            + " bytes, which no setting or key has. Use another copy of it.");
                }
                out.write(some, 0, read);
            }
        }
    }

    /** {@return a new file that only its owner may read} */
    static OutputStream create(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
        return Files.newOutputStream(file, StandardOpenOption.WRITE);
    }

    void end() throws IOException {
        try (Stream<Path> all = Files.walk(making())) {
            for (Path one : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(one)) {
                    Files.setPosixFilePermissions(one, PosixFilePermissions.fromString(MODE));
                }
                sync(one);
            }
        }
        drop();
        remove(placed());
        Files.move(making(), ready(), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    /** What is left of a restore that did not become ready; nothing of one that did. */
    void abandon() throws IOException {
        remove(making());
    }

    /** {@return whether a restore was ready} */
    boolean cancel() throws IOException {
        boolean there = Files.exists(ready());
        drop();
        return there;
    }

    /** In one step: what is half removed must never be put in place. */
    private void drop() throws IOException {
        if (Files.exists(ready())) {
            Files.move(ready(), dropped(), StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            remove(dropped());
        }
    }

    private Path dropped() {
        return folder.resolve("dropped");
    }

    static void sync(Path path) throws IOException {
        Set<StandardOpenOption> way =
                Set.of(Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, way)) {
            channel.force(true);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path one : deepestFirst) {
            Files.delete(one);
        }
    }
}
