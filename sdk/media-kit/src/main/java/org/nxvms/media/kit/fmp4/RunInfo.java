// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;

/**
 * Whose footage a chunk is and when it began, kept inside the file so that the catalogue can be rebuilt from the disk
 * alone. A {@code uuid} box in the init segment.
 *
 * @param stream camera and stream
 * @param serverId the recording server
 * @param runId the gap-free stretch the chunk belongs to
 * @param sequence number of the chunk in its run, from 0
 * @param startUs wall time of the chunk's first access unit
 * @param clock where the wall time comes from
 */
public record RunInfo(StreamId stream, UUID serverId, UUID runId, int sequence, long startUs, ClockSource clock) {
    /** Extended type of the box. */
    static final UUID TYPE = UUID.fromString("6e78766d-7372-756e-8001-4c1f0a3b52d7");

    private static final int VERSION = 1;

    public RunInfo {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(clock, "clock");
    }

    void write(ByteBuffer out) {
        int box = Boxes.begin(out, Boxes.UUID_BOX);
        Boxes.putUuid(out, TYPE);
        out.putInt(VERSION << 24);
        Boxes.putUuid(out, stream.cameraId());
        Boxes.putUuid(out, serverId);
        Boxes.putUuid(out, runId);
        out.putInt(sequence).putLong(startUs);
        putName(out, stream.role().id());
        putName(out, clock.name());
        Boxes.end(out, box);
    }

    /** Reads the body behind the extended type; empty when it is of a version this code does not know. */
    static Optional<RunInfo> read(ByteBuffer in) throws Mp4Exception {
        if (in.remaining() < 64) {
            throw new Mp4Exception("run info box of " + in.remaining() + " bytes is too short");
        }
        if (in.getInt() >>> 24 != VERSION) {
            return Optional.empty();
        }
        UUID camera = Boxes.getUuid(in);
        UUID server = Boxes.getUuid(in);
        UUID run = Boxes.getUuid(in);
        int sequence = in.getInt();
        long startUs = in.getLong();
        String role = name(in);
        String clock = name(in);
        try {
            StreamId stream = new StreamId(camera, StreamRole.of(role));
            return Optional.of(new RunInfo(stream, server, run, sequence, startUs, ClockSource.valueOf(clock)));
        } catch (IllegalArgumentException unknownName) {
            throw new Mp4Exception("run info box: " + unknownName.getMessage());
        }
    }

    private static void putName(ByteBuffer out, String name) {
        out.put((byte) name.length());
        for (int i = 0; i < name.length(); i++) {
            out.put((byte) name.charAt(i));
        }
    }

    private static String name(ByteBuffer in) throws Mp4Exception {
        int length = in.hasRemaining() ? in.get() & 0xFF : -1;
        if (length < 1 || length > in.remaining()) {
            throw new Mp4Exception("run info box with a name of " + length + " bytes");
        }
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            name.append((char) (in.get() & 0xFF));
        }
        return name.toString();
    }
}
