// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes gaps of what a repair found to be missing: within a chunk, and between it and the chunk in which its run goes on.
 * The same damage gives the same gap each time it is met, so a repair that breaks off leaves none twice and none out.
 */
final class RepairGaps {
    private static final Logger LOG = LoggerFactory.getLogger(RepairGaps.class);
    /** The longest chunk there can be: four times what can be configured, when no key frame comes. */
    private static final int HOURS_MAX = 5;

    private final Volume volume;

    RepairGaps(Volume volume) {
        this.volume = volume;
    }

    /** {@return what is missing within a chunk} */
    List<Gap> within(ChunkName name, List<Hole> holes) {
        return holes.stream()
                .map(hole -> Gap.damaged(
                        name.segmentId(),
                        name.stream(),
                        hole.fromUs(),
                        hole.toUs(),
                        detail(hole.bytes() + " bytes from " + hole.offset() + " on of " + name.path()
                                + " are damaged")))
                .toList();
    }

    /**
     * {@return what is missing between a chunk and the one in which its run goes on}
     *
     * @param next as told by {@link #next}
     */
    Optional<Gap> behind(ChunkName name, long endUs, OptionalLong next) {
        return next.isEmpty() || next.getAsLong() - endUs <= GapLedger.UNEXPLAINED_US_MIN
                ? Optional.empty()
                : Optional.of(Gap.damaged(
                        name.segmentId(),
                        name.stream(),
                        endUs,
                        next.getAsLong(),
                        detail("the end of " + name.path() + " is damaged or was never written")));
    }

    /**
     * {@return a chunk of which nothing can be seen; if its run does not go on, what follows explains the time}
     *
     * @param next as told by {@link #next}
     */
    Optional<Gap> whole(ChunkName name, OptionalLong next) {
        if (next.isEmpty() || next.getAsLong() - name.startUs() <= GapLedger.UNEXPLAINED_US_MIN) {
            return Optional.empty();
        }
        // Not a gap within the chunk: what the next start may be able to repair counts.
        UUID id = UUID.nameUUIDFromBytes(("nxvms-lost-chunk/" + name.segmentId()).getBytes(StandardCharsets.US_ASCII));
        return Optional.of(new Gap(
                id,
                name.stream(),
                name.startUs(),
                next,
                GapCause.FOOTAGE_DAMAGED,
                detail(name.path() + " is damaged as a whole")));
    }

    private String detail(String what) {
        return GapJournal.detail(what + "; check the disk of volume " + volume.name());
    }

    /** {@return when the chunk begins in which the run goes on; it is on the same volume} */
    OptionalLong next(ChunkName name) {
        UUID next = ChunkName.segmentId(name.runId(), name.sequence() + 1);
        long[] startUs = new long[1];
        try {
            for (int hour = 0; hour <= HOURS_MAX && startUs[0] == 0; hour++) {
                volume.list(name.folder(TimeUnit.HOURS.toMillis(hour)), file -> {
                    ChunkName.parse(file.path())
                            .filter(one -> one.segmentId().equals(next))
                            .ifPresent(one -> startUs[0] = one.startUs());
                    return startUs[0] == 0;
                });
            }
        } catch (IOException unreadable) {
            LOG.warn(
                    "Volume {}: what follows {} cannot be found: {}",
                    volume.name(),
                    name.path(),
                    unreadable.getMessage());
        }
        return startUs[0] == 0 ? OptionalLong.empty() : OptionalLong.of(startUs[0]);
    }
}
