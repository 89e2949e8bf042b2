// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.nxvms.plugin.kit.JarContent;
import org.nxvms.plugins.sample.SampleDriver;
import org.osgi.framework.BundleActivator;

/** Builds plugins as a vendor's build would: a manifest, classes, whatever else. */
final class PluginJar {
    static final String NAME = "org.example.driver.sample";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private PluginJar() {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", NAME);
        headers.put("Bundle-Version", "1.0.0");
        headers.put("Bundle-Name", "Sample");
        headers.put("Bundle-Vendor", "Example");
        headers.put("Bundle-License", "Apache-2.0");
        headers.put(
                "Import-Package",
                "org.osgi.framework;version=\"[1.8,2)\",org.nxvms.driver.spi;version=\"[1.0,2)\","
                        + "org.nxvms.media;version=\"[1.0,2)\"");
        activatedBy(SampleDriver.class);
    }

    /** A driver that keeps all laws. */
    static PluginJar sample(String version) {
        return new PluginJar().header("Bundle-Version", version);
    }

    PluginJar header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    PluginJar activatedBy(Class<? extends BundleActivator> activator) {
        headers.put("Bundle-Activator", activator.getName());
        return with(activator).with(SampleDriver.class);
    }

    PluginJar with(Class<?> one) {
        String path = one.getName().replace('.', '/') + ".class";
        try (InputStream in = one.getClassLoader().getResourceAsStream(path)) {
            entries.put(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    PluginJar entry(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8));
    }

    PluginJar entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** With the score of 61 rules kept and two left out, written last, as the conformance kit does. */
    PluginJar scored() {
        try {
            Path unscored = Files.createTempFile("unscored", ".jar");
            try {
                Files.write(unscored, bytes());
                return entry(
                        JarContent.SCORE,
                        "{\"kit\":\"1.0\",\"passed\":61,\"failed\":0,\"skipped\":2,\"content\":\""
                                + JarContent.sha256(unscored) + "\"}");
            } finally {
                Files.delete(unscored);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A Karaf archive as karaf-maven-plugin packs it. */
    static byte[] kar(byte[]... jars) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Karaf-Feature-Start", "true");
        try (JarOutputStream kar = new JarOutputStream(out, manifest)) {
            kar.putNextEntry(new JarEntry("repository/org/example/features-1.0.0-features.xml"));
            kar.write("<features name=\"x\"/>".getBytes(StandardCharsets.UTF_8));
            kar.closeEntry();
            for (int i = 0; i < jars.length; i++) {
                kar.putNextEntry(new JarEntry("repository/org/example/driver" + i + ".jar"));
                kar.write(jars[i]);
                kar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
