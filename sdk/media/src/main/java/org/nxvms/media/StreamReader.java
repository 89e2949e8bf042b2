// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A cursor on a stream. One thread at a time; {@link #poll()} is wait-free and allocates nothing. It never waits; who wants to be
 * told when there is something to poll hangs up a {@linkplain #ringAt bell}.
 *
 * <p>The writer never waits for a reader. Who reads {@link #data()} in place must ask {@link
 * #intact()} after the bytes were used (copied, written): false means that the writer has overwritten
 * them meanwhile and the copy is void; the next poll answers {@link #LAPPED}.
 *
 * <p>Polling again moves on. An access unit stays readable until the writer laps it, also after later
 * polls: {@link #address()} and {@link #view(long, int, ByteBuffer)} let a reader gather several
 * access units for one write, and {@link #intact(long)} checks the oldest of them.
 */
@ProviderType
public interface StreamReader extends AutoCloseable {
    /** Nothing new. */
    int EMPTY = 0;
    /** The cursor stands on an access unit; its accessors are valid until the next poll. */
    int ACCESS_UNIT = 1;
    /** A run begins; {@link #run()}, {@link #format()}, {@link #clockSource()} and {@link #wallUs()} are of it. */
    int RUN_START = 2;
    /** The run ended; {@link #gapCause()}, {@link #gapDetail()} and {@link #wallUs()} say why and when. */
    int RUN_END = 3;
    /**
     * The writer overtook this reader; it now stands at the oldest key frame still held, {@link
     * #skipped()} grew by what was missed. If that lies in another run, {@link #RUN_START} follows.
     */
    int LAPPED = 4;
    /** The stream was removed or the reader closed; stays so. */
    int CLOSED = 5;

    /** Moves to the next entry. {@return one of the constants above} */
    int poll();

    /** {@return number of the current run; 0 before the first} */
    long run();

    /** {@return format of the current run; only after {@link #RUN_START} or {@link #ACCESS_UNIT}} */
    StreamFormat format();

    /** {@return clock source of the current run} */
    ClockSource clockSource();

    /** {@return the access unit's number in the stream, rising by one; at {@link #RUN_END} the next unit's} */
    long sequence();

    int track();

    /** {@return {@link StreamWriter#KEY} and {@link StreamWriter#AFTER_LOSS} bits} */
    int flags();

    boolean key();

    long timestamp();

    long wallUs();

    /** {@return payload length in bytes} */
    int length();

    /** {@return the payload in the ring, a read-only buffer that is reused by the next poll} */
    ByteBuffer data();

    /** {@return whether the current access unit's bytes were not overwritten since the poll} */
    boolean intact();

    /** {@return a handle of the current payload for {@link #view}} */
    long address();

    /**
     * A view of payload bytes in the ring, for gathering writes.
     *
     * @param address from {@link #address()}
     * @param length at most the access unit's length
     * @param reuse a buffer from an earlier call to be reused, or null for a new one
     * @return a buffer whose remaining bytes are the payload; {@code reuse} itself when it could serve
     */
    ByteBuffer view(long address, int length, ByteBuffer reuse);

    /** {@return whether the payload of access unit {@code sequence} and all later ones is not overwritten} */
    boolean intact(long sequence);

    /** Jumps to the newest key frame; {@return access units jumped over} (they count as skipped). */
    long seekNewestKey();

    /**
     * Asks the hub to keep what this reader has not read when it lags, as a recorder does whose disk stalls: the stream
     * gets more memory meanwhile, within the hub's limits, and gives it back afterwards. Holds for half a minute beyond
     * {@link #close()}, so that a reader of the same name can take over. Not for viewers.
     *
     * <p>A recorder that waits for an event lags on purpose: so the ring is its pre-event buffer.
     *
     * @param seconds the hub keeps at least so much of the stream for this reader, within its limits of memory; 0 for
     *     what it keeps for any recorder. May be said again with another number
     * @since 0.1
     */
    void keepUnread(int seconds);

    /**
     * Has a bell rung, until this reader is closed, whenever something was written that it has not polled: an access unit, the end of
     * a run, the end of the stream. So a reader that wants each access unit as soon as it is there need not ask again and again.
     * Said again, the last word counts. Control path: may take a short lock.
     *
     * @param bell of the thread that reads; readers of one thread share it
     * @param picturesOnly whether it need not be rung by access units of other tracks than the first
     * @return whether it is rung; not when as many bells as a stream has room for hang there already: each costs the writer a call
     *     of the operating system. Then poll at a pace
     * @since 0.1
     */
    boolean ringAt(ReaderBell bell, boolean picturesOnly);

    /** {@return committed access units not yet polled} */
    long behind();

    /** {@return access units never seen because the writer overtook this reader or it jumped} */
    long skipped();

    /**
     * {@return whether the writer has overwritten something that this reader has not polled, so that a later poll answers
     * {@link #LAPPED}} Known before that poll, and also while all that was polled is {@link #intact(long)}: when a reader
     * lags, what it stands on may be kept in memory of its own while what follows goes round.
     *
     * @since 0.1
     */
    boolean overtaken();

    /** {@return why the run ended; only after {@link #RUN_END}} */
    GapCause gapCause();

    /** {@return a sentence for people; only after {@link #RUN_END}, may be empty} */
    String gapDetail();

    /**
     * Says how far the reader's work is done: access units before {@code sequence} are not needed by it any more. Kept
     * in the hub under the reader's name, also when the reader ends without a word, so that a successor can go on
     * without loss; see {@link StreamHub#mark}. Wait-free but for the first call, which makes the place.
     *
     * @since 0.1
     */
    void mark(long sequence);

    /** Ends the cursor; its position is kept by name for {@link ReaderStart#RESUME}. Idempotent; any thread. */
    @Override
    void close();
}
