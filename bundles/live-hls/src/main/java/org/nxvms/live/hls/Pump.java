// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that cuts live streams: at each tick it takes what is new from every watched one and looks which requests can be
 * answered. Sleeps while nobody watches.
 *
 * <p>{@link #watch}, {@link #find}, {@link #await} and {@link #close} are for any thread, the rest is the pump's own. While the hub
 * is away, players wait.
 */
final class Pump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    /** A stream that begins must find this much; it is two groups of a usual camera's pictures. */
    static final long BEGIN_BYTES = 2 << 20;

    private static final long IDLE_NS = 1_000_000_000L;
    private static final long STOP_MS_MAX = 2_000;

    /**
     * How streams are cut and how much may be watched.
     *
     * @param lingerMs a stream that nobody asks for is cut so long
     */
    record Limits(
            Feed.Shape shape, long totalBytesMax, int waitingMax, int waitingPerUserMax, long lingerMs, int tickMs) {}

    private final Supplier<StreamHub> hubs;
    private final LongSupplier nowMs;
    private final LongSupplier wallMs;
    private final Map<Feed.Key, Feed> feeds = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Waiting> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private volatile Limits limits;
    private volatile boolean stopped;
    private volatile Thread thread;
    private volatile long heldBytes;
    private int placesTaken;
    private StreamHub hubInUse;

    /**
     * @param hubs answers null while the hub is away
     * @param nowMs a clock for intervals
     * @param wallMs since 1970
     */
    Pump(Supplier<StreamHub> hubs, Limits limits, LongSupplier nowMs, LongSupplier wallMs) {
        this.hubs = hubs;
        this.limits = limits;
        this.nowMs = nowMs;
        this.wallMs = wallMs;
    }

    void start() {
        Thread pump = new Thread(this::run, "nxvms-hls-pump");
        pump.setDaemon(true);
        thread = pump;
        pump.start();
    }

    /** Streams that are watched go on as they were cut. */
    void limit(Limits newLimits) {
        limits = newLimits;
    }

    long nowMs() {
        return nowMs.getAsLong();
    }

    /** {@return the stream, watched from now on if it was not; empty when there is no memory for one more} */
    Optional<Feed> watch(Feed.Key key) {
        long now = nowMs();
        Feed feed = feeds.get(key);
        if (feed == null) {
            if (stopped || heldBytes + BEGIN_BYTES > limits.totalBytesMax()) {
                return Optional.empty();
            }
            // A second lasts longer than a segment does at least, so numbers never come again.
            feed = feeds.computeIfAbsent(
                    key, unknown -> new Feed(unknown, limits.shape(), now, wallMs.getAsLong() / 1_000));
        }
        feed.touch(now);
        LockSupport.unpark(thread);
        return Optional.of(feed);
    }

    /** {@return the stream if it is watched} */
    Optional<Feed> find(Feed.Key key) {
        Optional<Feed> feed = Optional.ofNullable(feeds.get(key));
        feed.ifPresent(watched -> watched.touch(nowMs()));
        return feed;
    }

    /** Takes a request on; {@return false when too many wait} */
    boolean await(Waiting request) {
        Limits now = limits;
        synchronized (perUser) {
            int own = perUser.getOrDefault(request.userId(), 0);
            if (stopped || placesTaken >= now.waitingMax() || own >= now.waitingPerUserMax()) {
                return false;
            }
            placesTaken++;
            perUser.put(request.userId(), own + 1);
        }
        arrivals.add(request);
        LockSupport.unpark(thread);
        if (stopped) {
            request.stop();
        }
        return true;
    }

    private void release(UUID userId) {
        synchronized (perUser) {
            placesTaken--;
            perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
        }
    }

    /** {@return requests that wait} */
    int waiting() {
        synchronized (perUser) {
            return placesTaken;
        }
    }

    /** {@return streams that are cut} */
    int watched() {
        return feeds.size();
    }

    private void run() {
        while (!stopped) {
            try {
                tick();
            } catch (RuntimeException e) {
                LOG.error("Live streams stumbled; all of them begin anew", e);
                dismissAll();
            }
            LockSupport.parkNanos(
                    feeds.isEmpty() && waiting.isEmpty() && arrivals.isEmpty()
                            ? IDLE_NS
                            : limits.tickMs() * 1_000_000L);
        }
        dismissAll();
    }

    /** One round. The pump's thread, or a test's. */
    void tick() {
        long now = nowMs();
        StreamHub hub = hubs.get();
        if (hub != hubInUse) {
            feeds.values().forEach(Feed::close);
            hubInUse = hub;
        }
        if (hub != null) {
            for (Feed feed : feeds.values()) {
                feed.take(hub, now);
                makeRoom();
            }
        }
        for (Waiting request = arrivals.poll(); request != null; request = arrivals.poll()) {
            waiting.add(request);
        }
        waiting.removeIf(request -> {
            request.feed().touch(now);
            if (!request.isOver()) {
                request.look(now);
            }
            boolean over = request.isOver();
            if (over) {
                release(request.userId());
            }
            return over;
        });
        feeds.values().removeIf(feed -> {
            boolean unused = feed.unusedFor(limits.lingerMs(), now);
            if (unused) {
                feed.close();
            }
            return unused;
        });
        heldBytes = sum(feeds.values());
    }

    private static long sum(Collection<Feed> feeds) {
        long bytes = 0;
        for (Feed feed : feeds) {
            bytes += feed.bytes();
        }
        return bytes;
    }

    /** The stream that holds most gives up its oldest segment, until all together keep the bound. */
    private void makeRoom() {
        while (sum(feeds.values()) > limits.totalBytesMax()) {
            Feed largest = null;
            for (Feed feed : feeds.values()) {
                if (largest == null || feed.bytes() > largest.bytes()) {
                    largest = feed;
                }
            }
            if (largest == null || !largest.giveUp()) {
                return;
            }
        }
    }

    private void dismissAll() {
        for (Waiting request = arrivals.poll(); request != null; request = arrivals.poll()) {
            waiting.add(request);
        }
        waiting.forEach(request -> {
            request.stop();
            release(request.userId());
        });
        waiting.clear();
        feeds.values().forEach(Feed::close);
        feeds.clear();
        heldBytes = 0;
    }

    /** Answers all that wait, and ends the thread. Waits for it, but not for ever. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        Thread pump = thread;
        if (pump != null) {
            LockSupport.unpark(pump);
            try {
                pump.join(STOP_MS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
