// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of chunks that an earlier process left on a volume. */
final class RepairOutcome implements Leftovers.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(RepairOutcome.class);

    private final Volume volume;
    private final Map<UUID, OpenChunk> live;
    private final DoneMarkers done;
    private final FootageVolume.Listener listener;
    private final RepairGaps gaps;

    /** @param live the volume's chunks that can be seen and have no row; changed */
    RepairOutcome(Volume volume, Map<UUID, OpenChunk> live, DoneMarkers done, FootageVolume.Listener listener) {
        this.volume = volume;
        this.live = live;
        this.done = done;
        this.listener = listener;
        this.gaps = new RepairGaps(volume);
    }

    @Override
    public void cut(OpenChunk chunk, boolean isLastTry) throws IOException {
        // First: who sees it hears what is missing.
        explain(chunk.name(), chunk.holes(), chunk.endUs(), isLastTry);
        listener.fills().repaired(chunk.run().clock(), chunk.name().stream(), chunk.startUs(), chunk.endUs());
        live.put(chunk.name().segmentId(), chunk);
        ends(chunk.run().clock(), chunk.run().stream(), chunk.endUs());
    }

    @Override
    public void sealed(StoredSegment row) {
        Segment segment = row.segment();
        ends(segment.clockSource(), segment.stream(), segment.endUs());
        listener.sealed(row);
        live.remove(segment.id());
    }

    /** A chunk that was open is where the stream's footage ended, unless it was put into the past. */
    private void ends(ClockSource clock, StreamId stream, long endUs) {
        if (clock == ClockSource.DEVICE_RECORDING) {
            listener.ledger().previousPast(stream, endUs);
        } else {
            listener.ledger().previousEnd(stream, endUs);
        }
    }

    @Override
    public void sealedBefore(ChunkReader.Sealed sealed, boolean isLastTry) throws IOException {
        Segment segment = sealed.row().segment();
        if (listener.isRemoved(segment.id())) {
            // While its volume was away. Retention ends what is marked, and keeps what is locked.
            Markers.delete(volume).set(segment.path());
            gone(segment.path());
            return;
        }
        if ((sealed.flags() & Checkpoint.REPAIRED) != 0) {
            ChunkName name = ChunkName.parse(segment.path()).orElseThrow();
            explain(name, Hole.in(name, sealed), segment.endUs(), isLastTry);
        }
        listener.fills().repaired(segment.clockSource(), segment.stream(), segment.startUs(), segment.endUs());
        sealed(sealed.row());
    }

    private void explain(ChunkName name, List<Hole> holes, long endUs, boolean isLastTry) throws IOException {
        OptionalLong next = next(name, isLastTry);
        GapLedger ledger = listener.ledger();
        // Wherever the next chunk is meanwhile.
        ledger.none(gaps.noLongerWhole(name, endUs));
        gaps.within(name, holes).forEach(ledger::explained);
        gaps.behind(name, endUs, next).ifPresent(ledger::explained);
    }

    /** Footage that is there is not withheld for good because a folder cannot be read. */
    private OptionalLong next(ChunkName name, boolean isLastTry) throws IOException {
        try {
            return gaps.next(name);
        } catch (IOException unreadable) {
            if (!isLastTry) {
                throw unreadable;
            }
            LOG.error(
                    "Volume {}: what follows {} cannot be found, so no gap says what may be missing there: {}; check the"
                            + " disk",
                    volume.name(),
                    name.path(),
                    unreadable.getMessage());
            return OptionalLong.empty();
        }
    }

    @Override
    public SigningKeys keys() {
        return listener.keys();
    }

    @Override
    public FootageCiphers ciphers() {
        return listener.ciphers();
    }

    @Override
    public void gone(String path) {
        done.add(path, Duration.ZERO);
    }

    @Override
    public void lost(String path, boolean isLastTry) throws IOException {
        Optional<ChunkName> name = ChunkName.parse(path);
        if (name.isPresent()) {
            gaps.whole(name.get(), next(name.get(), isLastTry)).ifPresent(listener.ledger()::explained);
        }
    }
}
