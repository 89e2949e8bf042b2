// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.storage.spi.VolumeSpace;

/**
 * Whether a volume has room for footage of another one: so much that retention does not remove footage for it, now or
 * within the next hour. Retention frees whole chunks, so a full volume that records always has a little more than it
 * keeps free; were that filled up, footage would be moved only to be removed (ADR 24). Copies under way count. Any thread.
 */
final class MoveRoom {
    /** More chunks waiting to be sealed mean that a volume has enough to do. */
    private static final int BACKLOG_MAX = 50;
    /** The largest of so many that retention would remove next tells how much it may free at once. */
    private static final int NEXT_CHUNKS = 20;

    private static final int SHARE = 50;
    /** What has just removed footage for room would do so for what is moved to it. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private static final double HOUR_US = TimeUnit.HOURS.toMicros(1);
    /** What is open for less tells no rate. */
    private static final long MEASURED_US_MIN = TimeUnit.SECONDS.toMicros(1);

    private final Map<FootageVolume, Long> taken = new HashMap<>();

    /** {@return false, and nothing taken, when there is not room enough} */
    synchronized boolean take(FootageVolume target, ChunkIndex index, long bytes) {
        if (!has(target, index, bytes)) {
            return false;
        }
        taken.merge(target, bytes, Long::sum);
        return true;
    }

    /** The copy is done, or given up, and the volume's free space says so. */
    synchronized void give(FootageVolume target, long bytes) {
        taken.computeIfPresent(target, (same, before) -> before > bytes ? before - bytes : null);
    }

    synchronized boolean has(FootageVolume target, ChunkIndex index, long bytes) {
        if (target.backlog() > BACKLOG_MAX || target.room().wasMadeWithin(SETTLED)) {
            return false;
        }
        long needed = bytes + taken.getOrDefault(target, 0L);
        // The index is asked only when the rest says yes, since every chunk that stays comes by here.
        long spare = Math.max(2 * bytes, hourBytes(target));
        return fits(target, index, needed, spare) && fits(target, index, needed, 2 * largest(target, index, bytes));
    }

    private static boolean fits(FootageVolume target, ChunkIndex index, long needed, long spare) {
        long total = target.space().map(VolumeSpace::totalBytes).orElse(0L);
        if (!target.fitness().hasRoomFor(needed + Math.max(spare, total / SHARE))) {
            return false;
        }
        OptionalLong quota = target.volume().quotaBytes();
        return quota.isEmpty()
                || index.usage(target.volume().id()).bytes() + target.liveBytes() + needed
                        <= quota.getAsLong() - Math.max(spare, quota.getAsLong() / SHARE);
    }

    private static long largest(FootageVolume target, ChunkIndex index, long bytes) {
        long largest = bytes;
        for (StoredSegment one : index.oldest(target.volume().id(), NEXT_CHUNKS)) {
            largest = Math.max(largest, one.segment().sizeBytes());
        }
        return largest;
    }

    /** {@return what is recorded on the volume within an hour, as it is now} */
    private static long hourBytes(FootageVolume target) {
        double bytes = 0;
        for (OpenChunk chunk : target.live()) {
            if (chunk.isEmpty()) {
                continue;
            }
            long us = chunk.endUs() - chunk.startUs();
            bytes += us < MEASURED_US_MIN ? 0 : chunk.wholeBytes() * (HOUR_US / us);
        }
        return (long) bytes;
    }
}
