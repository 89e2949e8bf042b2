// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The rings of one stream from the oldest that somebody still needs to the one being written; most of the time there is
 * one. Another is added when the stream turns out larger than its ring (growth), or when a reader that must lose nothing
 * lags, as a recorder does whose disk stalls (stall). The writer asks for it between two access units and goes on in it
 * between two others; the memory is made on the hub's own thread meanwhile.
 *
 * <p>What the writer calls takes no lock and, but for the moment of a change, allocates nothing.
 */
final class RingChain {
    /** A reader that keeps is missed so long after it was closed: the time to replace a recorder. */
    static final long ABSENT_NS_MAX = TimeUnit.SECONDS.toNanos(30);

    // Of a ring, for a reader that lags: when memory is asked for, when it is used, when it was not needed after all.
    private static final int ASK_AT = Ring.FULL / 2;
    private static final int SWITCH_AT = Ring.FULL / 4 * 3;
    private static final int WITHDRAW_BELOW = Ring.FULL / 8;

    // Of a ring, for a reader that does not get on (at all: less behind is usual) with what it holds: so that the key
    // frame
    // before that is still there for a successor. A ring holds more than two GOPs.
    private static final int HELD_UP_AT = Ring.FULL / 8;
    private static final int ASK_FOR_GROUP_AT = Ring.FULL / 4 * 3;
    private static final int SWITCH_FOR_GROUP_AT = Ring.FULL / 16 * 15;

    /** Of a ring, for what a reader that waits asked to be kept; planned is less, see {@link Appetite#plannedSeconds}. */
    private static final int KEPT_MAX = Ring.FULL / 5 * 4;

    private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(2);

    /** A ring made ready; {@code growth}: to be used at once, otherwise when the present one is nearly full. */
    record Offer(Ring ring, boolean growth) {}

    private final Stream stream;
    private final Provision provision;
    private final AtomicReference<Offer> offer = new AtomicReference<>();
    private final AtomicBoolean tidying = new AtomicBoolean();
    private volatile Ring newest;
    private volatile RingReader[] keepers = {};
    private volatile boolean asked;
    private volatile long askAgainNs;

    // Guarded by this.
    private Ring oldest;
    private int ids;

    RingChain(Stream stream, Provision provision) {
        this.stream = stream;
        this.provision = provision;
        askAgainNs = provision.nanoTime();
    }

    Ring newest() {
        return newest;
    }

    synchronized int nextId() {
        return ++ids;
    }

    // ---- lease's holder ------------------------------------------------------------------------------------------

    /** {@return the ring for the next access unit} */
    Ring forNextUnit() {
        Ring now = newest;
        Offer ready = offer.get();
        if (ready == null || !ready.growth() && !isNearlyFull(now) || !offer.compareAndSet(ready, null)) {
            return now;
        }
        Ring next = ready.ring();
        next.continueFrom(now.nextSequence());
        next.startRun(now.openRun());
        now.end(next);
        newest = next;
        asked = false;
        provision.tidyLater(stream);
        return next;
    }

    /** Something was written, or refused. {@code growing}: a good moment to look whether the ring is large enough. */
    void written(boolean growing) {
        Ring now = newest;
        boolean grow = growing && stream.appetite().exceeds(now, keptSeconds());
        boolean stall = !grow && keepers.length > 0 && (unread(now) > ASK_AT || group(now) > ASK_FOR_GROUP_AT);
        if (asked) {
            Offer ready = offer.get();
            if (!stall && !grow && ready != null && !ready.growth() && unread(now) < WITHDRAW_BELOW) {
                provision.tidyLater(stream);
            }
        } else if ((grow || stall) && provision.nanoTime() - askAgainNs >= 0) {
            asked = true;
            provision.ask(stream);
        }
    }

