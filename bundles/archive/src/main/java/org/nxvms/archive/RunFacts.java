// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.RunInfo;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/**
 * What all chunks of a run have in common.
 *
 * @param initId lower-case hex SHA-256 of the init segment, the same for the same parameter sets
 * @param initBytes length of the init segment at the head of each chunk
 */
record RunFacts(
        StreamId stream,
        UUID serverId,
        UUID runId,
        ClockSource clock,
        StreamFormat format,
        int retentionDaysMax,
        int retentionDaysMin,
        String initId,
        int initBytes) {
    static RunFacts of(
            StreamId stream, UUID serverId, UUID runId, ClockSource clock, StreamFormat format, FootageTerms terms) {
        byte[] init = InitSegment.build(format);
        return new RunFacts(
                stream,
                serverId,
                runId,
                clock,
                format,
                terms.retentionDaysMax(),
                terms.retentionDaysMin(),
                initId(init, init.length),
                init.length);
    }

    /** Of a run that begins now. */
    static RunFacts of(RunRequest request, UUID serverId) throws RefusedException {
        try {
            return of(
                    request.stream(), serverId, UUID.randomUUID(), request.clock(), request.format(), request.terms());
        } catch (IllegalArgumentException cannotStore) {
            throw new RefusedException(GapCause.UNSUPPORTED, cannotStore.getMessage());
        }
    }

    static String initId(byte[] init, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(init, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** {@return the bytes a chunk begins with: init segment, run info, chunk head, how it is encrypted} */
    ByteBuffer head(int sequence, long startUs, byte[] previousRoot, Optional<ChunkBoxes.Encrypted> encrypted) {
        byte[] init =
                InitSegment.build(format, Optional.of(new RunInfo(stream, serverId, runId, sequence, startUs, clock)));
        ByteBuffer head = ByteBuffer.allocate(init.length + ChunkBoxes.Head.BYTES + ChunkBoxes.Encrypted.BYTES);
        head.put(init);
        new ChunkBoxes.Head(retentionDaysMin, retentionDaysMax, previousRoot).write(head);
        encrypted.ifPresent(box -> box.write(head));
        return head.flip();
    }

    /** What of a chunk its run does not say. */
    record Extent(long startUs, long endUs, long bytes, boolean open, long accessUnits) {}

    /** {@return a chunk of the run as players know it} */
    Segment segment(ChunkName name, UUID volumeId, Extent extent, Optional<String> root) {
        return new Segment(
                name.segmentId(),
                stream,
                serverId,
                volumeId,
                name.path(),
                runId,
                name.sequence(),
                extent.startUs(),
                extent.endUs(),
                extent.bytes(),
                extent.open(),
                initId,
                initBytes,
                format.codecs(),
                width(),
                height(),
                hasAudio(),
                clock,
                extent.accessUnits(),
                root);
    }

    int width() {
        return format.video().map(TrackFormat::width).orElse(0);
    }

    int height() {
        return format.video().map(TrackFormat::height).orElse(0);
    }

    boolean hasAudio() {
        return format.tracks().stream().anyMatch(TrackFormat::isAudio);
    }
}
