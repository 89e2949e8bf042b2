// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Instant;
import java.util.function.Supplier;
import org.nxvms.platform.api.archive.Gap;

/**
 * Each change of a gap goes three ways: into a journal, into the index, and to who listens. In this order: what is not in
 * the index any more is at least on its way to a journal, so that a comparison of both is not misled (GapComparison).
 */
final class GapRecords implements GapLedger.Sink {
    /** A tenth of what may wait for a journal. */
    private static final int WAITING_MAX = JournalQueue.WAITING_MAX / 10;

    private final IndexWriter rows;
    private final GapListeners listeners;
    private final JournalQueue toJournal;
    private final Supplier<Instant> now;

    GapRecords(IndexWriter rows, GapListeners listeners, JournalQueue toJournal, Supplier<Instant> now) {
        this.rows = rows;
        this.listeners = listeners;
        this.toJournal = toJournal;
        this.now = now;
    }

    @Override
    public void save(Gap gap) {
        note(gap);
        listeners.save(gap);
    }

    @Override
    public void drop(Gap gap) {
        forget(gap);
        listeners.drop(gap);
    }

    @Override
    public void note(Gap gap) {
        toJournal.add(new GapJournal.Entry(now.get(), gap, true));
        rows.save(gap);
    }

    @Override
    public void forget(Gap gap) {
        toJournal.add(new GapJournal.Entry(now.get(), gap, false));
        rows.drop(gap.id());
    }

    @Override
    public boolean keepsUp() {
        return toJournal.size() < WAITING_MAX;
    }
}
