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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which chunks people removed: {@code DATA/volumes/removed}, a line each. Another file of such a chunk may lie where nobody
 * could see it; when it turns up, in whatever way, it is known by this, whatever clocks and databases say. Any thread;
 * blocks on the data disk.
 */
final class RemovedSegments {
    /** 37 MB; older ones are forgotten, whose footage is long over its days. */
    static final int SEGMENTS_MAX = 1_000_000;

    private static final int LINE_BYTES = 37;

    private final Path file;
    private final int max;
    private Optional<Set<UUID>> known = Optional.empty();

    RemovedSegments(Path file) {
        this(file, SEGMENTS_MAX);
    }

    RemovedSegments(Path file, int max) {
        this.file = file;
        this.max = max;
    }

    /** Durable when it returns. */
    synchronized void add(UUID segment) throws IOException {
        Set<UUID> all = all();
        if (all.contains(segment)) {
            return;
        }
        if (all.size() >= max) {
            forgetOldest(all);
        }
        Files.createDirectories(file.getParent());
        boolean isNew = !Files.exists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Over what a power cut may have left of a line.
            write(channel, channel.size() / LINE_BYTES * LINE_BYTES, segment + "\n");
        }
        if (isNew) {
            sync(file.getParent());
        }
        all.add(segment);
    }

    /** So that {@link #has} can say. */
    synchronized void load() throws IOException {
        all();
    }

    synchronized boolean has(UUID segment) throws IOException {
        return all().contains(segment);
    }

    private Set<UUID> all() throws IOException {
        if (known.isEmpty()) {
            known = Optional.of(read());
        }
        return known.get();
    }

    private Set<UUID> read() throws IOException {
        Set<UUID> segments = new LinkedHashSet<>();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return segments;
        }
        for (int at = 0; at + LINE_BYTES <= bytes.length; at += LINE_BYTES) {
            String line = new String(bytes, at, LINE_BYTES - 1, StandardCharsets.US_ASCII);
            try {
                segments.add(UUID.fromString(line));
            } catch (IllegalArgumentException torn) {
                // The others are sound.
            }
        }
        return segments;
    }

    private void forgetOldest(Set<UUID> all) throws IOException {
        List<UUID> newest = all.stream().skip(max / 2).toList();
        StringBuilder lines = new StringBuilder(newest.size() * LINE_BYTES);
        newest.forEach(segment -> lines.append(segment).append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(channel, 0, lines.toString());
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.getParent());
        all.clear();
        all.addAll(newest);
    }

    private static void write(FileChannel channel, long at, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        channel.position(at);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
