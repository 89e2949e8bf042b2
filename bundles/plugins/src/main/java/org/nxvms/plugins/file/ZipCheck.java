// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;

/**
 * Whether a file is a ZIP that all readers read alike, and unpacks to something bearable. The framework and the check of
 * signatures go by the central directory, others by what stands before each entry: both must name the same entries with
 * the same content, none of them twice.
 */
final class ZipCheck {
    /** A driver with large libraries in it has some thousands. */
    static final int ENTRIES_MAX = 20_000;
    /** The framework unpacks what is embedded; ten times the largest plugin we know. */
    static final long UNPACKED_BYTES_MAX = 512L << 20;
    /** Manifests and signatures are read into memory, all of them; 20 000 entries make some 3 MiB of each. */
    static final long META_BYTES_MAX = 8L << 20;

    private static final int SIGNATURES_MAX = 8;

    private static final int NAME_CHARS_MAX = 512;
    private static final int BUFFER_BYTES = 1 << 16;

    private record Listed(long crc, long size) {}

    private ZipCheck() {}

    /** {@return the names of its entries} */
    static Set<String> check(Path file) throws PluginRefusedException {
        try {
            Map<String, Listed> listed = central(file);
            compareLocal(file, listed);
            return Set.copyOf(listed.keySet());
        } catch (IOException | IllegalArgumentException damaged) {
            throw refused("cannot be read as a JAR (" + damaged.getMessage() + "): pack it anew and send it again");
        }
    }

    private static Map<String, Listed> central(Path file) throws IOException, PluginRefusedException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > ENTRIES_MAX) {
                throw refused("has " + zip.size() + " entries, and " + ENTRIES_MAX + " are taken at most");
            }
            Map<String, Listed> listed = new HashMap<>();
            long metaBytes = 0;
            int signatures = 0;
            var entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                checkName(entry.getName());
                if (listed.put(entry.getName(), new Listed(entry.getCrc(), entry.getSize())) != null) {
                    throw twice(entry.getName());
                }
                String upper = entry.getName().toUpperCase(Locale.ROOT);
                if (upper.startsWith("META-INF/")) {
                    metaBytes += Math.max(entry.getSize(), 0);
                    signatures += upper.endsWith(".SF") ? 1 : 0;
                }
                if (metaBytes > META_BYTES_MAX || signatures > SIGNATURES_MAX) {
                    throw refused("has more in META-INF/ than " + META_BYTES_MAX + " bytes and " + SIGNATURES_MAX
                            + " signatures");
                }
            }
            return listed;
        }
    }

    private static void compareLocal(Path file, Map<String, Listed> listed) throws IOException, PluginRefusedException {
        Set<String> seen = new HashSet<>();
        long unpacked = 0;
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                ZipInputStream in = new ZipInputStream(bytes)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                if (!seen.add(name)) {
                    throw twice(name);
                }
                long size = 0;
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    size += read;
                    if (unpacked + size > UNPACKED_BYTES_MAX) {
                        throw refused("unpacks to more than " + UNPACKED_BYTES_MAX + " bytes");
                    }
                }
                unpacked += size;
                Listed central = listed.get(name);
                if (central == null || central.size() != size || central.crc() != entry.getCrc()) {
                    throw refused("lists " + printable(name) + " otherwise than it holds it: pack it anew");
                }
            }
        }
        if (seen.size() != listed.size()) {
            throw refused("lists " + listed.size() + " entries and holds " + seen.size() + ": pack it anew");
        }
    }

    private static void checkName(String name) throws PluginRefusedException {
        boolean sound = !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && !name.startsWith("/")
                && name.indexOf('\\') < 0
                && name.chars().noneMatch(Character::isISOControl)
                && !("/" + name + "/").contains("/../");
        if (!sound) {
            throw refused(
                    "has an entry with the name " + printable(name) + ", which leads elsewhere or cannot be shown");
        }
    }

    private static PluginRefusedException twice(String name) {
        return refused("holds " + printable(name) + " twice, so that readers differ on which counts: pack it anew");
    }

    private static PluginRefusedException refused(String why) {
        return new PluginRefusedException(Kind.FILE, "file", "The file " + why + ".");
    }

    private static String printable(String name) {
        String cut = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        return cut.chars()
                .mapToObj(c -> Character.isISOControl(c) ? "?" : String.valueOf((char) c))
                .collect(java.util.stream.Collectors.joining());
    }
}
