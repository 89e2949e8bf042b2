// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.export.pack.Manifest.FileItem;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.rest.kit.json.Json;

/**
 * A file of a package that is made, so that after a restart it need not be made again. A line each beside the package.
 *
 * @param stretches footage in it
 */
record Done(StoredZip.Entry entry, FileItem item, List<Stretch> stretches) {
    Done {
        stretches = List.copyOf(stretches);
    }

    /** Footage without a hole, in microseconds since 1970. */
    record Stretch(long fromUs, long toUs) {}

    /** {@return what was made}; a line that breaks off is what a crash left, and goes. */
    static List<Done> read(Path journal) throws IOException {
        List<Done> all = new ArrayList<>();
        if (!Files.exists(journal)) {
            return all;
        }
        String text = Files.readString(journal, StandardCharsets.UTF_8);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            try {
                all.add(Json.mapper().readValue(text.substring(from, end), Done.class));
            } catch (JsonProcessingException torn) {
                break;
            }
            from = end + 1;
        }
        if (from < text.length()) {
            try (FileChannel file = FileChannel.open(journal, StandardOpenOption.WRITE)) {
                file.truncate(text.substring(0, from).getBytes(StandardCharsets.UTF_8).length);
            }
        }
        return all;
    }

    /** Durable on return. */
    void append(Path journal) throws IOException {
        byte[] line = (Json.mapper().writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel file = FileChannel.open(
                journal, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }
}
