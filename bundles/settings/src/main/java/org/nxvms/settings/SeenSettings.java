// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings that were seen last, in a file that outlives the server, so that a change between two runs is noticed.
 *
 * @param known whether any were seen before; without, everything would look like a change
 * @param salt of the fingerprints of secrets
 */
record SeenSettings(boolean known, String salt, Map<String, Map<String, String>> byPid) {
    private static final String SALT = "salt";
    /** No name of a file has it. */
    private static final char BETWEEN = '/';

    private static final int SALT_BYTES = 16;

    static SeenSettings none() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new SeenSettings(false, HexFormat.of().formatHex(salt), Map.of());
    }

    /** {@return what is in a file; none when it is not there, or is none of ours} */
    static SeenSettings read(Path file) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException absent) {
            return none();
        }
        String salt = lines.getProperty(SALT);
        if (salt == null) {
            return none();
        }
        Map<String, Map<String, String>> byPid = new TreeMap<>();
        for (String line : lines.stringPropertyNames()) {
            int slash = line.indexOf(BETWEEN);
            if (slash > 0) {
                Map<String, String> values = byPid.computeIfAbsent(line.substring(0, slash), pid -> new TreeMap<>());
                if (slash < line.length() - 1) {
                    values.put(line.substring(slash + 1), lines.getProperty(line));
                }
            }
        }
        return new SeenSettings(true, salt, byPid);
    }

    SeenSettings now(Map<String, Map<String, String>> seen) {
        return new SeenSettings(true, salt, seen);
    }

    /** As a whole or not at all, for the server's own user. */
    void write(Path file) throws IOException {
        Properties lines = new Properties();
        lines.setProperty(SALT, salt);
        byPid.forEach((pid, values) -> {
            lines.setProperty(pid + BETWEEN, "");
            values.forEach((key, value) -> lines.setProperty(pid + BETWEEN + key, value));
        });
        StringWriter text = new StringWriter();
        lines.store(text, "Settings as the audit has seen them; secrets as fingerprints");
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
