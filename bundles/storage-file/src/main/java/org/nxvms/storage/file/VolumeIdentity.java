// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a volume is: the content of {@code nxvms-volume.json} at its top. Written once, when the volume is first used,
 * and compared at every check, so that a wrong disk or an empty mount point is never written (archive.md invariant 7).
 *
 * @param volumeId constant over moves and remounts
 * @param serverId the server that made it
 * @param created when
 */
record VolumeIdentity(UUID volumeId, UUID serverId, Instant created) {
    static final String FILE_NAME = "nxvms-volume.json";

    private static final int FORMAT_VERSION = 1;
    /** Ours is below 300 bytes; a larger file is not ours. */
    private static final int FILE_BYTES_MAX = 4096;

    private static final Pattern FORMAT = Pattern.compile("\"formatVersion\"\\s*:\\s*(\\d{1,6})");
    private static final Pattern VOLUME = Pattern.compile("\"volumeId\"\\s*:\\s*\"([0-9a-fA-F-]{36})\"");
    private static final Pattern SERVER = Pattern.compile("\"serverId\"\\s*:\\s*\"([0-9a-fA-F-]{36})\"");
    private static final Pattern CREATED = Pattern.compile("\"created\"\\s*:\\s*\"([0-9TZ:.+-]{1,40})\"");

    /**
     * Reads the identity of the volume in a folder.
     *
     * @throws NoSuchFileException when there is none
     * @throws IOException when the file cannot be read or is not an identity; the message says what is wrong with it
     */
    static VolumeIdentity read(Path folder) throws IOException {
        return of(folder, bytes(folder));
    }

    /** {@return what the identity file holds; the first half of {@link #read}} */
    static byte[] bytes(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + " is larger than " + FILE_BYTES_MAX + " bytes: not an identity file");
        }
        return Files.readAllBytes(file);
    }

    /** The second half of {@link #read}. */
    static VolumeIdentity of(Path folder, byte[] bytes) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            int format = Integer.parseInt(field(FORMAT, text, "formatVersion", file));
            if (format != FORMAT_VERSION) {
                throw new IOException(file + " has formatVersion " + format + ", this version knows " + FORMAT_VERSION
                        + ": the volume was made by a newer version");
            }
            return new VolumeIdentity(
                    UUID.fromString(field(VOLUME, text, "volumeId", file)),
                    UUID.fromString(field(SERVER, text, "serverId", file)),
                    Instant.parse(field(CREATED, text, "created", file)));
        } catch (IllegalArgumentException | java.time.DateTimeException bad) {
            throw new IOException(file + " is damaged: " + bad.getMessage());
        }
    }

    private static String field(Pattern pattern, String text, String name, Path file) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException(file + " is damaged: no " + name);
        }
        return matcher.group(1);
    }

    /** Writes the file so that after a power cut it is there whole or not at all. */
    void write(Path folder) throws IOException {
        String text =
                """
                {
                  "formatVersion": %d,
                  "volumeId": "%s",
                  "serverId": "%s",
                  "created": "%s",
                  "note": "Written by NXvms. Without this file the folder is not used as a volume."
                }
                """
                        .formatted(FORMAT_VERSION, volumeId, serverId, created);
        writeAtomically(folder.resolve(FILE_NAME), text);
    }

    static void writeAtomically(Path file, String text) throws IOException {
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
        Folders.force(file.getParent());
    }
}
