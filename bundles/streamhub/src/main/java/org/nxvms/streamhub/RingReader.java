// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamStatistics;

/** A cursor: looks at an entry, then asks the ring whether it was still in place; allocates nothing per access unit. */
final class RingReader extends EntryCopy {
    /** After so many lost races for the oldest key frame the next one is waited for. */
    private static final int LAP_TRIES_MAX = 3;

    /** After so many entries, or so much time of the stream, nobody holds on to access units of the ring before. */
    private static final int PREVIOUS_RING_ENTRIES = 2048;

    private static final long PREVIOUS_RING_US = 4_000_000;

    /** A place: the ring's id above, the entry below. */
    private static final int ENTRY_BITS = 40;

    private static final long NOWHERE = -1;

    private final RingHub hub;
    private final Stream stream;
    private final String name;
    private final ReaderStart start;

    private ByteBuffer data;
    private boolean lapPending;
    private boolean awaitKey;
    private long enteredUs = Long.MIN_VALUE;
    private volatile boolean closed;

    // Written by the reader's thread, read for statistics, for RESUME and by who frees rings.
    private volatile Ring ring;
    private volatile Ring previous;
    private volatile long closedNs;
    private volatile long position;
    private volatile long nextSequence;
    private volatile long lapped;
    private volatile long skipped;
    private volatile int keptSeconds;
    private volatile boolean keeps;
    /** The key frame with which a successor would begin if this reader ended now; nowhere for one that marks nothing. */
    private volatile long groupPlace = NOWHERE;

    private long keyPlace = NOWHERE;
    private AtomicLong mark;
    private long entry = Ring.NO_ENTRY;

    RingReader(RingHub hub, Stream stream, String name, ReaderStart start) {
        this.hub = hub;
        this.stream = stream;
        this.name = name;
        this.start = start;
    }

    /** Takes the starting position; before anybody polls. The stream's lock is held, so that its rings stay. */
    void attach(Optional<Stream.Position> resume) {
        nextSequence = stream.nextSequence();
        List<Ring> rings = stream.chain().rings();
        if (rings.isEmpty()) {
            return;
        }
        Entrance at = Entrance.of(start, rings, resume);
        enterRing(at.ring());
        position = at.entry();
        nextSequence = at.nextSequence();
        awaitKey = at.awaitsKey();
        lapPending = at.lapped();
    }

    private void enterRing(Ring next) {
        // What was gathered from the old ring and not yet written is still good there.
        boolean moved = ring != null;
        previous = ring;
        ring = next;
        data = next.view();
        position = 0;
        enteredUs = Long.MIN_VALUE;
        if (moved) {
            hub.tidyLater(stream);
        }
    }

    /** The ring before this one was read to its end, and what was gathered there was used meanwhile. */
    private void leavePrevious() {
        previous = null;
        hub.tidyLater(stream);
    }

    /** {@return whether this reader is not yet through with a ring of its stream} Any thread. */
    boolean needs(Ring of) {
        Ring at = ring;
        long group = groupPlace;
        return at == null
                || at.id() <= of.id()
                || previous == of
                || group != NOWHERE && group >>> ENTRY_BITS <= of.id();
    }

    /** {@return the entry in this ring with which a successor would begin, {@link Ring#NO_ENTRY} if in no or another ring} */
    long groupIn(Ring of) {
        long group = groupPlace;
        return group != NOWHERE && group >>> ENTRY_BITS == of.id() ? group & (1L << ENTRY_BITS) - 1 : Ring.NO_ENTRY;
    }

    Ring ring() {
        return ring;
    }

    long position() {
        return position;
    }

    boolean isOpen() {
        return !closed;
    }

    /** {@return when it was closed, by the time of the hub's thread} */
    long closedNs() {
        return closedNs;
    }

    String name() {
        return name;
    }

    @Override
    public int poll() {
        return stand(pollOnce());
    }

    private int pollOnce() {
        while (!closed) {
            if (ring == null && !enterFirstRing()) {
                return stream.removed() ? CLOSED : EMPTY;
            }
            if (lapPending) {
                return lap();
            }
            long at = position;
            boolean ended = ring.ended();
            if (at >= ring.head()) {
                if (!ended) {
                    return EMPTY;
                }
                if (ring.successor() == null) {
                    return CLOSED;
                }
                enterRing(ring.successor());
                continue;
            }
            Object subject = ring.entries().subject(at);
            look(ring.entries(), at);
            if (!ring.holds(at)) {
                return lap();
            }
            if (awaitKey && !reachesKey(at, subject)) {
                continue;
            }
            return emit(at, subject);
        }
        return CLOSED;
    }

    /** There was no ring when this reader came: it begins with the first one after that, which waits for it. */
    private boolean enterFirstRing() {
        if (stream.ring() == null) {
            return false;
        }
        List<Ring> rings = stream.chain().rings();
        if (rings.isEmpty()) {
            return false;
        }
        Ring first = rings.get(0);
        enterRing(first);
        awaitKey = start != ReaderStart.NEXT;
        lapPending = first.firstSequence() > nextSequence;
        return true;
    }

    /** Passes over what cannot be decoded yet. {@return whether the wait is over} */
    private boolean reachesKey(long at, Object subject) {
        boolean isStart = subject instanceof Run of && key() && (track() == 0 || !of.hasVideo());
        if (isStart || subject instanceof Run.End) {
            awaitKey = !isStart;
            return true;
        }
        skipped = skipped + 1;
        nextSequence = sequence() + 1;
        position = at + 1;
        return false;
    }

