// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the relational index of sealed segments and of gaps; offered by persistence, used by the
 * archive only. The disk is the truth, this is the convenience. Blocks for one transaction; throws
 * {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface ChunkIndex {
    /**
     * A sealed segment and how long it is kept.
     *
     * @param retentionDaysMax at most
     * @param retentionDaysMin so long others go first when room is needed
     */
    record StoredSegment(Segment segment, int retentionDaysMax, int retentionDaysMin) {
        /** Without a privilege. */
        public StoredSegment(Segment segment, int retentionDaysMax) {
            this(segment, retentionDaysMax, 0);
        }
    }

    /** Longer than operating systems keep what was written in memory. */
    Duration DURABLE_AFTER = Duration.ofSeconds(60);

    /**
     * {@return how long after a change was committed it can still be lost with power or process} A database need not sync
     * each commit; until then nothing may be deleted on the word of a new row.
     */
    default Duration durableAfter() {
        return DURABLE_AFTER;
    }

    /**
     * Makes all that was committed before durable, if the database can do so and say so; takes as long as its disk needs.
     *
     * @return false when it cannot: then {@link #durableAfter} must have passed
     * @since 0.1
     */
    default boolean makeDurable() {
        return false;
    }

    /** {@return the index of second files on backup volumes} */
    CopyIndex copies();

    /** Adds rows; those already there by id are left as they are. One transaction. */
    void insert(List<StoredSegment> segments);

    /** Segments overlapping a range, by start. */
    List<Segment> find(StreamId stream, long fromUs, long toUs, int limit);

    Optional<Segment> get(UUID id);

    /** {@return segments with this initialisation segment, in any order: whichever are found soonest} */
    List<Segment> withInit(String initId, int limit);

    /** {@return the last segment of a stream by end} */
    Optional<Segment> last(StreamId stream);

    Optional<Archive.TimeRange> range(StreamId stream);

    /**
     * As {@link Archive#footage}, of what has rows. From roll-ups per UTC day that are kept in the transactions that
     * change the rows, so they never differ from them.
     */
    Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs);

    Map<StreamId, Archive.TimeRange> ranges(Collection<StreamId> streams);

    /**
     * Compares the roll-ups with the rows they tell of; reads all rows of this server's streams.
     *
     * @param repair whether to write those that differ again
     * @return how many differ
     */
    long checkRollups(boolean repair);

    /**
     * Rolls up what was indexed before there were roll-ups: once in the life of a database, later calls return at once.
     * Reads all rows; others read and write meanwhile.
     *
     * @return days that were written
     */
    default long rollUpOnce() {
        return 0;
    }

    /** {@return streams that have rows; of one camera, or of all when empty} */
    List<StreamId> streams(Optional<UUID> cameraId);

    /** Oldest segments on a volume, by start, for retention. */
    default List<StoredSegment> oldest(UUID volumeId, int limit) {
        return oldest(volumeId, Long.MIN_VALUE, limit);
    }

    /** As {@link #oldest(UUID, int)}, those that start at {@code fromStartUs} or later. */
    List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit);

    /** As {@link #oldest(UUID, long, int)}, without those younger at {@code nowUs} than their {@code retentionDaysMin}. */
    List<StoredSegment> oldestUnkept(UUID volumeId, long fromStartUs, long nowUs, int limit);

    /** Segments whose own retention ended at {@code fromUs} or later and before {@code nowUs}, in that order. */
    List<StoredSegment> expired(UUID volumeId, long fromUs, long nowUs, int limit);

    /** Removes rows by id, and those of their copies. One transaction. */
    void delete(List<UUID> ids);

    /**
     * Writes the row of a segment anew; what is known of its copy stays, unless that is the file which the row names now.
     * One transaction.
     *
     * @since 0.1
     */
    void replace(StoredSegment segment);

    /**
     * A segment lies on another volume now, under the same path. One transaction.
     *
     * @return false, and nothing changed, when it has no row on {@code fromVolumeId}
     */
    boolean relocate(UUID id, UUID fromVolumeId, UUID toVolumeId);

    /** Visits all segments on a volume by path, without loading them all. */
    void forEach(UUID volumeId, Consumer<StoredSegment> visitor);

    /** {@return bytes and number of segments on a volume, copies included} */
    Usage usage(UUID volumeId);

    record Usage(long bytes, long segments) {}

    /** Inserts or replaces gaps by id; roll-ups follow those within segments. One transaction. */
    void saveGaps(List<Gap> gaps);

    List<Gap> findGaps(StreamId stream, long fromUs, long toUs, int limit);

    /** As {@link Archive#gaps(Collection, long, long, long, int)}. */
    List<Gap> findGaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit);

    /** {@return gaps without an end} */
    List<Gap> openGaps();

    /** Removes gaps by id. */
    void deleteGaps(List<UUID> ids);
}
