// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** What somebody does to a signed file on its way. */
final class Tampering {
    private Tampering() {}

    static byte[] content(byte[] jar, String entry) {
        return changed(jar, entries -> {
            byte[] content = entries.get(entry).clone();
            content[content.length / 2] ^= 1;
            entries.put(entry, content);
            return entries;
        });
    }

    static byte[] added(byte[] jar, String entry) {
        return changed(jar, entries -> {
            entries.put(entry, new byte[] {1, 2, 3});
            return entries;
        });
    }

    static byte[] manifest(byte[] jar, String from, String to) {
        return changed(jar, entries -> {
            String manifest = new String(entries.get("META-INF/MANIFEST.MF"), StandardCharsets.UTF_8);
            if (!manifest.contains(from)) {
                throw new IllegalStateException(manifest);
            }
            entries.put("META-INF/MANIFEST.MF", manifest.replace(from, to).getBytes(StandardCharsets.UTF_8));
            return entries;
        });
    }

    static byte[] unsigned(byte[] jar) {
        return changed(jar, entries -> {
            entries.keySet().removeIf(name -> name.startsWith("META-INF/VENDOR."));
            return entries;
        });
    }

    private static byte[] changed(byte[] jar, UnaryOperator<Map<String, byte[]>> change) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> entry : change.apply(entries).entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                    zip.closeEntry();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
