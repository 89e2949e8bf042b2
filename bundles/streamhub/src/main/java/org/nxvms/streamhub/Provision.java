// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.media.StreamId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes rings and says no: sizes them by what a stream sends, within the limits of one stream and of all. Works on the
 * hub's own thread, since memory that was never used costs its page faults; at most one request, one tidying and one look
 * for whether it is still needed wait for it for each stream.
 */
final class Provision {
    private static final Logger LOG = LoggerFactory.getLogger(Provision.class);
    private static final long COMPLAIN_NS = TimeUnit.MINUTES.toNanos(1);
    /** Less than this is not worth another ring. */
    private static final int EXTENSION_BYTES_MIN = 256 << 10;

    private static final int ROUND = 64 << 10;
    private static final long RING_BYTES_MAX = 1L << 30;

    private final RingMemory memory = new RingMemory();
    private final HubThread thread;
    private final Supplier<Collection<Stream>> streams;
    private final Map<StreamId, Long> complainedNs = new ConcurrentHashMap<>();
    private volatile HubLimits limits;

    Provision(HubLimits limits, HubThread thread, Supplier<Collection<Stream>> streams) {
        this.limits = limits;
        this.thread = thread;
        this.streams = streams;
    }

    void limit(HubLimits changed) {
        limits = changed;
    }

    /** Called by a writer: thinks about a larger ring soon. */
    void ask(Stream stream) {
        execute(() -> answer(stream));
    }

    void tidyLater(Stream stream) {
        if (stream.chain().wantsTidying()) {
            execute(stream.chain()::tidy);
        }
    }

    /** Has a task done when a recorder that has gone now is not waited for any more. */
    void afterAbsence(Runnable task) {
        try {
            thread.executeAfter(task, RingChain.ABSENT_NS_MAX);
        } catch (RejectedExecutionException hubIsClosed) {
            // Its memory has gone.
        }
    }

    long nanoTime() {
        return thread.nanoTime();
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException hubIsClosed) {
            // Nothing grows any more.
        }
    }

    /** A ring of at least so many bytes. */
    Ring make(Stream stream, long bytes, int unitBytesMax, int unitsMin) throws RingMemory.Refused {
        HubLimits now = limits;
        if (bytes > now.streamBytesMax()) {
            throw new RingMemory.Refused("one stream may have " + RingMemory.mebibytes(now.streamBytesMax())
                    + "; raise streamMaxMiB of org.nxvms.streamhub");
        }
        int size = (int) Math.min(RING_BYTES_MAX, bytes);
        try {
            return new Ring(
                    memory.take(size, now.totalBytesMax()),
                    unitBytesMax,
                    unitsMin,
                    stream.chain().nextId());
        } catch (RingMemory.Refused full) {
            streams.get().forEach(each -> each.chain().reclaim());
            return new Ring(
                    memory.take(size, now.totalBytesMax()),
                    unitBytesMax,
                    unitsMin,
                    stream.chain().nextId());
        }
    }

    void give(Ring ring) {
        memory.give(ring.block());
    }

    void abandon(Ring ring) {
        memory.abandon(ring.block());
    }

    private void answer(Stream stream) {
        Ring now = stream.ring();
        if (now == null || stream.removed()) {
            stream.chain().refuse();
            return;
        }
        int kept = stream.chain().keptSeconds();
        boolean growth = stream.appetite().exceeds(now, kept);
        try {
            Ring ring = growth ? larger(stream, now, kept) : extension(stream, now, kept);
            stream.chain().offer(new RingChain.Offer(ring, growth));
        } catch (RingMemory.Refused refused) {
            stream.chain().refuse();
            complain(stream, now, growth, refused.getMessage());
        }
    }

    /** In place of the newest ring. */
    private Ring larger(Stream stream, Ring now, int keptSeconds) throws RingMemory.Refused {
        Appetite appetite = stream.appetite();
        long others = stream.chain().bytes() - now.bytes();
        long bytesMax = limits.streamBytesMax() - others;
        long bytes = Math.min(bytesMax, rounded(Math.max(now.bytes(), appetite.ringBytes(keptSeconds))));
        int unitBytes =
                (int) Math.min(bytes / Appetite.UNITS_PER_RING, Math.max(now.unitBytesMax(), appetite.unitBytes()));
        if (bytes <= now.bytes() && unitBytes <= now.unitBytesMax()) {
            throw new RingMemory.Refused("the stream has all that one stream may have, "
                    + RingMemory.mebibytes(limits.streamBytesMax())
                    + "; lower the camera's bit rate"
                    + (keptSeconds > 0 ? " or its time before events (" + keptSeconds + " s with two GOPs)" : "")
                    + " or raise streamMaxMiB of org.nxvms.streamhub");
        }
        return make(stream, bytes, unitBytes, appetite.units(bytes, now));
    }

    /** Behind the newest ring, for a reader that lags. */
    private Ring extension(Stream stream, Ring now, int keptSeconds) throws RingMemory.Refused {
        HubLimits most = limits;
        long planned = Math.max(stream.appetite().ringBytes(0), (long) now.unitBytesMax() * Appetite.UNITS_PER_RING);
        int seconds = most.stallSecondsMax() + Appetite.plannedSeconds(keptSeconds);
        long measured = stream.appetite().bytesOf(seconds);
        // Before the first measurement what was reserved says how much a second is.
        long stall = measured > 0 ? measured : (long) now.bytes() / Appetite.PLANNED_SECONDS * seconds;
        long bytesMax = Math.min(most.streamBytesMax(), Math.max(stall, 2 * planned))
                - stream.chain().bytes();
        if (bytesMax < EXTENSION_BYTES_MIN) {
            throw new RingMemory.Refused(
                    "it holds the " + seconds
                            + " s that it may hold for a recorder; stallSecondsMax and streamMaxMiB of org.nxvms.streamhub limit it");
        }
        long bytes = Math.min(bytesMax, rounded(2 * planned));
        int unitBytes = (int) Math.min(now.unitBytesMax(), bytes / Appetite.UNITS_PER_RING);
        return make(stream, bytes, unitBytes, stream.appetite().units(bytes, now));
    }

    private static long rounded(long bytes) {
        return (bytes + ROUND - 1) / ROUND * ROUND;
    }

    private void complain(Stream stream, Ring now, boolean growth, String why) {
        long ns = nanoTime();
        Long last = complainedNs.get(stream.id());
        if (last != null && ns - last < COMPLAIN_NS) {
            return;
        }
        complainedNs.put(stream.id(), ns);
        LOG.warn(
                growth
                        ? "Stream {} is too large for its ring of {}, the oldest or largest pictures are lost first: {}"
                        : "The recorder of stream {} lags and the ring of {} cannot be extended, footage will be lost: {}",
                stream.id(),
                RingMemory.mebibytes(now.bytes()),
                why);
    }

    void forget(StreamId stream) {
        complainedNs.remove(stream);
    }
}
