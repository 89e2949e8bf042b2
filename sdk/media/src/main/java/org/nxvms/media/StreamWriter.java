// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The writer lease of one stream. One thread at a time; wait-free, allocates nothing per access unit,
 * never waits for readers.
 *
 * <p>An access unit is assembled in place in the ring: {@link #begin()}, any number of {@link
 * #append}, {@link #position()} and {@link #putInt} (to patch NAL lengths), then {@link #commit} or
 * {@link #abort()}. Access units are committed in decode order per track; tracks interleave as they
 * arrive. The first video access unit of a run is a key frame.
 *
 * <p>After {@link #close()} or when a newer lease was taken, {@code begin} and {@code append} answer
 * false and {@code commit} answers {@link #LEASE_LOST}; nothing is written.
 */
@ProviderType
public interface StreamWriter extends AutoCloseable {
    /** {@link #commit} flag: decoding can start at this access unit (IDR, or any audio access unit). */
    int KEY = 1;
    /** {@link #commit} flag: access units before this one were lost; pictures up to the next key may be damaged. */
    int AFTER_LOSS = 2;

    /** {@link #commit}: readers see the access unit. */
    int COMMITTED = 0;
    /** {@link #commit}: another writer holds the stream. */
    int LEASE_LOST = 1;
    /** {@link #commit}: larger than the budget's {@code accessUnitBytesMax}; dropped and counted. */
    int TOO_LARGE = 2;
    /** {@link #commit}: no run is open, or the track is not in its format; dropped and counted. */
    int NO_RUN = 3;

    StreamId stream();

    /** {@return the lease's epoch; a higher one wins} */
    long epoch();

    /** {@return whether this lease is still the newest} */
    boolean holdsLease();

    /**
     * {@return whether somebody reads along who has not asked for {@link StreamReader#keepUnread}: a viewer, who wants each
     * access unit as soon as it is there. A writer may bring them in larger portions while nobody does} Wait-free; any
     * thread.
     *
     * @since 0.1
     */
    boolean watched();

    /**
     * {@return how many bytes may be committed now without danger to what a reader has not read that asked for {@link
     * StreamReader#keepUnread}} A writer whose source can wait, as a TCP connection can, leaves more than that where it is
     * for a moment: after all threads stood still, a writer that catches up is faster than any reader. The ring itself never
     * makes anybody wait, and after a moment without room its rule holds. Wait-free; the writer's thread.
     *
     * @since 0.1
     */
    default int roomBytes() {
        return Integer.MAX_VALUE;
    }

    /**
     * Opens a run: a stretch without gap, jump or change of format. An open run ends first, without gap
     * cause. Control path: may allocate. An access unit that was begun stays begun, here and in {@link
     * #endRun}: whether it opens a run is often known only when it is complete.
     *
     * @param startUs wall time of the run's first access unit
     * @return the run's number, rising by one per run while the hub lives; 0 when the lease is lost
     */
    long startRun(StreamFormat format, long startUs, ClockSource clock);

    /**
     * Goes on with the run that the lease before left open, as if there had been no other: for who takes over a session
     * with its source ({@link SessionShelf}). Control path.
     *
     * @return the run's number; 0 when none is open or the lease is lost
     * @since 0.1
     */
    default long continueRun() {
        return 0;
    }

    /**
     * Ends the open run, if any, and says why nothing follows for now. Readers see it in order.
     *
     * @param endUs wall time at which footage ends (end of the last access unit)
     * @param detail one sentence for people, without secrets; may be empty
     */
    void endRun(long endUs, GapCause cause, String detail);

    /** Starts an access unit at the ring's head; what was begun and not committed is dropped. */
    boolean begin();

    /**
     * Copies {@code source}'s remaining bytes behind what was appended so far and consumes them.
     *
     * @return false when the access unit became too large (it is then void: commit answers {@link
     *     #TOO_LARGE}) or the lease is lost
     */
    boolean append(ByteBuffer source);

    /** Appends four bytes, big-endian; as {@link #append}. */
    boolean appendInt(int value);

    /** Appends one byte; as {@link #append}. */
    boolean appendByte(int value);

    /** {@return bytes appended to the access unit so far} */
    int position();

    /** Overwrites four bytes at {@code at} (0..position()-4) of the access unit, big-endian. */
    void putInt(int at, int value);

    /**
     * Publishes the access unit.
     *
     * @param track its number in the run's {@link StreamFormat}
     * @param flags {@link #KEY}, {@link #AFTER_LOSS}, or 0
     * @param timestamp presentation time in ticks of the track's clock, unwrapped; equal origin for all
     *     tracks of a run, i.e. {@code timestamp / clockRate} of two tracks can be compared
     * @param wallUs presentation time as wall time
     * @return {@link #COMMITTED}, {@link #LEASE_LOST}, {@link #TOO_LARGE} or {@link #NO_RUN}
     */
    int commit(int track, int flags, long timestamp, long wallUs);

    /** Drops the access unit begun. */
    void abort();

    /** Gives the lease back; ends an open run with {@link GapCause#UNKNOWN} unless ended before. Idempotent. */
    @Override
    void close();
}
