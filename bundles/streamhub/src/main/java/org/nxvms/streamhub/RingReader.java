// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.StreamWriter;

/** A cursor: looks at an entry, then asks the ring whether it was still in place; allocates nothing per access unit. */
final class RingReader implements StreamReader {
    /** After so many lost races for the oldest key frame the newest one is taken. */
    private static final int LAP_TRIES_MAX = 3;

    /** After so many entries nobody holds on to access units of the ring before. */
    private static final int PREVIOUS_RING_ENTRIES = 2048;

    private final RingHub hub;
    private final Stream stream;
    private final String name;
    private final ReaderStart start;

    private Ring ring;
    private Ring previous;
    private ByteBuffer data;
    private boolean lapPending;
    private boolean awaitKey;
    private volatile boolean closed;

    // Written by the reader's thread, read for statistics and for RESUME.
    private volatile long position;
    private volatile long nextSequence;
    private volatile long lapped;
    private volatile long skipped;

    private Run run;
    private Run.End end;
    private int state = EMPTY;
    private long entry = Ring.NO_ENTRY;
    private long sequence;
    private int track;
    private int flags;
    private long timestamp;
    private long wallUs;
    private int offset;
    private int length;

    RingReader(RingHub hub, Stream stream, String name, ReaderStart start) {
        this.hub = hub;
        this.stream = stream;
        this.name = name;
        this.start = start;
    }

    /** Takes the starting position; before anybody polls. */
    void attach(Optional<Stream.Position> resume) {
        Ring now = stream.ring();
        if (now == null) {
            return;
        }
        enterRing(now);
        Stream.Position kept = start == ReaderStart.RESUME ? resume.orElse(null) : null;
        if (kept != null) {
            nextSequence = kept.nextSequence();
            lapPending = kept.ring() != now.id() || !now.holds(kept.entry());
            position = lapPending ? 0 : kept.entry();
            return;
        }
        if (start == ReaderStart.NEWEST_KEY && now.endsWithRunEnd()) {
            position = now.head() - 1;
            nextSequence = now.nextSequence();
            return;
        }
        long key = start == ReaderStart.NEWEST_KEY ? now.newestKey() : now.startFrom(0);
        if (start == ReaderStart.NEXT || key == Ring.NO_ENTRY || !now.holds(key)) {
            awaitKey = start != ReaderStart.NEXT;
            position = now.head();
            nextSequence = now.nextSequence();
        } else {
            position = key;
            nextSequence = now.sequence(key);
        }
    }

    private void enterRing(Ring next) {
        // What was gathered from the old ring and not yet written is still good there.
        previous = ring;
        ring = next;
        data = next.view();
        position = 0;
    }

    String name() {
        return name;
    }

    @Override
    public int poll() {
        state = pollOnce();
        return state;
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
            Object subject = ring.subject(at);
            take(at);
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

    private boolean enterFirstRing() {
        Ring first = stream.ring();
        if (first == null) {
            return false;
        }
        enterRing(first);
        awaitKey = start != ReaderStart.NEXT;
        return true;
    }

    private void take(long at) {
        sequence = ring.sequence(at);
        track = ring.track(at);
        flags = ring.flags(at);
        timestamp = ring.timestamp(at);
        wallUs = ring.wallUs(at);
        offset = ring.offset(at);
        length = ring.length(at);
    }

    /** Passes over what cannot be decoded yet. {@return whether the wait is over} */
    private boolean reachesKey(long at, Object subject) {
        boolean isStart =
                subject instanceof Run of && (flags & StreamWriter.KEY) != 0 && (track == 0 || !of.hasVideo());
        if (isStart || subject instanceof Run.End) {
            awaitKey = !isStart;
            return true;
        }
        skipped = skipped + 1;
        nextSequence = sequence + 1;
        position = at + 1;
        return false;
    }

    private int emit(long at, Object subject) {
        if (subject instanceof Run of && of != run) {
            run = of;
            wallUs = of.startUs();
            return RUN_START;
        }
        entry = at;
        position = at + 1;
        if (at == PREVIOUS_RING_ENTRIES) {
            previous = null;
        }
        if (subject instanceof Run.End last) {
            end = last;
            return RUN_END;
        }
        nextSequence = sequence + 1;
        return ACCESS_UNIT;
    }

    /** The writer was faster: goes on at the oldest key frame that is still there. */
    private int lap() {
        lapPending = false;
        lapped = lapped + 1;
        long key = Ring.NO_ENTRY;
        for (int tries = 0; tries < LAP_TRIES_MAX && key == Ring.NO_ENTRY; tries++) {
            key = ring.startFrom(ring.tail());
            if (key == Ring.NO_ENTRY) {
                break;
            }
            long number = ring.sequence(key);
            if (ring.holds(key)) {
                goTo(key, number);
            } else {
                key = Ring.NO_ENTRY;
            }
        }
        if (key == Ring.NO_ENTRY) {
            awaitKey = true;
            goTo(ring.head(), ring.nextSequence());
        }
        return LAPPED;
    }

    private void goTo(long at, long number) {
        skipped = skipped + Math.max(0, number - nextSequence);
        nextSequence = Math.max(nextSequence, number);
        position = at;
    }

    @Override
    public long run() {
        return run == null ? 0 : run.number();
    }

    @Override
    public StreamFormat format() {
        return currentRun().format();
    }

    @Override
    public ClockSource clockSource() {
        return currentRun().clock();
    }

    private Run currentRun() {
        if (run == null) {
            throw new IllegalStateException("no run was polled yet");
        }
        return run;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public int track() {
        return track;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public boolean key() {
        return (flags & StreamWriter.KEY) != 0;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public long wallUs() {
        return wallUs;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public ByteBuffer data() {
        return data.limit(offset + length).position(offset);
    }

    @Override
    public boolean intact() {
        return ring != null && ring.holds(entry);
    }

    @Override
    public long address() {
        return (long) ring.id() << 32 | offset;
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
            return previous.holdsSequence(number);
        }
        return ring != null && ring.holdsSequence(number);
    }

    @Override
    public long seekNewestKey() {
        if (ring == null) {
            return 0;
        }
        long key = ring.newestKey();
        if (key <= position || key >= ring.head()) {
            return 0;
        }
        long number = ring.sequence(key);
        if (!ring.holds(key)) {
            return 0;
        }
        long before = skipped;
        goTo(key, number);
        lapPending = false;
        awaitKey = false;
        return skipped - before;
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
    public GapCause gapCause() {
        return endedRun().cause();
    }

    @Override
    public String gapDetail() {
        return endedRun().detail();
    }

    private Run.End endedRun() {
        if (end == null || state != RUN_END) {
            throw new IllegalStateException("only after RUN_END");
        }
        return end;
    }

    StreamStatistics.Reader statistics(long newest) {
        return new StreamStatistics.Reader(name, Math.max(0, newest - nextSequence), lapped, skipped);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Ring of = ring;
        hub.readerClosed(stream, this, new Stream.Position(of == null ? 0 : of.id(), position, nextSequence));
    }
}
