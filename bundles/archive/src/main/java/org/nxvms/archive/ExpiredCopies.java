// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/**
 * Copies on a volume without days of its own go when their camera's days are over, also while nobody cleans where the
 * original lies. A page of them a turn: they are found by their start, and cameras keep footage for different times. Each
 * volume's cleaner.
 */
final class ExpiredCopies {
    private static final int PAGE_MAX = 200;

    /** Removes one for good, or passes it by. */
    @FunctionalInterface
    interface Remover {
        ChunkRemover.Outcome remove(FootageVolume volume, ChunkIndex index, Segment copy) throws IOException;
    }

    private final Remover remover;
    private final RetentionClock clock;
    /** How far those on each volume were looked at. */
    private final Map<UUID, Long> fromUs = new ConcurrentHashMap<>();

    ExpiredCopies(Remover remover, RetentionClock clock) {
        this.remover = remover;
        this.clock = clock;
    }

    /** {@return copies removed} */
    int remove(FootageVolume one, ChunkIndex index) throws IOException {
        Volume volume = one.volume();
        if (!volume.isBackup() || volume.retentionDaysMax().isPresent()) {
            return 0;
        }
        long now = clock.nowUs();
        long from = fromUs.getOrDefault(volume.id(), Long.MIN_VALUE);
        List<StoredSegment> page = index.copies().oldest(volume.id(), from, PAGE_MAX);
        int removed = 0;
        for (StoredSegment copy : page) {
            boolean goes = Retention.expiresUs(copy) < now
                    && remover.remove(one, index, copy.segment()) == ChunkRemover.Outcome.REMOVED;
            removed += goes ? 1 : 0;
        }
        boolean isLast = page.size() < PAGE_MAX;
        fromUs.put(
                volume.id(),
                isLast
                        ? Long.MIN_VALUE
                        : Math.max(page.get(page.size() - 1).segment().startUs(), from + 1));
        return removed;
    }
}
