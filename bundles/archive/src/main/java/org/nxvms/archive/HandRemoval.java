// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes chunks because a person wants it, by the same steps as retention: marker, locks, gap, row, file. */
@Component(service = FootageRemoval.class)
public final class HandRemoval implements FootageRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(HandRemoval.class);
    private static final String LOCKED = "it is locked as evidence";
    private static final String MOVED = "it is being moved to another volume or removed by somebody else";
    /** Chunks this close together leave one gap. */
    private static final long JOIN_US = 2_000_000;

    private final ChunkArchive archive;
    private final Archive footage;

    @Activate
    public HandRemoval(@Reference ChunkArchive archive) {
        this.archive = archive;
        this.footage = new ArchiveReader(archive);
    }

    @Override
    public Plan plan(UUID cameraId, long fromUs, long toUs) {
        List<Segment> removable = new ArrayList<>();
        List<Segment> partly = new ArrayList<>();
        List<Segment> locked = new ArrayList<>();
        List<Segment> growing = new ArrayList<>();
        Set<UUID> withoutRow =
                archive.rows().waitingSegments().stream().map(Segment::id).collect(Collectors.toSet());
        int count = 0;
        for (StreamId stream : footage.streams(cameraId)) {
            List<Segment> found = footage.segments(stream, fromUs, toUs, SEGMENTS_MAX);
            count += found.size();
            if (count >= SEGMENTS_MAX) {
                throw new IllegalArgumentException(
                        "there are " + SEGMENTS_MAX + " segments or more in this range; remove it in parts");
            }
            for (Segment segment : found) {
                if (segment.open() || withoutRow.contains(segment.id())) {
                    growing.add(segment);
                } else if (archive.locks().holds(segment)) {
                    locked.add(segment);
                } else if (segment.startUs() < fromUs || segment.endUs() > toUs) {
                    partly.add(segment);
                } else {
                    removable.add(segment);
                }
            }
        }
        return new Plan(cameraId, removable, partly, locked, growing);
    }

    @Override
    public Outcome remove(Plan plan, String by) {
        index();
        Map<StreamId, Gap> gaps = new HashMap<>();
        int removed = 0;
        long bytes = 0;
        String trouble = "";
        for (Segment segment : plan.removable()) {
            String why = "";
            try {
                why = remove(segment, gaps, by);
            } catch (IOException | StoreException failed) {
                LOG.warn("Segment {} could not be removed by hand: {}", segment.path(), failed.getMessage());
                why = failed.getMessage();
            }
            if (why.isEmpty()) {
                removed++;
                bytes += segment.sizeBytes();
            } else if (trouble.isEmpty()) {
                trouble = why;
            }
        }
        LOG.info("{} removed {} segments ({} bytes) of camera {}", by, removed, bytes, plan.cameraId());
        return new Outcome(removed, bytes, plan.removable().size() - removed, trouble);
    }

    /** {@return why not; empty when it is gone} */
    private String remove(Segment segment, Map<StreamId, Gap> gaps, String by) throws IOException {
        if (index().get(segment.id()).isEmpty()) {
            return "somebody else removed it meanwhile";
        }
        Gap gap = grown(gaps.get(segment.stream()), segment, by);
        ChunkRemover.Outcome outcome = archive.care().remover().removeAll(index(), segment, () -> archive.ledger()
                .deleted(gap));
        return switch (outcome) {
            case REMOVED -> {
                gaps.put(segment.stream(), gap);
                yield "";
            }
            case LOCKED -> LOCKED;
            case BUSY -> MOVED;
        };
    }

    private static Gap grown(Gap before, Segment segment, String by) {
        boolean joins = before != null && segment.startUs() - before.toUs().orElse(segment.startUs()) <= JOIN_US;
        return new Gap(
                joins ? before.id() : UUID.randomUUID(),
                segment.stream(),
                joins ? before.fromUs() : segment.startUs(),
                OptionalLong.of(segment.endUs()),
                GapCause.DELETED_BY_USER,
                "deleted by " + by);
    }

    private ChunkIndex index() {
        return archive.rows()
                .index()
                .orElseThrow(() -> new StoreException("the database is not there; try again in a moment", null));
    }
}
