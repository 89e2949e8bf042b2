// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamWriter;

/**
 * The memory of one stream: a circle of payload bytes and a circle of entries that describe them.
 *
 * <p>One writer at a time, guarded by {@link Lease}. It appends at the head and never waits: what is in the way is given up
 * by moving the tail first and writing afterwards. Readers look, then check that the tail has not passed what they looked
 * at (a sequence lock). Entries are numbered from 0; access units carry a sequence number of the whole stream.
 *
 * <p>Invariants: (1) {@code tail <= entry < head} for every entry that may be looked at; (2) payload of such an entry is not
 * written to; (3) the tail moves before anything behind it is overwritten; (4) an entry is complete before the head moves
 * behind it.
 */
final class Ring {
    static final int NO_ENTRY = -1;
    static final int FULL = 1024;
    private static final int VIEW_MARK = 0xFFFF;

    private final int id;
    private final ByteBuffer block;
    private final int payloadBytes;
    private final int unitBytesMax;
    private final ByteBuffer payload;
    private final EntryTable entries;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong tailSequence = new AtomicLong();
    private final AtomicLong nextSequence = new AtomicLong();
    private final AtomicLong newestKey = new AtomicLong(NO_ENTRY);
    private long firstSequence;
    private volatile Ring successor;
    private volatile boolean ended;

    // Writer's own, guarded by the lease.
    private Run openRun;
    private int lap = 1;
    private int unitStart;
    private int unitEnd;
    /** In this lap, bytes below hold nothing that is still wanted. */
    private int clearEnd;

    private boolean unitOpen;
    private boolean unitTooLarge;

    /**
     * @param block memory of the payload; the ring's owner gives it back after {@link #retire}
     * @param id rises from ring to ring of a stream; it is taken off the buffer's capacity, so that a view of another ring
     *     is recognised
     */
    Ring(ByteBuffer block, int unitBytesMax, int unitsMin, int id) {
        this.block = block;
        this.unitBytesMax = unitBytesMax;
        payloadBytes = block.capacity() - (id & VIEW_MARK);
        payload = block.slice(0, payloadBytes);
        entries = new EntryTable(unitsMin);
        this.id = id;
    }

    boolean covers(StreamBudget wish) {
        return block.capacity() >= wish.ringBytes()
                && unitBytesMax >= wish.accessUnitBytesMax()
                && entries.slots() >= wish.accessUnits();
    }

    int id() {
        return id;
    }

    /** Continues the stream's numbering; before anybody else sees this ring. */
    void continueFrom(long sequence) {
        nextSequence.set(sequence);
        tailSequence.set(sequence);
        firstSequence = sequence;
    }

    /** {@return the sequence number that the first access unit of this ring has or will have} */
    long firstSequence() {
        return firstSequence;
    }

    int bytes() {
        return block.capacity();
    }

    ByteBuffer block() {
        return block;
    }

    int unitBytesMax() {
        return unitBytesMax;
    }

    int slots() {
        return entries.slots();
    }

    /** What describes the entries; who looks at one asks {@link #holds} afterwards. */
    EntryTable entries() {
        return entries;
    }

    // ---- writer side: only while holding the lease -------------------------------------------------------------

    void begin() {
        if (unitStart >= payloadBytes) {
            lap++;
            clearEnd = 0;
            unitStart = 0;
        }
        unitEnd = unitStart;
        unitOpen = true;
        unitTooLarge = false;
    }

    /** {@return where {@code count} bytes may be written, or -1 when the access unit would become too large} */
    int reserve(int count) {
        if (!unitOpen || unitTooLarge || count > unitBytesMax - (unitEnd - unitStart)) {
            unitTooLarge = unitOpen;
            return -1;
        }
        if (count > payloadBytes - unitEnd) {
            turnWithUnit();
        }
        int at = unitEnd;
        unitEnd += count;
        evictBelow(unitEnd);
        return at;
    }

    /** An access unit lies in one piece: what it has so far moves to the begin, once per lap at most. */
    private void turnWithUnit() {
        int moved = unitEnd - unitStart;
        lap++;
        clearEnd = 0;
        evictBelow(moved);
        payload.put(0, payload, unitStart, moved);
        unitStart = 0;
        unitEnd = moved;
    }

    boolean append(ByteBuffer source) {
        int count = source.remaining();
        int at = reserve(count);
        if (at < 0) {
            return false;
        }
        payload.put(at, source, source.position(), count);
        source.position(source.position() + count);
        return true;
    }

    boolean appendInt(int value) {
        int at = reserve(4);
        if (at >= 0) {
            payload.putInt(at, value);
        }
        return at >= 0;
    }

    boolean appendByte(int value) {
        int at = reserve(1);
        if (at >= 0) {
            payload.put(at, (byte) value);
        }
        return at >= 0;
    }

    int unitBytes() {
        return unitOpen ? unitEnd - unitStart : 0;
    }

    void putInt(int at, int value) {
        if (at < 0 || at > unitBytes() - 4) {
            throw new IndexOutOfBoundsException("putInt at " + at + " of an access unit of " + unitBytes() + " bytes");
        }
        payload.putInt(unitStart + at, value);
    }

