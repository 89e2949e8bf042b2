// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The real RTSP driver as another version: the same classes under another Bundle-Version. */
final class DriverJar {
    private DriverJar() {}

    static Path withVersion(Path driver, Path folder, String version) throws IOException {
        Files.createDirectories(folder);
        Path copy = folder.resolve("driver-rtsp-" + version + ".jar");
        try (JarFile source = new JarFile(driver.toFile());
                OutputStream file = Files.newOutputStream(copy)) {
            Manifest manifest = source.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream target = new JarOutputStream(file, manifest)) {
                copyEntries(source, target);
            }
        }
        return copy;
    }

    private static void copyEntries(JarFile source, JarOutputStream target) throws IOException {
        Enumeration<JarEntry> entries = source.entries();
        while (entries.hasMoreElements()) {
            JarEntry entry = entries.nextElement();
            if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                continue;
            }
            target.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream in = source.getInputStream(entry)) {
                in.transferTo(target);
            }
            target.closeEntry();
        }
    }
}
