// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nxvms.rest.kit.json.Json;

/**
 * What of a package is made, and what could not be: a line each in a file beside it, so that a job goes on after a restart and
 * knows no less than before. One thread, but for writing.
 */
final class Journal {
    private static final String LOST = "lost";

    private final Path path;
    private final List<Done> files = new ArrayList<>();
    private final List<Lost> losses = new ArrayList<>();

    /** Footage of a camera that could not be read. */
    record Lost(UUID cameraId, CameraGaps.Reason reason) {}

    /** Reads what there is; a line that breaks off is what a crash left, and goes. */
    Journal(Path path) throws IOException {
        this.path = path;
        if (!Files.exists(path)) {
            return;
        }
        String text = Files.readString(path, StandardCharsets.UTF_8);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            try {
                line(text.substring(from, end));
            } catch (JsonProcessingException torn) {
                break;
            }
            from = end + 1;
        }
        if (from < text.length()) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                file.truncate(text.substring(0, from).getBytes(StandardCharsets.UTF_8).length);
            }
        }
    }

    private void line(String text) throws JsonProcessingException {
        JsonNode line = Json.mapper().readTree(text);
        if (line.has(LOST)) {
            losses.add(Json.mapper().treeToValue(line.get(LOST), Lost.class));
        } else {
            files.add(Json.mapper().treeToValue(line, Done.class));
        }
    }

    /** {@return the files that are made, in order} */
    List<Done> files() {
        return files;
    }

    /** {@return what could not be read of a camera} */
    List<CameraGaps.Reason> losses(UUID cameraId) {
        return losses.stream()
                .filter(lost -> lost.cameraId().equals(cameraId))
                .map(Lost::reason)
                .toList();
    }

    /** Counts for this run; for one after a restart when it is written. */
    void made(Done done) {
        files.add(done);
    }

    /** Durable on return; when the file is. Any thread. */
    void write(Done done) throws IOException {
        append(Json.mapper().writeValueAsString(done));
    }

    /** Durable on return; what is known already is not written again. */
    void lost(UUID cameraId, CameraGaps.Reason reason) throws IOException {
        Lost lost = new Lost(cameraId, reason);
        if (!losses.contains(lost)) {
            append(Json.mapper()
                    .createObjectNode()
                    .set(LOST, Json.mapper().valueToTree(lost))
                    .toString());
            losses.add(lost);
        }
    }

    /** Forgets all: the package is made anew. */
    void clear() throws IOException {
        files.clear();
        losses.clear();
        Files.deleteIfExists(path);
    }

    private synchronized void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }
}
