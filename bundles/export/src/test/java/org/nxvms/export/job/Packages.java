// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Packages as somebody has them who opens them. */
final class Packages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Packages() {}

    static byte[] content(Path zip, String name) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry entry = file.getEntry(name);
            assertThat(entry).as(name).isNotNull();
            return file.getInputStream(entry).readAllBytes();
        }
    }

    static JsonNode manifest(Path zip) throws IOException {
        return JSON.readTree(content(zip, "manifest.json"));
    }

    /** {@return names of the files that hold footage} */
    static List<String> footage(Path zip) throws IOException {
        List<String> names = new ArrayList<>();
        manifest(zip).get("files").forEach(file -> {
            if (file.has("cameraId")) {
                names.add(file.get("name").asText());
            }
        });
        return names;
    }

    /** {@return what a manifest says of a file} */
    static JsonNode item(JsonNode manifest, String name) {
        for (JsonNode file : manifest.get("files")) {
            if (file.get("name").asText().equals(name)) {
                return file;
            }
        }
        throw new AssertionError("no " + name + " in " + manifest);
    }
}