    private int emit(long at, Object subject) {
        if (subject instanceof Run of && of != currentRun()) {
            runStarts(of);
            return RUN_START;
        }
        entry = at;
        position = at + 1;
        if (previous != null) {
            enteredUs = enteredUs == Long.MIN_VALUE ? wallUs() : enteredUs;
            if (at >= PREVIOUS_RING_ENTRIES || Math.abs(wallUs() - enteredUs) > PREVIOUS_RING_US) {
                leavePrevious();
            }
        }
        if (subject instanceof Run.End last) {
            runEnds(last);
            return RUN_END;
        }
        nextSequence = sequence() + 1;
        if (track() == 0 && key()) {
            if (keyPlace != groupPlace) {
                // Read on without a mark: it waits, and nobody would begin there any more.
                groupPlace = NOWHERE;
            }
            keyPlace = (long) ring.id() << ENTRY_BITS | at;
        }
        return ACCESS_UNIT;
    }

    /** The writer was faster: goes on at the oldest key frame that is still there. */
    private int lap() {
        lapPending = false;
        lapped = lapped + 1;
        keyPlace = NOWHERE;
        groupPlace = NOWHERE;
        long key = Ring.NO_ENTRY;
        long end = 0;
        long endNumber = 0;
        for (int tries = 0; tries < LAP_TRIES_MAX && key == Ring.NO_ENTRY; tries++) {
            // Before it is looked for a key frame: one that comes meanwhile lies behind it.
            end = ring.head();
            endNumber = ring.nextSequence();
            key = ring.startFrom(ring.tail());
            if (key == Ring.NO_ENTRY) {
                break;
            }
            long number = ring.entries().sequence(key);
            if (ring.holds(key)) {
                goTo(key, number);
            } else {
                key = Ring.NO_ENTRY;
            }
        }
        if (key == Ring.NO_ENTRY) {
            awaitKey = true;
            goTo(end, endNumber);
        }
        return LAPPED;
    }

    private void goTo(long at, long number) {
        skipped = skipped + Math.max(0, number - nextSequence);
        nextSequence = Math.max(nextSequence, number);
        position = at;
    }

    @Override
    public ByteBuffer data() {
        return data.limit(offset() + length()).position(offset());
    }

    @Override
    public boolean intact() {
        return ring != null && ring.holds(entry);
    }

    @Override
    public long address() {
        return (long) ring.id() << 32 | offset();
    }

    @Override
    public ByteBuffer view(long address, int bytes, ByteBuffer reuse) {
        Ring of = previous != null && address >>> 32 == previous.id() ? previous : ring;
        ByteBuffer view = of.isView(reuse) ? reuse : of.view();
        return view.limit((int) address + bytes).position((int) address);
    }

    @Override
    public boolean intact(long number) {
        if (previous != null && number < ring.firstSequence()) {
            // And all later ones: what was gathered may go on in the ring after it, which may have gone round since.
            return previous.holdsSequence(number) && ring.holdsSequence(ring.firstSequence());
        }
        return ring != null && ring.holdsSequence(number);
    }

    @Override
    public long seekNewestKey() {
        if (ring == null) {
            return 0;
        }
        Ring in = ring;
        for (Ring later = in.successor(); later != null; later = later.successor()) {
            in = later.newestKey() == Ring.NO_ENTRY ? in : later;
        }
        long key = in.newestKey();
        if (in == ring && key <= position || key >= in.head()) {
            return 0;
        }
        long number = in.entries().sequence(key);
        if (!in.holds(key)) {
            return 0;
        }
        if (in != ring) {
            enterRing(in);
        }
        long before = skipped;
        goTo(key, number);
        lapPending = false;
        awaitKey = false;
        return skipped - before;
    }

    @Override
    public void keepUnread(int seconds) {
        keptSeconds = seconds;
        keeps = true;
        stream.keeps(this);
    }

    /** {@return whether it has asked that what it has not read is kept} */
    boolean keeps() {
        return keeps;
    }

    /** {@return seconds of the stream it asked to be kept; 0 for the usual} */
    int keptSeconds() {
        return keptSeconds;
    }

    @Override
    public boolean ringAt(ReaderBell bell, boolean picturesOnly) {
        return stream.ringAt(this, new Bells.Hung(bell, picturesOnly));
    }

    @Override
    public long behind() {
        Ring now = stream.ring();
        return now == null ? 0 : Math.max(0, now.nextSequence() - nextSequence);
    }

    @Override
    public long skipped() {
        return skipped;
    }

    @Override
    public boolean overtaken() {
        Ring at = ring;
        boolean held = at == null || at.holds(position);
        for (Ring later = held && at != null ? at.successor() : null;
                later != null && held;
                later = later.successor()) {
            held = later.holds(0);
        }
        return !held;
    }

    @Override
    public void mark(long number) {
        AtomicLong place = mark;
        if (place == null) {
            place = stream.markOf(name);
            mark = place;
        }
        place.lazySet(number);
        long before = groupPlace;
        groupPlace = keyPlace;
        if (before != NOWHERE && before >>> ENTRY_BITS != keyPlace >>> ENTRY_BITS) {
            hub.tidyLater(stream);
        }
    }

    StreamStatistics.Reader statistics(long newest) {
        return new StreamStatistics.Reader(name, Math.max(0, newest - nextSequence), lapped, skipped);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closedNs = hub.nanoTime();
        closed = true;
        Ring of = ring;
        hub.readerClosed(stream, this, new Stream.Position(of == null ? 0 : of.id(), position, nextSequence));
    }
}
