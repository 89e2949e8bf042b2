// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.plugins.runtime.FrameCounts.Sample;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;

/** Does operations, one at a time, each with its receipt and its event. */
final class Operations {
    /** Of another one that is over but for what is written and tidied, on a disk that is busy. */
    private static final long TURN_MS_MAX = 10_000;

    private final ReentrantLock turn;
    private final Inventory inventory;
    private final Swap swap;
    private final PluginStates states;
    private final Receipts receipts;
    private final PluginEvents events;

    Operations(
            ReentrantLock turn,
            Inventory inventory,
            Swap swap,
            PluginStates states,
            Receipts receipts,
            PluginEvents events) {
        this.turn = turn;
        this.inventory = inventory;
        this.swap = swap;
        this.states = states;
        this.receipts = receipts;
        this.events = events;
    }

    /**
     * What an operation is about.
     *
     * @param serves the version that serves when it is done; empty for none
     * @param again whether nothing but the framework is to change: the inventory wants just this already
     * @param work what is done to bundles and inventory
     */
    record Plan(Optional<PluginVersion> serves, boolean again, Work work) {}

    /** {@return what went wrong after it was done, empty when nothing did} With {@link Plan} in between, the receipt is open. */
    @FunctionalInterface
    interface Work {
        Optional<String> on(ReceiptDraft draft, Samples samples)
                throws PluginRefusedException, IOException, InterruptedException;
    }

    /** Frames were counted some time before, and right before anything was done. */
    record Samples(Sample first, Sample begin) {}

    /** What is to be done, found out with the turn. */
    @FunctionalInterface
    interface Planning {
        Plan plan() throws PluginRefusedException, IOException;
    }

    /** {@return a plan whose whole work is a new entry in the inventory} */
    Plan to(String name, Optional<Entry> after) {
        return new Plan(
                serving(after),
                after.equals(inventory.find(name)),
                (draft, samples) -> Optional.of(swap.to(name, after, draft)));
    }

    SwapReceipt perform(ReceiptDraft draft, Sample first, Planning planning)
            throws PluginRefusedException, IOException {
        requireTurn();
        try {
            states.tried(draft.plugin()).ifPresent(version -> {
                throw new IllegalStateException("Version " + version.version() + " of " + draft.plugin()
                        + " is on trial. Wait for its end, or give it up (nxvms:driver-rollout --give-up DRIVER)");
            });
            Plan plan = planning.plan();
            draft.concerns(serving(inventory.find(draft.plugin())), plan.serves());
            Samples samples = new Samples(first, receipts.begin(draft, first));
            try {
                plan.work().on(draft, samples).ifPresent(trouble -> draft.ends(Outcome.DONE, trouble));
            } catch (PluginRefusedException | IOException | RuntimeException refused) {
                String why = String.valueOf(refused.getMessage());
                draft.ends(Outcome.REFUSED, why);
                if (plan.again()) {
                    // It was to run before, too.
                    states.failed(draft.plugin(), why);
                }
                throw refused;
            } finally {
                if (draft.hasEnded()) {
                    over(draft, samples);
                }
            }
            return draft.receipt();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The server stops. What was begun is settled at its next start");
        } finally {
            leave();
        }
    }

    /** Ends what {@link #perform} left open. Waits for its turn as long as it takes. */
    void end(ReceiptDraft draft, Samples samples, Runnable work) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            work.run();
            over(draft, samples);
        } finally {
            leave();
        }
    }

    private void over(ReceiptDraft draft, Samples samples) {
        events.over(receipts.end(draft, samples.first(), samples.begin()));
    }

    /** Writes the receipt of what was refused before anything was begun. */
    void refused(ReceiptDraft draft, String why) {
        draft.ends(Outcome.REFUSED, why);
        events.over(receipts.refused(draft));
    }

    Sample count() {
        return receipts.count();
    }

    /** A step of another one, such as bringing a plugin up, is waited for. */
    private void requireTurn() {
        boolean got = false;
        try {
            got = turn.tryLock(TURN_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (!got) {
            throw new IllegalStateException("Another operation on plugins is running. Try again in some seconds");
        }
    }

    private void leave() {
        try {
            swap.tidy();
        } finally {
            turn.unlock();
        }
    }

    private static Optional<PluginVersion> serving(Optional<Entry> entry) {
        return entry.filter(Entry::enabled).map(Entry::current);
    }
}
