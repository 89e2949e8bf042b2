// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The part of the {@link ChunkIndex} that tells of second files on backup volumes (ADR 26). A segment has one row, so that
 * it counts once, and at most one copy beside it; there is no copy without the row. As the index, blocks for one
 * transaction and throws {@link org.nxvms.platform.api.StoreException}.
 *
 * @since 0.1
 */
@ProviderType
public interface CopyIndex {
    /**
     * A whole file of the segment lies on another volume, under the same path.
     *
     * @return false, and nothing changed, when it has no row, its row names that volume, or it has a copy already
     */
    boolean add(UUID id, UUID volumeId);

    /** {@return the segment as its copy: on the volume where that lies} */
    Optional<StoredSegment> of(UUID id);

    /** Forgets a copy; {@return false when there was none on that volume} */
    boolean remove(UUID id, UUID volumeId);

    /**
     * The file that the row names goes, and the copy is all that is left: the row names its volume from now on.
     *
     * @return false, and nothing changed, when there is no copy
     */
    boolean promote(UUID id);

    /**
     * What {@link #promote} did is taken back, since another file is there: the row names that one's volume, and what it
     * named is the copy.
     *
     * @return false, and nothing changed, when the segment has no row, or that volume already, or a copy
     */
    boolean demote(UUID id, UUID volumeId);

    /** Oldest copies on a volume, by start, of those that start at {@code fromStartUs} or later. */
    List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit);

    /** Visits all copies on a volume, without loading them all. */
    void forEach(UUID volumeId, Consumer<StoredSegment> visitor);

    /**
     * Segments of a stream that have no copy, newest first, of those that start from {@code fromStartUs} on and before
     * {@code toStartUs}.
     *
     * @param sources volumes whose segments are meant
     */
    List<StoredSegment> missing(StreamId stream, long fromStartUs, long toStartUs, Collection<UUID> sources, int limit);

    /**
     * {@return how much the rows of a volume name of which no copy is on one of the others}
     *
     * @param others volumes in reach
     */
    Waiting without(UUID volumeId, Collection<UUID> others);

    /** {@return how much has its copy on a volume, and a row that names none of the others} */
    Waiting onlyCopied(UUID volumeId, Collection<UUID> others);

    /**
     * {@return how much has no copy, on whatever volume}
     *
     * @param backups volumes whose segments need none; not empty
     */
    Waiting waiting(StreamId stream, long fromStartUs, Collection<UUID> backups);

    /**
     * How much has no copy.
     *
     * @param oldestEndUs when the oldest of it ends; {@link Long#MAX_VALUE} for none
     */
    record Waiting(long bytes, long segments, long oldestEndUs) {
        /** Nothing. */
        public static final Waiting NONE = new Waiting(0, 0, Long.MAX_VALUE);

        public Waiting and(Waiting other) {
            return new Waiting(
                    bytes + other.bytes, segments + other.segments, Math.min(oldestEndUs, other.oldestEndUs));
        }
    }
}
