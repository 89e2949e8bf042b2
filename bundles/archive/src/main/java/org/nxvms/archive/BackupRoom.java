// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;

/**
 * What a backup volume has room for. A full one gives its oldest for what is newer, never for what is older than all it
 * has: that would be the first to go again. Any thread.
 */
final class BackupRoom {
    /** Retention frees a little more than was asked for; what is old must not fill that. */
    private static final Duration FULL = Duration.ofHours(1);

    private final LongSupplier ageUs;
    /** What began before was found to have no room, by volume. */
    private final Map<FootageVolume, Long> fullFromUs = new ConcurrentHashMap<>();

    /** @param ageUs the time by which footage grows old */
    BackupRoom(LongSupplier ageUs) {
        this.ageUs = ageUs;
    }

    /** Whether a chunk can be copied. */
    enum Answer {
        NOW,
        /** Once retention has removed older copies, which it was asked for. */
        LATER,
        /** What the volume has is newer, and would be next to go. */
        NEVER,
        /** There is nothing on the volume that could make room. */
        TOO_SMALL
    }

    Answer ask(FootageVolume target, ChunkIndex index, Segment segment) {
        boolean fits = fits(target, index, segment.sizeBytes());
        if (fits && !target.room().wasMadeWithin(FULL)) {
            target.room().want(0);
            fullFromUs.remove(target);
            return Answer.NOW;
        }
        long oldestUs = oldestUs(target, index);
        if (fits && oldestUs == Long.MAX_VALUE) {
            target.room().want(0);
            return Answer.NOW;
        }
        if (segment.startUs() <= oldestUs) {
            fullFromUs.keySet().removeIf(FootageVolume::isLeaving);
            // Those as old as the oldest are not meant.
            fullFromUs.merge(target, segment.startUs() + 1, Math::max);
            return oldestUs == Long.MAX_VALUE ? Answer.TOO_SMALL : Answer.NEVER;
        }
        target.room().want(fits ? 0 : segment.sizeBytes() + 1);
        return fits ? Answer.NOW : Answer.LATER;
    }

    private static boolean fits(FootageVolume target, ChunkIndex index, long bytes) {
        OptionalLong quota = target.volume().quotaBytes();
        return target.fitness().hasRoomFor(bytes)
                && (quota.isEmpty() || index.usage(target.volume().id()).bytes() + bytes <= quota.getAsLong());
    }

    private static long oldestUs(FootageVolume target, ChunkIndex index) {
        return Stream.concat(
                        index.oldest(target.volume().id(), 1).stream(),
                        index.copies().oldest(target.volume().id(), Long.MIN_VALUE, 1).stream())
                .mapToLong(row -> row.segment().startUs())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** {@return what begins before is not copied: the volume keeps it no longer, or has no room for it} */
    long earliestUs(FootageVolume target) {
        OptionalInt days = target.volume().retentionDaysMax();
        long byDays = days.isEmpty() ? Long.MIN_VALUE : ageUs.getAsLong() - TimeUnit.DAYS.toMicros(days.getAsInt());
        return Math.max(byDays, fullFromUs.getOrDefault(target, Long.MIN_VALUE));
    }

    /** {@return whether retention would remove the copy at once} */
    boolean isOver(FootageVolume target, StoredSegment row) {
        OptionalInt days = target.volume().retentionDaysMax();
        return row.segment().endUs() + TimeUnit.DAYS.toMicros(days.orElse(row.retentionDaysMax())) <= ageUs.getAsLong();
    }
}
