// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.nxvms.platform.api.console.ConsoleExtensions;

/** A bundle that brings a console extension, as a vendor's build would make it. */
final class BroughtJar {
    static final String NAME = "org.example.plates";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> entries = new LinkedHashMap<>();

    private BroughtJar(String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", NAME);
        headers.put("Bundle-Version", version);
        headers.put(ConsoleExtensions.HEADER, "console/extension.json");
        entries.put("secret.js", "outside");
        entries.put("console/plates.js", "export function activate() {}");
        entries.put("console/parts/list.js", "export const list = 1;");
        entries.put("console/plates.svg", "<svg/>");
        describedBy(description("plates"));
    }

    static BroughtJar version(String version) {
        return new BroughtJar(version);
    }

    static String description(String id) {
        return """
                {"id": "%s", "apiVersion": "1.0", "entry": "plates.js", "title": "title",
                 "texts": {"en": {"title": "Plates", "lane": "Seen"}, "de": {"title": "Kennzeichen"}},
                 "contributes": [
                   {"slot": "nav.page", "name": "list", "title": "title", "icon": "plates.svg"},
                   {"slot": "timeline.lane", "name": "seen", "title": "lane", "requires": ["view_events"]}]}
                """
                .formatted(id);
    }

    BroughtJar named(String name) {
        return header("Bundle-SymbolicName", name);
    }

    BroughtJar header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    BroughtJar describedBy(String json) {
        return entry("console/extension.json", json);
    }

    BroughtJar entry(String path, String content) {
        entries.put(path, content);
        return this;
    }

    BroughtJar without(String path) {
        entries.remove(path);
        return this;
    }

    InputStream open() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(out.toByteArray());
    }
}
