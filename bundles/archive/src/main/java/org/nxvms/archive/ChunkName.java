// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;

/**
 * Where a chunk lies: {@code {cameraId}/{stream}/{yyyy}/{MM}/{dd}/{HH}/{startUtc}-{runId}-{seq}.mp4}, all times UTC, so
 * that a person finds footage with a file manager and the archive's index can be made again from names and contents.
 */
record ChunkName(StreamId stream, long startMs, UUID runId, int sequence) {
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/HH", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern PATH = Pattern.compile("(" + UUID_PATTERN + ")/([a-z0-9_]{1,32})/"
            + "\\d{4}/\\d{2}/\\d{2}/\\d{2}/(\\d{8}T\\d{6}\\.\\d{3}Z)-(" + UUID_PATTERN + ")-(\\d{1,9})\\.mp4");

    static ChunkName of(StreamId stream, long startUs, UUID runId, int sequence) {
        return new ChunkName(stream, Math.floorDiv(startUs, 1000), runId, sequence);
    }

    /** {@return the name in a volume path; empty when the path is no chunk's} */
    static Optional<ChunkName> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            StreamId stream = new StreamId(UUID.fromString(parts.group(1)), StreamRole.of(parts.group(2)));
            long startMs = START.parse(parts.group(3), Instant::from).toEpochMilli();
            ChunkName name =
                    new ChunkName(stream, startMs, UUID.fromString(parts.group(4)), Integer.parseInt(parts.group(5)));
            return name.path().equals(path) ? Optional.of(name) : Optional.empty();
        } catch (IllegalArgumentException | java.time.DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    String path() {
        return folder(0) + "/" + START.format(Instant.ofEpochMilli(startMs)) + "-" + runId + "-"
                + String.format(Locale.ROOT, "%04d", sequence) + ".mp4";
    }

    /** {@return the folder of chunks of the stream that begin so much later} */
    String folder(long laterMs) {
        return stream + "/" + FOLDER.format(Instant.ofEpochMilli(startMs + laterMs));
    }

    /** {@return when it begins, rounded down to what the name tells} */
    long startUs() {
        return startMs * 1000;
    }

    /** {@return the segment's id: a function of run and sequence, so that a rebuilt row has the id it had} */
    UUID segmentId() {
        return segmentId(runId, sequence);
    }

    static UUID segmentId(UUID runId, int sequence) {
        return UUID.nameUUIDFromBytes(("nxvms-chunk/" + runId + "/" + sequence).getBytes(StandardCharsets.US_ASCII));
    }
}
