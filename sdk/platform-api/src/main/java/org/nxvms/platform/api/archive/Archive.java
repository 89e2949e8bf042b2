// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reading footage, sealed and still growing. Any thread; blocks on disk or database for one look-up.
 * Times are half open: {@code from <= t < to}.
 */
@ProviderType
public interface Archive {
    /**
     * Segments that overlap a time range, by start, open ones included.
     *
     * @param limit 1..10_000; ask again from the last one's end
     */
    List<Segment> segments(StreamId stream, long fromUs, long toUs, int limit);

    Optional<Segment> segment(UUID id);

    /**
     * A segment's fragments in file order. For an open one, those written so far. They lie side by side, but for a segment
     * that was repaired.
     *
     * @throws java.nio.file.NoSuchFileException when the segment is gone
     */
    List<FragmentEntry> index(UUID segmentId) throws IOException;

    /** {@return the initialisation segment (ftyp, moov) of this id; empty when no segment has it} */
    Optional<byte[]> init(String initId) throws IOException;

    /**
     * Opens a segment's bytes. Encrypted ones are given out in the clear, at the places the index tells.
     *
     * @throws java.nio.file.NoSuchFileException when the segment is gone
     * @throws FootageKeyMissingException when it is encrypted and its key is not here
     */
    SegmentBytes open(UUID segmentId) throws IOException;

    /** Gaps that overlap a time range, by start. */
    List<Gap> gaps(StreamId stream, long fromUs, long toUs, int limit);

    /**
     * When there is footage of several streams, sealed and open, without gaps within segments ({@link Gap#isWithin});
     * {@link TimeSpans#JOIN_US} joins. Told from roll-ups per day, so that ninety days cost about as much as one.
     *
     * @param streams at most 1000
     * @return cut to the range; a stream without footage in it is left out
     */
    Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs);

    /** {@return first and last moment with footage of each stream that has any} */
    Map<StreamId, TimeRange> ranges(Collection<StreamId> streams);

    /**
     * Gaps of several streams that overlap a time range, those of a stream by start.
     *
     * @param streams at most 1000
     * @param minUs shorter ones are left out, unless they still last
     * @param limit 1..100_000 in all
     */
    List<Gap> gaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit);

    /** {@return the streams that have footage or gaps of this camera} */
    List<StreamId> streams(UUID cameraId);

    /** {@return first and last moment with footage of a stream; empty when there is none} */
    Optional<TimeRange> range(StreamId stream);

    /** Volumes and what lies on them. */
    List<VolumeUsage> volumes();

    /** A half-open stretch of time. */
    record TimeRange(long fromUs, long toUs) {}

    /** A segment's bytes while open for reading. Safe for several threads. */
    interface SegmentBytes extends AutoCloseable {
        /** {@return bytes readable now: whole fragments only} */
        long size() throws IOException;

        /**
         * Reads at {@code offset} into the remaining space, which may be memory outside the heap; {@return bytes read, -1 at the end}
         *
         * @throws FootageDamagedException when they are encrypted and not what was written
         * @throws FootageBusyException when they are encrypted, and there is no memory to decrypt them in
         */
        int read(ByteBuffer target, long offset) throws IOException;

        /**
         * Finds out whether what lies at {@code offset} can be given out, before a caller promises it; does nothing
         * where that is known only by reading. Takes the memory that reading on from there needs, until closed.
         *
         * @throws FootageDamagedException as {@link #read}
         * @throws FootageBusyException as {@link #read}
         * @since 0.1
         */
        default void check(long offset) throws IOException {}

        @Override
        void close() throws IOException;
    }
}
