// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/**
 * Time without footage, and why.
 *
 * @param toUs end; empty while it lasts
 * @param detail a sentence for people, may be empty
 */
public record Gap(UUID id, StreamId stream, long fromUs, OptionalLong toUs, GapCause cause, String detail) {
    public Gap {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(toUs, "toUs");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
    }

    /**
     * {@return a gap within a segment, of which damage left nothing there} It is told from the segment's own file, so it has
     * the same id each time.
     *
     * @since 0.1
     */
    public static Gap damaged(UUID segmentId, StreamId stream, long fromUs, long toUs, String detail) {
        return new Gap(
                damageId(segmentId, fromUs), stream, fromUs, OptionalLong.of(toUs), GapCause.FOOTAGE_DAMAGED, detail);
    }

    /**
     * {@return whether it lies within this segment, so that the segment is no footage for its time}
     *
     * @since 0.1
     */
    public boolean isWithin(UUID segmentId) {
        return cause == GapCause.FOOTAGE_DAMAGED && id.equals(damageId(segmentId, fromUs));
    }

    private static UUID damageId(UUID segmentId, long fromUs) {
        return UUID.nameUUIDFromBytes(("nxvms-damage/" + segmentId + "/" + fromUs).getBytes(StandardCharsets.US_ASCII));
    }
}
