// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.nxvms.platform.api.event.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on disk while there is no database: files of JSON lines, oldest first, at most as large as allowed. What was
 * appended is on the disk when {@link #append} returns. One thread; the sizes are read by any.
 */
final class Spool {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    /** A file is given back to the database, and removed, as a whole. */
    private static final long FILE_BYTES_MAX = 1 << 20;

    private static final String PREFIX = "events-";
    private static final String SUFFIX = ".jsonl";

    private final Path folder;
    private final TreeMap<Long, Path> files = new TreeMap<>();
    private volatile long bytes;
    private volatile long events;
    private long fileBytes = FILE_BYTES_MAX;

    /** Finds what an earlier process left. A folder that cannot be read is an empty spool, and said. */
    Spool(Path folder) {
        this.folder = folder;
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : (Iterable<Path>) found::iterator) {
                Optional<Long> number = number(file);
                if (number.isPresent()) {
                    files.put(number.get(), file);
                    bytes += Files.size(file);
                    events += count(file);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("Nothing was spooled before");
        } catch (IOException e) {
            LOG.warn("The spool of events in {} cannot be read; events in it are not stored", folder, e);
        }
    }

    /**
     * Appends events as far as there is room.
     *
     * @return how many were appended
     */
    int append(List<Event> batch, long bytesMax) throws IOException {
        StringBuilder text = new StringBuilder(batch.size() * 512);
        int count = 0;
        long size = 0;
        for (Event event : batch) {
            String line = EventLine.write(event) + "\n";
            // At most three bytes of UTF-8 for each char.
            size += line.length() * 3L;
            if (bytes + size > bytesMax) {
                break;
            }
            text.append(line);
            count++;
        }
        if (count == 0) {
            return 0;
        }
        byte[] encoded = text.toString().getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        boolean next = files.isEmpty() || fileBytes >= FILE_BYTES_MAX;
        long number = files.isEmpty() ? 1 : next ? files.lastKey() + 1 : files.lastKey();
        Path file = folder.resolve(String.format("%s%08d%s", PREFIX, number, SUFFIX));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.wrap(encoded);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        }
        files.put(number, file);
        fileBytes = next ? encoded.length : fileBytes + encoded.length;
        bytes += encoded.length;
        events += count;
        return count;
    }

    /** {@return the events of the oldest file; torn lines, as a power cut leaves them, are left out and said} */
    List<Event> oldest() throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        Path file = files.firstEntry().getValue();
        List<Event> found = new ArrayList<>();
        int torn = 0;
        try (BufferedReader lines = reader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<Event> event = EventLine.read(line);
                if (event.isPresent()) {
                    found.add(event.get());
                } else {
                    torn++;
                }
            }
        }
        if (torn > 0) {
            LOG.warn("{} torn lines in {} are no events and were left out", torn, file);
        }
        return found;
    }

    /** The oldest file's events are stored. */
    void removeOldest() throws IOException {
        var first = files.pollFirstEntry();
        if (first != null) {
            long size = Files.size(first.getValue());
            long count = count(first.getValue());
            Files.deleteIfExists(first.getValue());
            bytes = files.isEmpty() ? 0 : Math.max(0, bytes - size);
            events = files.isEmpty() ? 0 : Math.max(0, events - count);
            fileBytes = files.isEmpty() ? FILE_BYTES_MAX : fileBytes;
        }
    }

    /** The oldest file cannot be read: kept for people, out of the way of the others. */
    void setOldestAside() {
        var first = files.pollFirstEntry();
        if (first == null) {
            return;
        }
        Path file = first.getValue();
        try {
            Files.move(file, file.resolveSibling(file.getFileName() + ".unreadable"));
        } catch (IOException e) {
            LOG.error("{} cannot be renamed either; it is left alone", file, e);
        }
        if (files.isEmpty()) {
            bytes = 0;
            events = 0;
            fileBytes = FILE_BYTES_MAX;
        }
    }

    boolean isEmpty() {
        return events == 0 && bytes == 0;
    }

    long bytes() {
        return bytes;
    }

    long events() {
        return events;
    }

    private static long count(Path file) throws IOException {
        try (BufferedReader lines = reader(file)) {
            return lines.lines().count();
        }
    }

    /** A torn last character must not hide the lines before it. */
    private static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new java.io.InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
    }

    private static Optional<Long> number(Path file) {
        String name = file.getFileName().toString();
        if (!name.matches(PREFIX + "[0-9]{8}\\" + SUFFIX)) {
            return Optional.empty();
        }
        return Optional.of(Long.valueOf(name.substring(PREFIX.length(), name.length() - SUFFIX.length())));
    }
}