    /** {@return bytes that may come before another ring is needed, or what somebody who keeps has not read is overwritten} */
    int room() {
        if (keepers.length == 0 || offer.get() != null) {
            return Integer.MAX_VALUE;
        }
        Ring now = newest;
        if (now == null) {
            return Integer.MAX_VALUE;
        }
        int most = 0;
        for (RingReader keeper : keepers) {
            // One that keeps its distance does not read on because somebody waits.
            if (keeper.keptSeconds() == 0 && isMissed(keeper)) {
                most = Math.max(most, now.fullFrom(keeper.ring() == now ? keeper.position() : 0));
            }
        }
        long left = (long) (SWITCH_AT - most) * now.bytes() / Ring.FULL;
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, left));
    }

    /** {@return how much of the newest ring, in 1/{@link Ring#FULL}, somebody who keeps has not read, but should have} */
    private int unread(Ring now) {
        int most = 0;
        for (RingReader keeper : keepers) {
            if (isMissed(keeper)) {
                int full = now.fullFrom(keeper.ring() == now ? keeper.position() : 0);
                most = Math.max(most, keeper.keptSeconds() == 0 ? full : late(full, keeper.keptSeconds(), now));
            }
        }
        return most;
    }

    private boolean isNearlyFull(Ring now) {
        return unread(now) >= SWITCH_AT || group(now) >= SWITCH_FOR_GROUP_AT;
    }

    /**
     * {@return how much of the newest ring, in 1/{@link Ring#FULL}, was written since the key frame with which a successor
     * would begin, of a reader that is held up}
     */
    private int group(Ring now) {
        int most = 0;
        for (RingReader keeper : keepers) {
            long key = keeper.keptSeconds() == 0 && isMissed(keeper) ? keeper.groupIn(now) : Ring.NO_ENTRY;
            if (key != Ring.NO_ENTRY && keeper.ring() == now && now.fullFrom(keeper.position()) > HELD_UP_AT) {
                most = Math.max(most, now.fullFrom(key));
            }
        }
        return most;
    }

    /** A reader that waits at a distance lags only by what is beyond it, and only the rest of the ring is left for that. */
    private int late(int full, int keptSeconds, Ring now) {
        int kept =
                (int) Math.min(KEPT_MAX, stream.appetite().bytesOf(keptSeconds) * Ring.FULL / Math.max(1, now.bytes()));
        return Math.max(0, full - kept) * Ring.FULL / (Ring.FULL - kept);
    }

    /** {@return seconds of the stream that readers asked to be kept; 0 for the usual} */
    int keptSeconds() {
        int most = 0;
        for (RingReader keeper : keepers) {
            if (isMissed(keeper)) {
                most = Math.max(most, keeper.keptSeconds());
            }
        }
        return most;
    }

    private boolean isMissed(RingReader keeper) {
        return keeper.isOpen() || keeper.ring() != null && provision.nanoTime() - keeper.closedNs() < ABSENT_NS_MAX;
    }

    /** {@return whether a reader that keeps is here, or may come back in a moment} */
    boolean isKept() {
        for (RingReader keeper : keepers) {
            if (isMissed(keeper)) {
                return true;
            }
        }
        return false;
    }

    /** A new lease goes on in this ring; its runs are its own. */
    synchronized void goOnIn(Ring next) {
        withdraw();
        if (newest == null) {
            oldest = next;
        } else {
            newest.end(next);
        }
        newest = next;
    }

    // ---- control -------------------------------------------------------------------------------------------------

    /** The hub's thread answers what {@link #written} asked for. */
    synchronized void offer(Offer ready) {
        if (newest == null || stream.removed()) {
            provision.give(ready.ring());
            asked = false;
        } else {
            // A lease that changed meanwhile has asked again.
            Offer unused = offer.getAndSet(ready);
            if (unused != null) {
                provision.give(unused.ring());
            }
        }
    }

    /** There is no memory for now. */
    void refuse() {
        askAgainNs = provision.nanoTime() + ASK_AGAIN_NS;
        asked = false;
    }

    boolean wantsTidying() {
        return tidying.compareAndSet(false, true);
    }

    /** Gives back what nobody needs. */
    synchronized void tidy() {
        tidying.set(false);
        release(false);
        Offer ready = offer.get();
        Ring now = newest;
        if (now != null && ready != null && !ready.growth() && unread(now) < WITHDRAW_BELOW) {
            withdraw();
        }
    }

    /** Memory is short: gives back what only readers need that may miss something. */
    synchronized void reclaim() {
        release(true);
    }

    private void release(boolean keepersOnly) {
        while (oldest != null && oldest != newest && !isNeeded(oldest, keepersOnly)) {
            Ring gone = oldest;
            oldest = gone.successor();
            gone.retire();
            provision.give(gone);
        }
    }

    private boolean isNeeded(Ring ring, boolean keepersOnly) {
        for (RingReader keeper : keepers) {
            if (isMissed(keeper) && keeper.needs(ring)) {
                return true;
            }
        }
        if (!keepersOnly) {
            for (RingReader reader : stream.readers()) {
                if (reader.needs(ring)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void withdraw() {
        Offer unused = offer.getAndSet(null);
        if (unused != null) {
            provision.give(unused.ring());
        }
        asked = false;
    }

    /** The stream has no writer and no reader, and waits for none. */
    synchronized void free() {
        withdraw();
        while (oldest != null) {
            Ring gone = oldest;
            oldest = gone.successor();
            gone.retire();
            provision.give(gone);
        }
        newest = null;
        keepers = new RingReader[0];
    }

    /** The stream is removed. Its readers may read on to the end, so its memory serves no other ring. */
    synchronized void forget() {
        withdraw();
        for (Ring ring = oldest; ring != null; ring = ring.successor()) {
            provision.abandon(ring);
        }
        oldest = null;
        newest = null;
    }

    // ---- readers -------------------------------------------------------------------------------------------------

    synchronized List<Ring> rings() {
        List<Ring> all = new ArrayList<>();
        for (Ring ring = oldest; ring != null; ring = ring.successor()) {
            all.add(ring);
        }
        return all;
    }

    synchronized long bytes() {
        long sum = 0;
        for (Ring ring = oldest; ring != null; ring = ring.successor()) {
            sum += ring.bytes();
        }
        Offer ready = offer.get();
        return ready == null ? sum : sum + ready.ring().bytes();
    }

    /** From now on what this reader has not read is kept, while there is memory; an earlier one of its name is forgotten. */
    synchronized void keepFor(RingReader reader) {
        List<RingReader> all = new ArrayList<>();
        for (RingReader each : keepers) {
            if (each.isOpen() && each != reader
                    || isMissed(each) && !each.name().equals(reader.name())) {
                all.add(each);
            }
        }
        all.add(reader);
        keepers = all.toArray(RingReader[]::new);
    }

    /** A reader is closed; one that keeps is missed for a while. */
    synchronized void left(RingReader reader) {
        List<RingReader> all = new ArrayList<>();
        for (RingReader each : keepers) {
            if (isMissed(each)) {
                all.add(each);
            }
        }
        keepers = all.toArray(RingReader[]::new);
    }
}
