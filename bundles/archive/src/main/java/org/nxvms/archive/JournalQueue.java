// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nxvms.storage.spi.Volume;

/**
 * Gap changes on their way to a journal. Any volume will do, since a rebuild reads all. Adding never waits for a disk:
 * no lock is held while one is written. Any thread.
 */
final class JournalQueue {
    /** Changes that wait for a volume; the oldest go first when there is none for days. */
    static final int WAITING_MAX = 20_000;

    private static final int BATCH_MAX = 500;
    /** A volume that has not written its batch by then hangs, and the next one takes the same batch. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ArrayDeque<GapJournal.Entry> waiting = new ArrayDeque<>();
    /** Number of the entry at the head; entries are numbered in the order they came. */
    private long headNumber;

    private int writers;
    private long lastBegunNanos;

    synchronized void add(GapJournal.Entry entry) {
        if (waiting.size() == WAITING_MAX) {
            waiting.remove();
            headNumber++;
        }
        waiting.add(entry);
    }

    /** {@return how many changes there were so far} */
    synchronized long changes() {
        return headNumber + waiting.size();
    }

    /** {@return how many of {@link #changes()} are in a journal, or were given up for want of one} */
    synchronized long written() {
        return headNumber;
    }

    /** {@return the gaps of which a change is not in a journal yet} */
    synchronized Set<UUID> waiting() {
        return waiting.stream().map(entry -> entry.gap().id()).collect(Collectors.toSet());
    }

    /** {@return changes that are not in a journal yet, in the order they came} */
    synchronized List<GapJournal.Entry> entries() {
        return List.copyOf(waiting);
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    private record Batch(List<GapJournal.Entry> entries, long endNumber) {}

    /** Writes a batch, durably; the entries wait on when that fails. */
    void writeTo(Volume volume, Instant now) throws IOException {
        Batch batch = begin();
        if (batch.entries().isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            GapJournal.append(volume, batch.entries(), now);
            written = true;
        } finally {
            end(batch, written);
        }
    }

    private synchronized Batch begin() {
        if (waiting.isEmpty() || writers > 0 && System.nanoTime() - lastBegunNanos < PATIENCE_NANOS) {
            return new Batch(List.of(), headNumber);
        }
        List<GapJournal.Entry> entries = waiting.stream().limit(BATCH_MAX).toList();
        writers++;
        lastBegunNanos = System.nanoTime();
        return new Batch(entries, headNumber + entries.size());
    }

    private synchronized void end(Batch batch, boolean written) {
        writers--;
        // Written twice does no harm: the last line of a gap counts.
        while (written && headNumber < batch.endNumber() && !waiting.isEmpty()) {
            waiting.remove();
            headNumber++;
        }
    }
}
