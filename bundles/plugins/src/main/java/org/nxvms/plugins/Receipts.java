// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.archive.Statements;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.platform.api.plugin.SwapReceipt.Windows;
import org.nxvms.plugins.runtime.FrameCounts;
import org.nxvms.plugins.runtime.FrameCounts.Sample;
import org.nxvms.plugins.store.ReceiptBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes receipts: one before anything is changed, which tells after a crash what was going on; one when the operation is
 * over; and the last, signed, when frames were counted for a while after it. Operations do not wait for that.
 */
final class Receipts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final String TYPE = "nxvms-swap-receipt+json";
    /** A trial runs for a day at most, and so long others come behind it. */
    private static final int LOOKED_AT_MAX = 500;

    private static final long CLOSE_MS_MAX = 5_000;

    private final ReceiptBook book;
    private final FrameCounts counts;
    private final Supplier<Statements> statements;
    private final IntSupplier windowMs;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<Counted> waiting = new LinkedHashSet<>();
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "nxvms-ctl-plugin-receipts");
        thread.setDaemon(true);
        return thread;
    });

    /** @param statements gives null while the archive is away; a receipt then stays unsigned */
    Receipts(ReceiptBook book, FrameCounts counts, Supplier<Statements> statements, IntSupplier windowMs) {
        this.book = book;
        this.counts = counts;
        this.statements = statements;
        this.windowMs = windowMs;
    }

    /** An operation whose frames are being counted. */
    private record Counted(ReceiptDraft draft, Sample first, Sample begin, Sample end) {}

    Sample count() {
        return counts.now();
    }

    /** Notes what is about to be done, and lets the window before it pass. */
    Sample begin(ReceiptDraft draft, Sample first) throws IOException, InterruptedException {
        book.put(draft.receipt());
        long left = windowMs.getAsInt() - first.msUntil(counts.now());
        if (left > 0 && closing.await(left, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The server stops; nothing was changed. Try again when it runs");
        }
        return counts.now();
    }

    /** Writes what was done; it is signed later. */
    SwapReceipt end(ReceiptDraft draft, Sample first, Sample begin) {
        Counted counted = new Counted(draft, first, begin, counts.now());
        SwapReceipt receipt = draft.receipt();
        put(receipt);
        synchronized (waiting) {
            waiting.add(counted);
        }
        try {
            later.schedule(() -> finish(counted), windowMs.getAsInt(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            finish(counted);
        }
        return receipt;
    }

    /** Writes a receipt of what was refused before anything was changed: no frames are concerned. */
    SwapReceipt refused(ReceiptDraft draft) {
        return sign(draft.receipt());
    }

    /** Closes receipts of operations that the server did not outlive, and signs what it had no time to. {@return the closed} */
    List<SwapReceipt> interrupted() throws IOException {
        List<SwapReceipt> closed = new ArrayList<>();
        for (SwapReceipt old : book.newest(LOOKED_AT_MAX, Optional.empty())) {
            if (old.outcome() == Outcome.RUNNING) {
                closed.add(sign(old.ended(
                        Outcome.INTERRUPTED, "The server ended while this was under way.", ReceiptDraft.now())));
            } else if (old.signature().isEmpty()) {
                sign(old);
            }
        }
        return closed;
    }

    private void finish(Counted counted) {
        synchronized (waiting) {
            if (!waiting.remove(counted)) {
                return;
            }
        }
        SwapReceipt written = counted.draft().receipt();
        try {
            sign(withFrames(counted));
        } catch (RuntimeException | LinkageError failed) {
            // Nobody waits for what comes of this thread: what is not told here is told nowhere.
            LOG.error(
                    "The frames around {} of {} cannot be counted; its receipt {} stays without them, and unsigned until"
                            + " the next start",
                    written.operation(),
                    written.plugin(),
                    written.id(),
                    failed);
        }
    }

    private SwapReceipt withFrames(Counted counted) {
        Sample last = counts.now();
        Windows windows = new Windows(
                counted.first().msUntil(counted.begin()),
                counted.begin().msUntil(counted.end()),
                counted.end().msUntil(last));
        return counted.draft()
                .receipt(
                        Optional.of(windows),
                        FrameCounts.between(counted.first(), counted.begin(), counted.end(), last));
    }

    private SwapReceipt sign(SwapReceipt plain) {
        SwapReceipt receipt = plain.signed(signature(plain));
        put(receipt);
        return receipt;
    }

    /** Who signs may be exchanged just now; what was done, or refused, is told all the same. */
    private Optional<String> signature(SwapReceipt plain) {
        Statements signer = statements.get();
        if (signer == null) {
            return Optional.empty();
        }
        try {
            return signer.sign(TYPE, ReceiptBook.statement(plain));
        } catch (RuntimeException | LinkageError failed) {
            LOG.error(
                    "The receipt {} of {} {} cannot be signed; the next start signs it",
                    plain.id(),
                    plain.operation(),
                    plain.plugin(),
                    failed);
            return Optional.empty();
        }
    }

    /** What was done is done: a receipt that cannot be written is a loss, not a reason to fail. */
    private void put(SwapReceipt receipt) {
        try {
            book.put(receipt);
            book.prune();
        } catch (IOException notWritten) {
            LOG.error(
                    "The receipt {} of {} {} cannot be written: look after the data folder",
                    receipt.id(),
                    receipt.operation(),
                    receipt.plugin(),
                    notWritten);
        }
    }

    /** Signs what waits, with the frames so far. */
    @Override
    public void close() {
        closing.countDown();
        // What is being written is written to its end: an interrupt would close the file under it.
        later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        later.shutdown();
        try {
            if (!later.awaitTermination(CLOSE_MS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.warn("A receipt is not written yet; the next start signs it");
            }
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
        }
        List<Counted> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
        }
        left.forEach(this::finish);
    }
}