    void abort() {
        unitOpen = false;
    }

    boolean unitOpen() {
        return unitOpen;
    }

    boolean unitTooLarge() {
        return unitTooLarge;
    }

    /** {@return how much of this ring, in 1/{@link #FULL}, was written from this entry on} Lease's holder only. */
    int fullFrom(long entry) {
        if (entry < tail.get()) {
            return FULL;
        }
        long last = head.get();
        if (entry >= last) {
            return 0;
        }
        long from = entries.address(entry);
        int laps = lap - (int) (from >>> 32);
        long bytes = (long) laps * payloadBytes + unitStart - (int) from;
        return (int) Math.max(bytes * FULL / payloadBytes, (last - entry) * FULL / entries.slots());
    }

    void commit(int trackNumber, int flagBits, long ticks, long us) {
        long entry = head.get();
        claim(entry);
        long number = nextSequence.get();
        entries.put(entry, openRun, number, (long) lap << 32 | unitStart, ticks, us);
        entries.putUnit(entry, unitEnd - unitStart, trackNumber, flagBits);
        if (trackNumber == 0 && (flagBits & StreamWriter.KEY) != 0) {
            newestKey.lazySet(entry);
        }
        unitOpen = false;
        unitStart = unitEnd;
        nextSequence.lazySet(number + 1);
        head.setRelease(entry + 1);
    }

    void startRun(Run run) {
        openRun = run;
    }

    Run openRun() {
        return openRun;
    }

    void endRun(Run.End end) {
        long entry = head.get();
        claim(entry);
        entries.put(entry, end, nextSequence.get(), (long) lap << 32 | unitStart, 0, end.endUs());
        entries.putUnit(entry, 0, 0, 0);
        openRun = null;
        head.setRelease(entry + 1);
    }

    /** Nothing more will be written; readers go on in {@code next} or, when that is null, find the stream closed. */
    void end(Ring next) {
        successor = next;
        ended = true;
    }

    /** Readers that are still here find everything overwritten; then the memory may serve another ring. Any thread. */
    void retire() {
        tail.set(Long.MAX_VALUE);
        tailSequence.set(Long.MAX_VALUE);
        VarHandle.fullFence();
    }

    private void claim(long entry) {
        long oldest = entry - entries.slots() + 1;
        if (tail.get() < oldest) {
            evictTo(oldest);
        }
    }

    /** Gives up what lies in the bytes up to {@code end} of this lap. */
    private void evictBelow(int end) {
        if (end <= clearEnd) {
            return;
        }
        long from = tail.get();
        long last = head.get();
        long limit = (long) (lap - 1) << 32 | end;
        long to = from;
        while (to < last && entries.address(to) < limit) {
            to++;
        }
        if (to != from) {
            evictTo(to);
        }
        // What remains was written in the lap before, further on, or in this one.
        boolean before = to < last && (int) (entries.address(to) >>> 32) == lap - 1;
        clearEnd = before ? (int) entries.address(to) : payloadBytes;
    }

    private void evictTo(long entry) {
        boolean unit = entries.subject(entry - 1) instanceof Run;
        tailSequence.lazySet(entries.sequence(entry - 1) + (unit ? 1 : 0));
        tail.lazySet(entry);
        // Invariant 3: no later write may be seen before the tail has moved.
        VarHandle.releaseFence();
    }

    // ---- reader side: any thread --------------------------------------------------------------------------------

    long head() {
        return head.getAcquire();
    }

    long tail() {
        return tail.getAcquire();
    }

    long newestKey() {
        return newestKey.getAcquire();
    }

    long nextSequence() {
        return nextSequence.getAcquire();
    }

    /** {@return whether everything looked at so far of this entry was still in place} To be asked after looking. */
    boolean holds(long entry) {
        VarHandle.acquireFence();
        return entry >= tail.getOpaque();
    }

    /** As {@link #holds}, by the sequence number of an access unit. */
    boolean holdsSequence(long number) {
        VarHandle.acquireFence();
        return number >= tailSequence.getOpaque();
    }

    boolean ended() {
        return ended;
    }

    Ring successor() {
        return successor;
    }

    boolean isEmpty() {
        return head() == 0;
    }

    /** {@return the oldest entry from {@code entry} on where decoding can start, or {@link #NO_ENTRY}} */
    long startFrom(long entry) {
        long last = head();
        for (long i = Math.max(entry, tail()); i < last; i++) {
            if (entries.isStart(i) && holds(i)) {
                return i;
            }
        }
        return NO_ENTRY;
    }

    /** {@return the end of the last run, if nothing follows it for now, or {@link #NO_ENTRY}} */
    long runEnd() {
        long last = head() - 1;
        return last >= tail() && entries.subject(last) instanceof Run.End && holds(last) ? last : NO_ENTRY;
    }

    /** {@return a read-only view of all payload} */
    ByteBuffer view() {
        return payload.asReadOnlyBuffer();
    }

    /** {@return whether the buffer is a view of this ring} */
    boolean isView(ByteBuffer buffer) {
        return buffer != null && buffer.isReadOnly() && buffer.isDirect() && buffer.capacity() == payload.capacity();
    }
}
