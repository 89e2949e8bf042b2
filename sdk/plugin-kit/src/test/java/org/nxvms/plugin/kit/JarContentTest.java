// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a jar another one, and what does not. */
class JarContentTest {
    @TempDir
    private Path folder;

    private final Map<String, String> entries = new TreeMap<>(Map.of("a/A.class", "A", "b.txt", "B"));
    private final Manifest manifest = new Manifest();

    private String hash() throws IOException {
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        Path jar = Files.createTempFile(folder, "x", ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return JarContent.sha256(jar);
    }

    @Test
    void aScoreAndASignatureChangeNothing() throws IOException {
        String before = hash();
        entries.put(JarContent.SCORE, "{}");
        entries.put("META-INF/VENDOR.SF", "digests");
        entries.put("META-INF/VENDOR.EC", "signature");
        manifest.getEntries().put("a/A.class", new java.util.jar.Attributes());
        manifest.getAttributes("a/A.class").putValue("SHA-256-Digest", "x");
        assertThat(hash()).isEqualTo(before);
    }

    @Test
    void whateverElseIsAnotherDoes() throws IOException {
        String before = hash();
        entries.put("a/A.class", "B");
        assertThat(hash()).as("a class").isNotEqualTo(before);
        entries.put("a/A.class", "A");
        entries.put("META-INF/nxvms/other.json", "");
        assertThat(hash()).as("an entry more").isNotEqualTo(before);
        entries.remove("META-INF/nxvms/other.json");
        entries.remove("b.txt");
        assertThat(hash()).as("an entry less").isNotEqualTo(before);
        entries.put("b.txt", "B");
        assertThat(hash()).isEqualTo(before);
        manifest.getMainAttributes().putValue("Bundle-Version", "2.0.0");
        assertThat(hash()).as("a header").isNotEqualTo(before);
    }
}
