// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
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
    /** As many as the archive tells at once. */
    private static final int GAPS_MAX = 100_000;

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
     * without the cameras of which it cannot, when there are more gaps than are told at once} Blocks for one look-up.
     *
     * @param archive null while it is away
     */
    static Optional<Map<UUID, Loss>> ofLastDay(Archive archive, List<Camera> cameras, Instant now) {
        if (archive == null) {
            return Optional.empty();
        }
        List<StreamId> streams = new ArrayList<>();
        cameras.forEach(camera -> camera.recording()
                .streams()
                .forEach(role -> streams.add(new StreamId(camera.id(), role, Optional.empty()))));
        long toUs = now.toEpochMilli() * 1_000;
        long fromUs = toUs - DAY.toMillis() * 1_000;
        Map<StreamId, Loss> byStream = new HashMap<>();
        Map<UUID, Loss> byCamera = new HashMap<>();
        try {
            List<Gap> gaps = streams.isEmpty() ? List.of() : archive.gaps(streams, fromUs, toUs, 0, GAPS_MAX);
            known(cameras, gaps).forEach(camera -> byCamera.put(camera, Loss.NONE));
            for (Gap gap : gaps) {
                long us = Math.min(gap.toUs().orElse(toUs), toUs) - Math.max(gap.fromUs(), fromUs);
                if (us > 0 && !NO_LOSS.contains(gap.cause())) {
                    byStream.put(
                            gap.stream(),
                            byStream.getOrDefault(gap.stream(), Loss.NONE).and(us));
                }
            }
        } catch (StoreException e) {
            LOG.debug("Losses of cameras cannot be told: {}", e.getMessage());
            return Optional.empty();
        }
        byStream.forEach((stream, loss) ->
                byCamera.computeIfPresent(stream.cameraId(), (id, a) -> a.missingUs() >= loss.missingUs() ? a : loss));
        return Optional.of(byCamera);
    }

    /** {@return cameras all of whose gaps these are} They come camera by camera: behind the one where they are cut none is known. */
    private static Set<UUID> known(List<Camera> cameras, List<Gap> gaps) {
        Set<UUID> known = new HashSet<>();
        if (gaps.size() < GAPS_MAX) {
            cameras.forEach(camera -> known.add(camera.id()));
        } else {
            gaps.forEach(gap -> known.add(gap.stream().cameraId()));
            known.remove(gaps.get(gaps.size() - 1).stream().cameraId());
        }
        return known;
    }

    /** {@return by camera how many packets its sessions miss} */
    static Map<UUID, Long> packets(List<StreamIngest> ingests) {
        Map<UUID, Long> lost = new HashMap<>();
        ingests.forEach(ingest -> ingest.statuses()
                .forEach(status -> lost.merge(status.stream().cameraId(), status.packetsLost(), Long::sum)));
        return lost;
    }
}
