// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.StreamWriter;

/** One stream: its rings, its lease, its readers, its counters. Control methods are synchronised. */
final class Stream {
    /** Positions of closed readers that are remembered; viewers come and go, the recorder must stay among them. */
    private static final int POSITIONS_MAX = 256;

    private static final long NO_MARK = -1;

    /**
     * Where a closed reader stopped.
     *
     * @param ring identity of the ring, not the ring: a replaced one must not be kept alive
     */
    record Position(int ring, long entry, long nextSequence) {}

    private final StreamId id;
    private final Lease lease = new Lease();
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong pictures = new AtomicLong();
    private final AtomicLong keys = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lastCommitUs = new AtomicLong();
    private final Appetite appetite = new Appetite();
    private final Provision provision;
    private final RingChain chain;
    private final List<RingReader> readers = new CopyOnWriteArrayList<>();
    private final Map<RingReader, Bells.Hung> hung = new IdentityHashMap<>();
    private final Map<String, Position> positions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > POSITIONS_MAX;
        }
    };

    private final Map<String, AtomicLong> marks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, AtomicLong> eldest) {
            return size() > POSITIONS_MAX;
        }
    };

    private volatile Run lastRun;
    private volatile boolean live;
    private volatile boolean removed;
    private volatile boolean watched;
    private volatile Bells bells = Bells.NONE;
    private boolean written;
    /** It will be looked whether the memory is still needed. */
    private boolean waiting;

    private long nextSequence;
    private long epochs;
    private long runs;

    Stream(StreamId id, Provision provision) {
        this.id = id;
        this.provision = provision;
        this.chain = new RingChain(this, provision);
    }

    StreamId id() {
        return id;
    }

    Lease lease() {
        return lease;
    }

    Appetite appetite() {
        return appetite;
    }

    RingChain chain() {
        return chain;
    }

    /** {@return the ring that is or was written last} */
    Ring ring() {
        return chain.newest();
    }

    /** {@return the sequence number of the next access unit} */
    synchronized long nextSequence() {
        Ring now = ring();
        return now == null ? nextSequence : now.nextSequence();
    }

    boolean removed() {
        return removed;
    }

    // ---- writers -------------------------------------------------------------------------------------------------

    /** {@return a lease on the ring that is there, none when that is too small} It is not given back in between. */
    synchronized Optional<RingWriter> takeLease(StreamBudget budget) {
        Ring now = ring();
        return now != null && now.covers(budget) ? Optional.of(takeLease(Optional.empty())) : Optional.empty();
    }

    /** Ends the present lease and gives out a new one, on a new ring if there is one. */
    synchronized RingWriter takeLease(Optional<Ring> fresh) {
        long epoch = lease.seize(++epochs);
        Ring now = ring();
        if (now != null) {
            now.abort();
        }
        if (fresh.isPresent()) {
            live = false;
            fresh.get().continueFrom(now == null ? nextSequence : now.nextSequence());
            chain.goOnIn(fresh.get());
        }
        written = true;
        lease.exit(epoch);
        chain.tidy();
        return new RingWriter(this, epoch);
    }

    /** A writer gave its lease back. */
    synchronized void writerClosed(long epoch) {
        if (lease.epoch() == epoch) {
            written = false;
            freeIfIdle();
        }
    }

    /**
     * Nobody writes and nobody reads: the memory goes, the numbering stays. What a recorder has not written waits for it as
     * long as it is missed.
     */
    private void freeIfIdle() {
        Ring now = ring();
        if (written || !readers.isEmpty() || now == null) {
            return;
        }
        if (!chain.isKept()) {
            nextSequence = now.nextSequence();
            chain.free();
        } else if (!waiting) {
            waiting = true;
            provision.afterAbsence(this::absenceOver);
        }
    }

    private synchronized void absenceOver() {
        waiting = false;
        freeIfIdle();
    }

    /** {@return wall time of the newest access unit} */
    long lastCommitUs() {
        return lastCommitUs.get();
    }

    /** Called by the lease's holder only. */
    long nextRun() {
        return ++runs;
    }

    void runStarted(Run run) {
        lastRun = run;
        live = true;
    }

    /** Called by the lease's holder only. */
    void endRun(Ring of, long endUs, GapCause cause, String detail) {
        Run open = of.openRun();
        if (open != null) {
            of.endRun(new Run.End(open, endUs, cause, detail));
        }
        live = false;
    }

    /** Called by the lease's holder only. */
    void committed(int track, int flags, int length, long wallUs) {
        boolean start = track == 0 && (flags & StreamWriter.KEY) != 0;
        appetite.stored(length, start, wallUs);
        chain.written(start);
        units.lazySet(units.get() + 1);
        bytes.lazySet(bytes.get() + length);
        lastCommitUs.lazySet(wallUs);
        if (track == 0) {
            Run run = lastRun;
            if (run != null && run.format().tracks().get(0).isVideo()) {
                pictures.lazySet(pictures.get() + 1);
            }
            if (start) {
                keys.lazySet(keys.get() + 1);
            }
        }
    }

    /** Called by the lease's holder only. */
    void refused(Ring by) {
        refused.lazySet(refused.get() + 1);
        if (by.unitTooLarge()) {
            appetite.refused(by.unitBytesMax());
            chain.written(true);
        }
    }

    // ---- readers -------------------------------------------------------------------------------------------------

    /** The rings are not given back between the look at them and the moment at which the reader counts. */
    synchronized void add(RingReader reader, Optional<Position> resume) {
        reader.attach(resume);
        readers.add(reader);
        lookForViewers();
    }

    /** A reader asked that what it has not read is kept, which viewers do not. */
    synchronized void keeps(RingReader reader) {
        chain.keepFor(reader);
        lookForViewers();
    }

    private void lookForViewers() {
        watched = readers.stream().anyMatch(reader -> !reader.keeps());
    }

    /** {@return whether the reader's bell is rung from now on} */
    synchronized boolean ringAt(RingReader reader, Bells.Hung bell) {
        if (!reader.isOpen() || !bells.hasRoomFor(bell.bell())) {
            return false;
        }
        hung.put(reader, bell);
        bells = Bells.of(hung.values());
        return true;
    }

    /** Wakes who waits for what was just written. Outside of the lease: who takes that over waits for no other thread's call. */
    void ring(boolean picture) {
        bells.ring(picture);
    }

    /** {@return whether somebody wants each access unit as soon as it is there} */
    boolean watched() {
        return watched;
    }

    List<RingReader> readers() {
        return readers;
    }

    /** {@return whether nothing is or was ever written and nobody reads} */
    synchronized boolean unused() {
        return readers.isEmpty() && ring() == null && epochs == 0;
    }

    /** Forgets a closed reader but for its place. {@return whether nothing is left that needs this stream} */
    synchronized boolean drop(RingReader reader, Position position) {
        if (readers.remove(reader)) {
            positions.put(reader.name(), position);
            if (hung.remove(reader) != null) {
                bells = Bells.of(hung.values());
            }
            chain.left(reader);
            lookForViewers();
            freeIfIdle();
            chain.tidy();
        }
        return unused();
    }

    /** {@return where a reader of this name stopped; one that is still open is closed} */
    synchronized Optional<Position> takePosition(String name) {
        for (RingReader reader : readers) {
            if (reader.name().equals(name)) {
                reader.close();
            }
        }
        return Optional.ofNullable(positions.get(name));
    }

    /** {@return the place where readers of this name say how far they are; made when there is none} */
    synchronized AtomicLong markOf(String name) {
        return marks.computeIfAbsent(name, first -> new AtomicLong(NO_MARK));
    }

    synchronized OptionalLong mark(String name) {
        AtomicLong mark = marks.get(name);
        return mark == null || mark.get() == NO_MARK ? OptionalLong.empty() : OptionalLong.of(mark.get());
    }

    /** Ends the lease and tells readers that the stream is closed once they have read what is there. */
    synchronized void remove() {
        long epoch = lease.seize(++epochs);
        removed = true;
        live = false;
        Ring now = ring();
        if (now != null) {
            now.abort();
            now.end(null);
        }
        // Readers may read on to the end; the memory is not given to other rings.
        chain.forget();
        lease.exit(epoch);
        ring(true);
    }

    StreamStatistics statistics() {
        Ring now = ring();
        long next = now == null ? 0 : now.nextSequence();
        List<StreamStatistics.Reader> of = new ArrayList<>();
        for (RingReader reader : readers) {
            of.add(reader.statistics(next));
        }
        Run run = lastRun;
        Optional<StreamFormat> format = Optional.ofNullable(run).map(Run::format);
        return new StreamStatistics(
                id,
                lease.epoch(),
                live,
                run == null ? 0 : run.number(),
                format,
                units.get(),
                pictures.get(),
                keys.get(),
                bytes.get(),
                refused.get(),
                lastCommitUs.get(),
                chain.bytes(),
                of);
    }
}
