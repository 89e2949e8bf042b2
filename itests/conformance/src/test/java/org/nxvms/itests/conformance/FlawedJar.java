// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.nxvms.driver.axis.AxisDriver;
import org.nxvms.itests.conformance.flawed.FlawedDriver;

/** Packs bad drivers: the jar of the good one, what stands before it, and the name of the flaw in the manifest. */
final class FlawedJar {
    private static final String FLAWS = "org/nxvms/itests/conformance/flawed/";
    private static final int MAJOR_AT = 7;
    private static final byte JAVA_21 = 65;

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private FlawedJar() throws IOException, URISyntaxException {
        Path good = Path.of(AxisDriver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile jar = new JarFile(good.toFile())) {
            manifest.getMainAttributes().putAll(jar.getManifest().getMainAttributes());
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        Path classes = Path.of(FlawedDriver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> flaws = Files.list(classes.resolve(FLAWS))) {
            for (Path flaw : flaws.toList()) {
                entries.put(FLAWS + flaw.getFileName(), Files.readAllBytes(flaw));
            }
        }
        Attributes main = manifest.getMainAttributes();
        for (String header : new String[] {"Service-Component", "Provide-Capability", "Require-Capability"}) {
            main.remove(new Attributes.Name(header));
        }
        header("Bundle-Activator", FlawedDriver.class.getName());
        header("Bundle-SymbolicName", "org.example.driver.flawed");
        header(
                "Import-Package",
                main.getValue("Import-Package")
                        + ",org.osgi.framework;version=\"[1.8,2)\",javax.xml.parsers,org.xml.sax,org.w3c.dom");
    }

    private void header(String name, String value) {
        manifest.getMainAttributes().putValue(name, value);
    }

    /** Writes a driver that breaks a rule, and, as far as may be, no other. */
    static Path breaking(String rule, Path folder) {
        try {
            FlawedJar jar = new FlawedJar();
            jar.header("Nxvms-Flaw", rule);
            switch (rule) {
                case "manifest.laws" -> jar.header("Export-Package", "org.nxvms.driver.axis;version=1.0.0");
                case "manifest.java" -> {
                    byte[] newer = jar.entries.get(FLAWS + "Flaw.class").clone();
                    newer[MAJOR_AT] = JAVA_21;
                    jar.entries.put("org/example/Newer.class", newer);
                }
                case "manifest.process" -> jar.entries.put("org/example/Exiting.class", bytes(Exiting.class));
                default -> {}
            }
            return jar.write(folder.resolve(rule + ".jar"));
        } catch (IOException | URISyntaxException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return in.readAllBytes();
        }
    }

    private Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return file;
    }
}
