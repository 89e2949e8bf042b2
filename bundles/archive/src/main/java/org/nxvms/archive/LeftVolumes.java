// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Remembers which volumes were taken out of use with footage on them, in a file each. Any thread; blocks on the data disk. */
final class LeftVolumes {
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

    private final Path folder;
    private final Map<UUID, Left> all = new ConcurrentHashMap<>();
    private boolean loaded;

    LeftVolumes(Path folder) {
        this.folder = folder;
    }

    /** @param gone whether it was seen to be out of use; until then it is on its way out, not back */
    record Left(String name, boolean gone) {
        private static final String GONE = "gone ";
        private static final String LEAVING = "leaving ";

        static Left parse(String text) {
            return text.startsWith(GONE)
                    ? new Left(text.substring(GONE.length()), true)
                    : new Left(text.replaceFirst("^" + LEAVING, ""), false);
        }

        String text() {
            return (gone ? GONE : LEAVING) + name;
        }
    }

    /** What earlier processes left; the others know of nothing before. */
    synchronized void load() throws IOException {
        if (loaded) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (ID.matcher(name).matches()) {
                    all.put(UUID.fromString(name), Left.parse(Files.readString(file, StandardCharsets.UTF_8)));
                }
            }
        } catch (NoSuchFileException none) {
            // the usual case
        }
        loaded = true;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Set<Map.Entry<UUID, Left>> all() {
        return Map.copyOf(all).entrySet();
    }

    Optional<Left> get(UUID id) {
        return Optional.ofNullable(all.get(id));
    }

    /** Durable when it returns. */
    synchronized void put(UUID id, Left one) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve(id.toString()), one.text());
        all.put(id, one);
    }

    synchronized void remove(UUID id) throws IOException {
        Files.deleteIfExists(folder.resolve(id.toString()));
        all.remove(id);
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
