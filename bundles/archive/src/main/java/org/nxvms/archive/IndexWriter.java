// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries rows of sealed chunks and of gaps to the index on a thread of its own. While the index is absent or fails,
 * rows wait here, bounded; markers on the volumes remember those of chunks and journals those of gaps, so that a restart
 * or a rebuild loses none.
 */
final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);
    private static final int BATCH_MAX = 200;
    /** Five hours of 200 cameras; a row is about half a kilobyte. Beyond, rows come back at the next start. */
    static final int WAITING_MAX = 20_000;

    private static final long RETRY_MS_MIN = 250;
    private static final long RETRY_MS_MAX = 5_000;

    private final Consumer<List<Segment>> onWritten;
    private final Consumer<ChunkIndex> onConnected;
    private final Consumer<ChunkIndex> beforeRows;
    private final Consumer<List<Segment>> onInserted;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Map<UUID, StoredSegment> segments = new LinkedHashMap<>();
    private final Map<UUID, Gap> gaps = new LinkedHashMap<>();
    private final Set<UUID> dropped = new LinkedHashSet<>();
    private Optional<ChunkIndex> index = Optional.empty();
    private boolean connected;
    private boolean closed;
    private long overflowed;
    private String trouble = "no database yet";

    /**
     * @param onConnected told on the writer's thread before the first row goes to an index that came (back); may throw
     *     what the index throws and is then told again
     * @param beforeRows told on the writer's thread before rows of chunks go to the index; may throw likewise
     * @param onInserted told on the writer's thread which rows are committed; may throw likewise. What it says of gaps goes
     *     to the index before {@code onWritten} is told
     * @param onWritten told on the writer's thread which rows are committed
     */
    IndexWriter(
            Consumer<ChunkIndex> onConnected,
            Consumer<ChunkIndex> beforeRows,
            Consumer<List<Segment>> onInserted,
            Consumer<List<Segment>> onWritten) {
        this.beforeRows = beforeRows;
        this.onInserted = onInserted;
        this.onConnected = onConnected;
        this.onWritten = onWritten;
        this.thread = new Thread(this::run, "nxvms-archive-rows");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void index(Optional<ChunkIndex> newIndex) {
        lock.lock();
        try {
            index = newIndex;
            connected = false;
            trouble = newIndex.isPresent() ? "" : "no database";
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return how long what was written can still be lost} */
    Duration durableAfter() {
        return index().map(ChunkIndex::durableAfter).orElse(ChunkIndex.DURABLE_AFTER);
    }

    Optional<ChunkIndex> index() {
        lock.lock();
        try {
            return index;
        } finally {
            lock.unlock();
        }
    }

    void add(StoredSegment row) {
        lock.lock();
        try {
            if (segments.size() >= WAITING_MAX) {
                overflowed++;
                return;
            }
            segments.put(row.segment().id(), row);
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void save(Gap gap) {
        lock.lock();
        try {
            if (gaps.size() >= WAITING_MAX && !gaps.containsKey(gap.id())) {
                overflowed++;
                return;
            }
            dropped.remove(gap.id());
            gaps.put(gap.id(), gap);
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void drop(UUID gapId) {
        lock.lock();
        try {
            gaps.remove(gapId);
            if (dropped.size() < WAITING_MAX) {
                dropped.add(gapId);
            }
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sealed segments whose rows are not written yet. */
    List<Segment> waitingSegments() {
        lock.lock();
        try {
            return segments.values().stream().map(StoredSegment::segment).toList();
        } finally {
            lock.unlock();
        }
    }

    List<Gap> waitingGaps() {
        lock.lock();
        try {
            return List.copyOf(gaps.values());
        } finally {
            lock.unlock();
        }
    }

    Set<UUID> droppedGaps() {
        lock.lock();
        try {
            return Set.copyOf(dropped);
        } finally {
            lock.unlock();
        }
    }

    /** {@return why rows are not written; empty when they are} */
    String trouble() {
        lock.lock();
        try {
            return overflowed > 0 ? trouble + " (" + overflowed + " rows left to the next start)" : trouble;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing waits or the time is over; {@return whether nothing waits}. */
    boolean drain(long timeoutMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        lock.lock();
        try {
            long left = deadline - System.nanoTime();
            while (!isIdle() && index.isPresent() && left > 0) {
                work.awaitNanos(left);
                left = deadline - System.nanoTime();
            }
            return isIdle();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle() {
        return segments.isEmpty() && gaps.isEmpty() && dropped.isEmpty();
    }

    private void run() {
        long retryMs = RETRY_MS_MIN;
        while (true) {
            Optional<ChunkIndex> target = awaitWork();
            if (target.isEmpty()) {
                return;
            }
            try {
                write(target.get());
                retryMs = RETRY_MS_MIN;
            } catch (RuntimeException | LinkageError failed) {
                // The latter when the database's bundle is exchanged amid a call: classes of it are not to be had any
                // more.
                failed(failed);
                pause(retryMs);
                retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
            }
        }
    }

    /** {@return the index to write to; empty when closed} */
    private Optional<ChunkIndex> awaitWork() {
        lock.lock();
        try {
            while (!closed && (index.isEmpty() || connected && isIdle())) {
                work.await();
            }
            return closed ? Optional.empty() : index;
        } catch (InterruptedException stop) {
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void write(ChunkIndex target) {
        boolean told;
        lock.lock();
        try {
            told = connected;
        } finally {
            lock.unlock();
        }
        if (!told) {
            onConnected.accept(target);
            lock.lock();
            try {
                connected = index.filter(now -> now == target).isPresent();
                trouble = "";
            } finally {
                lock.unlock();
            }
        }
        List<StoredSegment> rows = batch(segments.values());
        if (!rows.isEmpty()) {
            beforeRows.accept(target);
            target.insert(rows);
            onInserted.accept(segments(rows));
        }
        boolean more = writeGaps(target);
        // What is said of the rows' time may stand behind others: a row counts as written when that is there too.
        while (more && !rows.isEmpty()) {
            more = writeGaps(target);
        }
        if (!rows.isEmpty()) {
            onWritten.accept(segments(rows));
        }
        forget(rows, List.of(), List.of());
    }

    /** Writes one batch of changes of gaps; {@return whether there may be more} */
    private boolean writeGaps(ChunkIndex target) {
        List<Gap> changed = batch(gaps.values());
        if (!changed.isEmpty()) {
            target.saveGaps(changed);
        }
        List<UUID> gone = batch(dropped);
        if (!gone.isEmpty()) {
            target.deleteGaps(gone);
        }
        forget(List.of(), changed, gone);
        return changed.size() == BATCH_MAX || gone.size() == BATCH_MAX;
    }

    private static List<Segment> segments(List<StoredSegment> rows) {
        return rows.stream().map(StoredSegment::segment).toList();
    }

    private <T> List<T> batch(Collection<T> waiting) {
        lock.lock();
        try {
            List<T> batch = new ArrayList<>(Math.min(BATCH_MAX, waiting.size()));
            for (T one : waiting) {
                if (batch.size() == BATCH_MAX) {
                    break;
                }
                batch.add(one);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void forget(List<StoredSegment> rows, List<Gap> changed, List<UUID> gone) {
        lock.lock();
        try {
            rows.forEach(row -> segments.remove(row.segment().id()));
            // A gap that changed again meanwhile stays for the next turn.
            changed.forEach(gap -> gaps.remove(gap.id(), gap));
            gone.forEach(dropped::remove);
            trouble = "";
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable failure) {
        lock.lock();
        try {
            String why = "the database refuses rows: " + failure.getMessage();
            if (!why.equals(trouble)) {
                LOG.warn("{}; {} rows wait, footage goes on", why, segments.size() + gaps.size(), failure);
            }
            trouble = why;
        } finally {
            lock.unlock();
        }
    }

    private void pause(long ms) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ms);
            while (!closed && left > 0) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
