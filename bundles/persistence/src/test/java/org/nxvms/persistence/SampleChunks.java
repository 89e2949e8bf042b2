// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;

/** Rows of the chunk index, a minute of footage each. */
final class SampleChunks {
    static final UUID VOLUME = new UUID(8, 8);
    static final long MINUTE_US = 60_000_000L;

    private SampleChunks() {}

    static StoredSegment chunk(StreamId stream, int minute) {
        return new StoredSegment(
                new Segment(
                        UUID.nameUUIDFromBytes(
                                (stream + "/" + minute).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        stream,
                        StoreScene.SERVER,
                        VOLUME,
                        String.format("%s/%08d.mp4", stream, minute),
                        new UUID(1, 1),
                        minute,
                        minute * MINUTE_US,
                        (minute + 1) * MINUTE_US,
                        1000 + minute,
                        false,
                        "init" + minute % 2,
                        700,
                        "avc1.640028",
                        1920,
                        1080,
                        false,
                        ClockSource.ARRIVAL,
                        1500,
                        Optional.of("ab".repeat(32))),
                7);
    }

    static StoredSegment stretched(StoredSegment stored, long endUs) {
        Segment s = stored.segment();
        return new StoredSegment(
                new Segment(
                        s.id(),
                        s.stream(),
                        s.serverId(),
                        s.volumeId(),
                        s.path(),
                        s.runId(),
                        s.sequence(),
                        s.startUs(),
                        endUs,
                        s.sizeBytes(),
                        false,
                        s.initId(),
                        s.initBytes(),
                        s.codecs(),
                        s.width(),
                        s.height(),
                        s.hasAudio(),
                        s.clockSource(),
                        s.accessUnits(),
                        s.sha256()),
                stored.retentionDaysMax());
    }
}
