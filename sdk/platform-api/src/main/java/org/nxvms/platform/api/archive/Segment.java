// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;

/**
 * A stretch of footage that is one file: what the archive calls a chunk and players a segment. One that was repaired may
 * have gaps within ({@link Gap#isWithin}).
 *
 * @param runId the gap-free run it belongs to; segments of a run follow each other without a hole
 * @param sequence its number in the run, from 0
 * @param startUs wall time of its first access unit
 * @param endUs wall time at which its last access unit ends; grows while open
 * @param sizeBytes bytes that can be read; grows while open
 * @param open whether it is still being written
 * @param initId id of its initialisation segment: lower-case hex of a hash over it
 * @param initBytes length of the initialisation segment at the head of the file
 * @param codecs RFC 6381
 * @param accessUnits video access units in it
 * @param sha256 lower-case hex; root of the chain of its fragments' hashes, which continues that of the run's segment
 *     before it; empty while open
 */
public record Segment(
        UUID id,
        StreamId stream,
        UUID serverId,
        UUID volumeId,
        String path,
        UUID runId,
        int sequence,
        long startUs,
        long endUs,
        long sizeBytes,
        boolean open,
        String initId,
        int initBytes,
        String codecs,
        int width,
        int height,
        boolean hasAudio,
        ClockSource clockSource,
        long accessUnits,
        Optional<String> sha256) {
    public Segment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(volumeId, "volumeId");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(initId, "initId");
        Objects.requireNonNull(codecs, "codecs");
        Objects.requireNonNull(clockSource, "clockSource");
        Objects.requireNonNull(sha256, "sha256");
    }
}
