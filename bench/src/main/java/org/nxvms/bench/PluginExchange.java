// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** The RTSP driver as a plugin in two versions, each of which takes the other's place, with a receipt. */
final class PluginExchange implements Exchange {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));
    private static final String PLUGIN = "org.nxvms.bench.driver";
    private static final String FIRST = "9.0.0";
    private static final String SECOND = "9.1.0";

    private final PackedServer server;
    private final Api api;
    private final Path folder;
    private final int cameras;
    private final List<String> touched = new ArrayList<>();
    private final List<String> receipts = new ArrayList<>();
    private String serving = SECOND;

    PluginExchange(PackedServer server, Api api, Path folder, int cameras) {
        this.server = server;
        this.api = api;
        this.folder = folder;
        this.cameras = cameras;
    }

    @Override
    public void prepare() throws IOException {
        // As long as it is there it serves, and what is exchanged beside it serves nobody.
        Commands.Result gone = server.shell("feature:uninstall " + Part.DRIVER.feature);
        if (gone.status() != 0) {
            throw new IOException("the server's own driver cannot be taken out: " + gone.output() + gone.errors());
        }
        api.post("/api/v1/plugins", order(driver(FIRST))).expect(201);
        api.post("/api/v1/plugins/" + PLUGIN + "/update", order(driver(SECOND))).expect(200);
        Waiting.until("the plugin's driver serves all cameras", 60, this::isBack);
    }

    @Override
    public void once() {
        JsonNode done = api.postText("/api/v1/plugins/" + PLUGIN + "/rollback", "")
                .expect(200)
                .json();
        serving = serving.equals(SECOND) ? FIRST : SECOND;
        receipts.add(done.get("receipt").asText());
        JsonNode receipt = receipt(done.get("receipt").asText());
        if (!receipt.get("outcome").asText().equals("done")) {
            throw new IllegalStateException("an exchange went wrong: " + receipt);
        }
        if (!receipt.get("detail").asText().isEmpty()) {
            touched.add(receipt.get("detail").asText());
        }
    }

    private JsonNode receipt(String id) {
        return api.get("/api/v1/plugins/receipts/" + id).expect(200).json();
    }

    /** The last one is signed soon. */
    @Override
    public void addTo(Map<String, Object> figures) {
        long lost = 0;
        for (String id : receipts) {
            Waiting.until(
                    "the receipt " + id + " is signed", 30, () -> receipt(id).has("signature"));
            for (JsonNode stream : receipt(id).get("frames")) {
                lost += stream.get("lost").asLong();
            }
        }
        figures.put("receiptsSigned", receipts.size());
        figures.put("receiptsLostFrames", lost);
    }

    @Override
    public boolean isBack() {
        for (JsonNode driver : api.get("/api/v1/drivers").expect(200).json().get("items")) {
            if (driver.get("bundle").asText().equals(PLUGIN)
                    && driver.get("version").asText().equals(serving)) {
                return driver.get("cameras").asInt() == cameras;
            }
        }
        return false;
    }

    @Override
    public List<String> touched() {
        return touched;
    }

    private static Map<String, Object> order(Path file) {
        return Map.of("url", file.toUri().toString(), "allowUnsigned", true);
    }

    private Path driver(String version) throws IOException {
        Path built;
        try (Stream<Path> files = Files.list(ROOT.resolve("drivers/rtsp/target"))) {
            built = files.filter(f -> f.getFileName().toString().matches("nxvms-driver-rtsp-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("drivers/rtsp is not built"));
        }
        Path target = folder.resolve("driver-" + version + ".jar");
        try (JarFile source = new JarFile(built.toFile());
                OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = source.getManifest();
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", PLUGIN);
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream jar = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(source.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        jar.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = source.getInputStream(entry)) {
                            in.transferTo(jar);
                        }
                        jar.closeEntry();
                    }
                }
            }
        }
        return target;
    }
}
