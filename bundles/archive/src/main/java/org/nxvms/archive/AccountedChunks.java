// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;

/** What is missing from a run for a recorded reason, or only not sealed yet. One comparison of volumes and index. */
final class AccountedChunks implements RunLinks.Known {
    private static final long TOLERANCE_US = 2_000_000;
    private static final int GAPS_MAX = 1_000;
    private static final Set<GapCause> DELETED = EnumSet.of(GapCause.DELETED_BY_RETENTION, GapCause.DELETED_BY_USER);

    private final Supplier<Collection<FootageVolume>> volumes;
    private final IndexWriter rows;
    private final ChunkIndex index;
    private final GapComparison gaps;
    private final Set<UUID> passedBy;

    /** @param passedBy chunks that somebody else had when they were met */
    AccountedChunks(
            Supplier<Collection<FootageVolume>> volumes,
            IndexWriter rows,
            ChunkIndex index,
            GapComparison gaps,
            Set<UUID> passedBy) {
        this.volumes = volumes;
        this.rows = rows;
        this.index = index;
        this.gaps = gaps;
        this.passedBy = passedBy;
    }

    @Override
    public boolean removed(ChunkName near, long fromUs, long toUs) {
        List<Gap> known = new ArrayList<>(rows.waitingGaps());
        known.addAll(index.findGaps(near.stream(), fromUs, toUs, GAPS_MAX));
        gaps.kept().forEach(known::add);
        return known.stream()
                .anyMatch(gap -> gap.stream().equals(near.stream())
                        && (DELETED.contains(gap.cause()) || Departures.isOf(gap))
                        && gap.fromUs() <= fromUs + TOLERANCE_US
                        && gap.toUs().orElse(Long.MAX_VALUE) >= toUs - TOLERANCE_US);
    }

    @Override
    public boolean wasInWork(UUID runId, int sequence) {
        return passedBy.contains(ChunkName.segmentId(runId, sequence));
    }

    @Override
    public boolean exists(UUID runId, int sequence) {
        UUID id = ChunkName.segmentId(runId, sequence);
        return volumes.get().stream().anyMatch(volume -> volume.isInWork(id))
                || rows.waitingSegments().stream().anyMatch(one -> one.id().equals(id))
                || index.get(id).isPresent();
    }
}
