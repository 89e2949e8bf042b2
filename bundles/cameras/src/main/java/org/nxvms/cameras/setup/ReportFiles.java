// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.cameras.file.WholeFile;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.platform.api.camera.CameraReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code camera-reports/} in the data folder: the newest report of each camera, a small file each. Any thread; blocks. */
final class ReportFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ReportFiles.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BYTES_MAX = 256 << 10;
    private static final int CHECKS_MAX = 100;

    private final Path folder;

    ReportFiles(Path folder) {
        this.folder = folder;
    }

    /** A report that cannot be kept is given all the same; it is logged. */
    synchronized void keep(UUID camera, CameraReport report) {
        ObjectNode node = JSON.createObjectNode();
        node.put("taken", report.taken().toString());
        node.put("durationMs", report.durationMs());
        node.put("driver", report.driver());
        node.put("driverVersion", report.driverVersion());
        DeviceIdentity who = report.identity();
        node.putObject("identity")
                .put("manufacturer", who.manufacturer())
                .put("model", who.model())
                .put("firmware", who.firmware())
                .put("serialNumber", who.serialNumber())
                .put("macAddress", who.macAddress());
        ArrayNode checks = node.putArray("checks");
        for (CameraReport.Check check : report.checks()) {
            checks.addObject()
                    .put("name", check.name())
                    .put("state", check.state().name())
                    .put("seen", check.seen())
                    .put("advice", check.advice());
        }
        try {
            Files.createDirectories(folder);
            WholeFile.replace(file(camera), JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            LOG.warn("What was seen of camera {} cannot be kept; check it again when the disk has room", camera, e);
        }
    }

    synchronized Optional<CameraReport> read(UUID camera) {
        try {
            Optional<byte[]> bytes = WholeFile.read(file(camera), BYTES_MAX);
            return bytes.isPresent() ? Optional.of(parse(JSON.readTree(bytes.get()))) : Optional.empty();
        } catch (IOException | DateTimeParseException | IllegalArgumentException e) {
            LOG.warn("What was seen of camera {} cannot be read; check it again", camera, e);
            return Optional.empty();
        }
    }

    synchronized void forget(UUID camera) {
        try {
            Files.deleteIfExists(file(camera));
        } catch (IOException e) {
            LOG.warn("The report of camera {} cannot be removed", camera, e);
        }
    }

    private Path file(UUID camera) {
        return folder.resolve(camera + ".json");
    }

    private static CameraReport parse(JsonNode node) {
        JsonNode who = node.path("identity");
        List<CameraReport.Check> checks = new ArrayList<>();
        for (JsonNode check : node.path("checks")) {
            if (checks.size() < CHECKS_MAX) {
                checks.add(new CameraReport.Check(
                        check.path("name").asText(),
                        CameraReport.State.valueOf(check.path("state").asText()),
                        check.path("seen").asText(),
                        check.path("advice").asText()));
            }
        }
        return new CameraReport(
                Instant.parse(node.path("taken").asText()),
                node.path("durationMs").asLong(),
                node.path("driver").asText(),
                node.path("driverVersion").asText(),
                new DeviceIdentity(
                        who.path("manufacturer").asText(),
                        who.path("model").asText(),
                        who.path("firmware").asText(),
                        who.path("serialNumber").asText(),
                        who.path("macAddress").asText()),
                checks);
    }
}
