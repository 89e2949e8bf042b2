// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Copies of a vendor's signed KAR that somebody has altered. */
final class AlteredKar {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final Map<String, byte[]> entries;

    private AlteredKar(Map<String, byte[]> entries) {
        this.entries = entries;
    }

    /** As it is, but for one line more in its list of features. */
    static Path tampered(Path kar, Path target) throws IOException {
        AlteredKar altered = new AlteredKar(read(Files.readAllBytes(kar)));
        String features = altered.only("-features.xml");
        String text = new String(altered.entries.get(features), StandardCharsets.UTF_8);
        altered.entries.put(features, (text + "<!-- one line more -->\n").getBytes(StandardCharsets.UTF_8));
        return altered.write(target);
    }

    static Path unsigned(Path kar, Path target) throws IOException {
        return stripped(kar).write(target);
    }

    /** Unsigned, with other main headers in the manifest of the bundle in it. */
    static Path with(Path kar, Map<String, String> headers, Path target) throws IOException {
        AlteredKar altered = stripped(kar);
        String bundle = altered.only(".jar");
        AlteredKar jar = new AlteredKar(read(altered.entries.get(bundle)));
        Manifest manifest = new Manifest(new ByteArrayInputStream(jar.entries.get(MANIFEST)));
        Attributes main = manifest.getMainAttributes();
        headers.forEach(main::putValue);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        manifest.write(text);
        jar.entries.put(MANIFEST, text.toByteArray());
        // It is about the content as it was.
        jar.entries.remove("META-INF/nxvms/conformance.json");
        altered.entries.put(bundle, jar.zip());
        return altered.write(target);
    }

    private static AlteredKar stripped(Path kar) throws IOException {
        Map<String, byte[]> entries = read(Files.readAllBytes(kar));
        entries.keySet().removeIf(name -> name.startsWith("META-INF/"));
        return new AlteredKar(entries);
    }

    private String only(String end) {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(end))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, byte[]> read(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        zip(bytes);
        return bytes.toByteArray();
    }

    private Path write(Path target) throws IOException {
        try (OutputStream file = Files.newOutputStream(target)) {
            zip(file);
        }
        return target;
    }

    private void zip(OutputStream to) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(to)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
    }
}
