// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.cameras.file.WholeFile;
import org.nxvms.media.StreamRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code recording-requests.json} in the data folder: event and manual recordings that run. Small, replaced whole; of
 * several changes that wait only the newest is written.
 */
public final class RequestFile implements RequestStore {
    private static final Logger LOG = LoggerFactory.getLogger(RequestFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BYTES_MAX = 4 << 20;

    private final Path file;
    private final Executor writer;
    private final AtomicReference<Map<UUID, Kept>> waiting = new AtomicReference<>();
    private Map<UUID, Kept> written = Map.of();

    /** @param writer runs one task at a time, in order */
    public RequestFile(Path file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    @Override
    public void keep(Map<UUID, Kept> running) {
        if (waiting.getAndSet(running) == null) {
            try {
                writer.execute(this::write);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("Stopping; running recordings are not noted any more");
            }
        }
    }

    private void write() {
        Map<UUID, Kept> running = waiting.getAndSet(null);
        if (running == null || running.equals(written)) {
            return;
        }
        ObjectNode all = JSON.createObjectNode();
        running.forEach((camera, kept) -> {
            ObjectNode node = all.putObject(camera.toString());
            put(node.putObject("byEvents"), kept.byEvents());
            put(node.putObject("byPeople"), kept.byPeople());
        });
        try {
            WholeFile.replace(file, JSON.writeValueAsBytes(all));
            written = running;
        } catch (IOException e) {
            LOG.warn("{} cannot be written: after a restart, recordings that run now would end early", file, e);
        }
    }

    /** {@return what ran when it was last written; empty when that cannot be read} */
    public Map<UUID, Kept> read() {
        Map<UUID, Kept> running = new HashMap<>();
        try {
            Optional<byte[]> content = WholeFile.read(file, BYTES_MAX);
            if (content.isEmpty()) {
                return running;
            }
            for (Map.Entry<String, JsonNode> camera :
                    JSON.readTree(content.get()).properties()) {
                running.put(
                        UUID.fromString(camera.getKey()),
                        new Kept(
                                windows(camera.getValue().path("byEvents")),
                                windows(camera.getValue().path("byPeople"))));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read: event and manual recordings that ran before are not taken up", file, e);
            return Map.of();
        }
        return running;
    }

    private static void put(ObjectNode node, Map<StreamRole, Window> windows) {
        windows.forEach(
                (role, window) -> node.putArray(role.id()).add(window.fromUs()).add(window.untilUs()));
    }

    private static Map<StreamRole, Window> windows(JsonNode node) {
        Map<StreamRole, Window> windows = new EnumMap<>(StreamRole.class);
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            windows.put(
                    StreamRole.of(each.getKey()),
                    new Window(
                            each.getValue().path(0).asLong(),
                            each.getValue().path(1).asLong()));
        }
        return windows;
    }
}
