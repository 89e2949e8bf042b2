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

/**
 * Makes gaps of what a repair found to be missing: within a chunk, and between it and the chunk in which its run goes on.
 * The same damage gives the same gap each time it is met, so a repair that breaks off leaves none twice and none out.
 */
final class RepairGaps {
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
        return next.isEmpty() || next.getAsLong() - name.startUs() <= GapLedger.UNEXPLAINED_US_MIN
                ? Optional.empty()
                : Optional.of(whole(name, next.getAsLong()));
    }

    /** {@return what an earlier start may have said of a chunk that it had to leave alone, and which is repaired now} */
    Gap noLongerWhole(ChunkName name, long endUs) {
        return whole(name, Math.max(endUs, name.startUs() + 1));
    }

    private Gap whole(ChunkName name, long toUs) {
        // Not a gap within the chunk: what the next start may be able to repair counts.
        UUID id = UUID.nameUUIDFromBytes(("nxvms-lost-chunk/" + name.segmentId()).getBytes(StandardCharsets.US_ASCII));
        return new Gap(
                id,
                name.stream(),
                name.startUs(),
                OptionalLong.of(toUs),
                GapCause.FOOTAGE_DAMAGED,
                detail(name.path() + " is damaged as a whole"));
    }

    private String detail(String what) {
        return GapJournal.detail(what + "; check the disk of volume " + volume.name());
    }

    /**
     * {@return when the chunk begins in which the run goes on; it is on the same volume}
     *
     * @throws IOException when it is not known whether there is one
     */
    OptionalLong next(ChunkName name) throws IOException {
        UUID next = ChunkName.segmentId(name.runId(), name.sequence() + 1);
        long[] startUs = new long[1];
        for (int hour = 0; hour <= HOURS_MAX && startUs[0] == 0; hour++) {
            volume.list(name.folder(TimeUnit.HOURS.toMillis(hour)), file -> {
                ChunkName.parse(file.path())
                        .filter(one -> one.segmentId().equals(next))
                        .ifPresent(one -> startUs[0] = one.startUs());
                return startUs[0] == 0;
            });
        }
        return startUs[0] == 0 ? OptionalLong.empty() : OptionalLong.of(startUs[0]);
    }
}
