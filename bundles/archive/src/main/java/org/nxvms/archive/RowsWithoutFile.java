// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/** Finds rows of a volume whose file is not there, as part of a check, and removes them as part of a rebuild. One thread. */
final class RowsWithoutFile {
    private static final int BATCH_MAX = 200;

    private final ChunkIndex index;
    private final ChunkClaims claims;
    private final BackupComparison backups;
    private final boolean repair;
    private final BackupComparison.Problems problems;

    RowsWithoutFile(
            ChunkIndex index,
            ChunkClaims claims,
            BackupComparison backups,
            boolean repair,
            BackupComparison.Problems problems) {
        this.index = index;
        this.claims = claims;
        this.backups = backups;
        this.repair = repair;
        this.problems = problems;
    }

    void of(Volume volume) throws IOException {
        List<Segment> gone = new ArrayList<>();
        index.forEach(volume.id(), row -> {
            try (VolumeReadable file = volume.read(row.segment().path())) {
                if (file.size() == 0) {
                    problems.found("row with an empty file", row.segment().path(), false);
                }
            } catch (NoSuchFileException none) {
                gone.add(row.segment());
            } catch (IOException unreadable) {
                problems.found("file damaged", unreadable.getMessage(), false);
            }
        });
        // On a volume that was unmounted meanwhile every file is missing, and no row must go for it.
        volume.space();
        gone.removeIf(segment -> !isStillOn(volume, segment));
        gone.forEach(segment -> problems.found("row without a file", segment.path(), repair));
        gone.removeIf(backups::takesThePlaceOf);
        List<UUID> ids = gone.stream().map(Segment::id).toList();
        for (int i = 0; repair && i < ids.size(); i += BATCH_MAX) {
            index.delete(ids.subList(i, Math.min(ids.size(), i + BATCH_MAX)));
        }
    }

    /** It may have been moved or removed between row and file. */
    private boolean isStillOn(Volume volume, Segment segment) {
        return !claims.isClaimed(segment.id())
                && index.get(segment.id())
                        .filter(now -> now.volumeId().equals(volume.id()))
                        .isPresent();
    }
}
