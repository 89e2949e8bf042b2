// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Which bytes a conformance score is about: the same for a jar before and after the score was put into it and it was signed,
 * another as soon as one class or one header is another.
 */
public final class JarContent {
    /** Where the score lies. */
    public static final String SCORE = "META-INF/nxvms/conformance.json";

    private static final Pattern SIGNATURES = Pattern.compile("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]*)");
    private static final int BUFFER_BYTES = 1 << 16;

    private JarContent() {}

    /**
     * {@return SHA-256 in lower-case hex over all entries by name, without the score and signatures, and over the main
     * attributes of the manifest, to whose other part a signature adds}
     */
    public static String sha256(Path jar) throws IOException {
        MessageDigest all = digest();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Set<String> names = new TreeSet<>();
            for (ZipEntry entry : Collections.list(zip.entries())) {
                names.add(entry.getName());
            }
            for (String name : names) {
                if (!name.endsWith("/") && isContent(name)) {
                    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
                        add(all, name, name.equals(JarFile.MANIFEST_NAME) ? mainAttributes(in) : hash(in));
                    }
                }
            }
        }
        return HexFormat.of().formatHex(all.digest());
    }

    /** {@return whether an entry is a part of what was tried, not something that is said of it} */
    public static boolean isContent(String name) {
        return !name.equals(SCORE) && !SIGNATURES.matcher(name).matches();
    }

    private static void add(MessageDigest all, String name, byte[] hash) {
        all.update(name.getBytes(StandardCharsets.UTF_8));
        all.update((byte) 0);
        all.update(hash);
    }

    private static byte[] mainAttributes(InputStream in) throws IOException {
        Map<String, String> sorted = new TreeMap<>();
        Attributes attributes = new Manifest(in).getMainAttributes();
        attributes.forEach((name, value) -> sorted.put(name.toString(), value.toString()));
        MessageDigest hash = digest();
        sorted.forEach((name, value) -> {
            hash.update((name + ": " + value).getBytes(StandardCharsets.UTF_8));
            hash.update((byte) 0);
        });
        return hash.digest();
    }

    private static byte[] hash(InputStream in) throws IOException {
        MessageDigest hash = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            hash.update(buffer, 0, read);
        }
        return hash.digest();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
