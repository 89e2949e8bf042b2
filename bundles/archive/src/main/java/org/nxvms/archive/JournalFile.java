// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * An append-only file of lines on a volume, each closed by its CRC-32. A line torn by a power cut fails it, and the next
 * append begins a line of its own.
 */
final class JournalFile {
    static final String FOLDER = "journal";
    /** A lock of 128 cameras needs five thousand; beyond, a line is cut and fails its CRC. */
    private static final int LINE_BYTES_MAX = 8192;

    /**
     * One for each volume: its keeper, its mover and the lock book write on their own threads. Nobody waits for another
     * volume while he holds one.
     */
    private static final Map<UUID, Object> WRITERS = new ConcurrentHashMap<>();

    private JournalFile() {}

    private static Object writer(Volume volume) {
        return WRITERS.computeIfAbsent(volume.id(), first -> new Object());
    }

    /** {@return the columns as a line, the CRC as the last} */
    static String line(String... columns) {
        String text = String.join("\t", columns);
        return text + "\t" + crc(text) + "\n";
    }

    /** {@return the columns of a line without its CRC; empty when it is unsound} */
    static String[] columns(String line) {
        int last = line.lastIndexOf('\t');
        if (last < 0 || !crc(line.substring(0, last)).equals(line.substring(last + 1))) {
            return new String[0];
        }
        return line.substring(0, last).split("\t", -1);
    }

    /** {@return text that is one column: without control characters, and not longer} */
    static String column(String text, int charsMax) {
        String shortened = text.length() <= charsMax ? text : text.substring(0, charsMax);
        return shortened.replaceAll("[\\p{Cntrl}]", " ");
    }

    /** Appends lines durably. A torn line before them is ended first. */
    static void append(Volume volume, String path, String lines) throws IOException {
        synchronized (writer(volume)) {
            appendAlone(volume, path, lines);
        }
    }

    /** Takes a file away, unless it is longer than what was read of it. */
    static void deleteUnlessGrown(Volume volume, String path, long sizeBytes) throws IOException {
        synchronized (writer(volume)) {
            try (VolumeReadable file = volume.read(path)) {
                if (file.size() > sizeBytes) {
                    return;
                }
            }
            volume.delete(path);
        }
    }

    private static void appendAlone(Volume volume, String path, String lines) throws IOException {
        boolean torn = endsTorn(volume, path);
        ByteBuffer[] bytes = {StandardCharsets.UTF_8.encode((torn ? "\n" : "") + lines)};
        try (VolumeFile file = volume.append(path)) {
            boolean isNew = file.position() == 0;
            file.write(bytes, 0, 1);
            file.force();
            if (isNew) {
                file.forceDirectory();
            }
        }
    }

    private static boolean endsTorn(Volume volume, String path) throws IOException {
        try (VolumeReadable file = volume.read(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return file.size() > 0 && file.read(last, file.size() - 1) == 1 && last.get(0) != '\n';
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** Visits the lines, sound or not. */
    static void lines(VolumeReadable file, Consumer<String> visitor) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(64 << 10);
        byte[] line = new byte[LINE_BYTES_MAX];
        int length = 0;
        long at = 0;
        while (file.read(chunk.clear(), at) > 0) {
            at += chunk.position();
            chunk.flip();
            while (chunk.hasRemaining()) {
                byte next = chunk.get();
                if (next == '\n') {
                    visitor.accept(new String(line, 0, Math.min(length, line.length), StandardCharsets.UTF_8));
                    length = 0;
                } else {
                    if (length < line.length) {
                        line[length] = next;
                    }
                    length++;
                }
            }
        }
        if (length > 0) {
            visitor.accept(new String(line, 0, Math.min(length, line.length), StandardCharsets.UTF_8));
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
