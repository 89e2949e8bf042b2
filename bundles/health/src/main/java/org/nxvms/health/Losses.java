// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of footage that was wanted is missing. */
final class Losses {
    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
    private static final Duration DAY = Duration.ofHours(24);
    /** As many as the archive tells at once; which of more it tells is not said. */
    static final int GAPS_MAX = 100_000;
    /** It may leave out some that are removed just now, and had been cut before that. */
    private static final int WHOLE_MAX = 99_000;
    /** So that the gaps of few cameras leave no others untold. */
    static final int TOGETHER = 50;

    /** Nobody asked for footage, or somebody had it removed; a clock that jumped left nothing out. */
    private static final Set<GapCause> NO_LOSS = Collections.unmodifiableSet(EnumSet.of(
            GapCause.NOT_SCHEDULED,
            GapCause.NO_EVENT,
            GapCause.DELETED_BY_RETENTION,
            GapCause.DELETED_BY_USER,
            GapCause.CLOCK_JUMP));

    /** @param gaps how many */
    record Loss(long gaps, long missingUs) {
        static final Loss NONE = new Loss(0, 0);

        private Loss and(long us) {
            return new Loss(gaps + 1, missingUs + us);
        }
    }

    private Losses() {}

    /**
     * {@return by camera what the stream that misses most is missing of the last day; empty while that cannot be told, and
     * without the cameras of which it cannot, when there are more gaps than are told at once} Blocks for a look-up of each
     * {@value #TOGETHER} cameras.
     *
     * @param archive null while it is away
     */
    static Optional<Map<UUID, Loss>> ofLastDay(Archive archive, List<Camera> cameras, Instant now) {
        if (archive == null) {
            return Optional.empty();
        }
        Map<UUID, Loss> byCamera = new HashMap<>();
        try {
            for (int from = 0; from < cameras.size(); from += TOGETHER) {
                add(archive, cameras.subList(from, Math.min(cameras.size(), from + TOGETHER)), now, byCamera);
            }
        } catch (StoreException e) {
            LOG.debug("Losses of cameras cannot be told: {}", e.getMessage());
            return Optional.empty();
        }
        return Optional.of(byCamera);
    }

    private static void add(Archive archive, List<Camera> cameras, Instant now, Map<UUID, Loss> byCamera) {
        List<StreamId> streams = new ArrayList<>();
        cameras.forEach(camera -> camera.recording()
                .streams()
                .forEach(role -> streams.add(new StreamId(camera.id(), role, Optional.empty()))));
        long toUs = now.toEpochMilli() * 1_000;
        long fromUs = toUs - DAY.toMillis() * 1_000;
        List<Gap> gaps = streams.isEmpty() ? List.of() : archive.gaps(streams, fromUs, toUs, 0, GAPS_MAX);
        if (gaps.size() > WHOLE_MAX) {
            return;
        }
        Map<StreamId, Loss> byStream = new HashMap<>();
        for (Gap gap : gaps) {
            long us = Math.min(gap.toUs().orElse(toUs), toUs) - Math.max(gap.fromUs(), fromUs);
            if (us > 0 && !NO_LOSS.contains(gap.cause())) {
                byStream.put(
                        gap.stream(),
                        byStream.getOrDefault(gap.stream(), Loss.NONE).and(us));
            }
        }
        cameras.forEach(camera -> byCamera.put(camera.id(), Loss.NONE));
        byStream.forEach((stream, loss) ->
                byCamera.computeIfPresent(stream.cameraId(), (id, a) -> a.missingUs() >= loss.missingUs() ? a : loss));
    }

    /** {@return by camera how many packets its sessions miss} */
    static Map<UUID, Long> packets(List<StreamIngest> ingests) {
        Map<UUID, Long> lost = new HashMap<>();
        ingests.forEach(ingest -> ingest.statuses()
                .forEach(status -> lost.merge(status.stream().cameraId(), status.packetsLost(), Long::sum)));
        return lost;
    }
}
