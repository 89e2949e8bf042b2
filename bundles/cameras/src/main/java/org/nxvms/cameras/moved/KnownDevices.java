// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nxvms.cameras.file.WholeFile;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.platform.api.camera.Camera;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which device each camera is, in memory and in {@code known-devices.json} of the data folder, so that a camera can be followed
 * that moved while the server was down. The file is small and replaced whole; of several changes that wait one is written. Any
 * thread; learning does not block.
 */
public final class KnownDevices {
    private static final Logger LOG = LoggerFactory.getLogger(KnownDevices.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BYTES_MAX = 8 << 20;

    private final Path file;
    private final Executor writer;
    private final Map<UUID, KnownDevice> known = new ConcurrentHashMap<>();
    private final AtomicBoolean writes = new AtomicBoolean();

    /** @param writer runs one task at a time, in order */
    public KnownDevices(Path file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    /** {@return the device of a camera; empty when it never said, or the camera is to be elsewhere since} */
    Optional<KnownDevice> of(Camera camera) {
        return Optional.ofNullable(known.get(camera.id()))
                .filter(device -> device.driver().equals(camera.driver())
                        && device.address().equals(camera.address()));
    }

    /** A camera's device has said who it is, at the camera's address. */
    public void learn(Camera camera, DeviceIdentity identity, String endpoint) {
        boolean nameless =
                identity.serialNumber().isEmpty() && identity.macAddress().isEmpty();
        if (nameless) {
            return;
        }
        Optional<KnownDevice> before = of(camera);
        // One that does not say it this time has no other name for that.
        String name = endpoint.isEmpty()
                ? before.filter(device -> device.is(identity, ""))
                        .map(KnownDevice::endpoint)
                        .orElse("")
                : endpoint;
        KnownDevice now = new KnownDevice(camera.driver(), camera.address(), name, identity);
        if (!now.equals(known.put(camera.id(), now))) {
            write();
        }
    }

    public void forget(UUID camera) {
        if (known.remove(camera) != null) {
            write();
        }
    }

    private void write() {
        if (writes.compareAndSet(false, true)) {
            try {
                writer.execute(this::writeNow);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("Stopping; what devices say is not noted any more");
            }
        }
    }

    private void writeNow() {
        writes.set(false);
        ObjectNode all = JSON.createObjectNode();
        known.forEach((camera, device) -> {
            DeviceIdentity identity = device.identity();
            all.putObject(camera.toString())
                    .put("driver", device.driver())
                    .put("address", device.address().toString())
                    .put("endpoint", device.endpoint())
                    .put("manufacturer", identity.manufacturer())
                    .put("model", identity.model())
                    .put("firmware", identity.firmware())
                    .put("serialNumber", identity.serialNumber())
                    .put("macAddress", identity.macAddress());
        });
        try {
            WholeFile.replace(file, JSON.writeValueAsBytes(all));
        } catch (IOException e) {
            LOG.warn("{} cannot be written: cameras that move while the server is down are not followed", file, e);
        }
    }

    /** Learns what was written before; on the writer's thread, before anybody else learns. */
    public void read() {
        Map<UUID, KnownDevice> found = new HashMap<>();
        try {
            Optional<byte[]> content = WholeFile.read(file, BYTES_MAX);
            if (content.isEmpty()) {
                return;
            }
            for (Map.Entry<String, JsonNode> camera :
                    JSON.readTree(content.get()).properties()) {
                found.put(UUID.fromString(camera.getKey()), device(camera.getValue()));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read: cameras that moved while the server was down are not followed", file, e);
            return;
        }
        found.forEach(known::putIfAbsent);
    }

    private static KnownDevice device(JsonNode node) {
        return new KnownDevice(
                text(node, "driver"),
                URI.create(text(node, "address")),
                text(node, "endpoint"),
                new DeviceIdentity(
                        text(node, "manufacturer"),
                        text(node, "model"),
                        text(node, "firmware"),
                        text(node, "serialNumber"),
                        text(node, "macAddress")));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText();
    }
}
