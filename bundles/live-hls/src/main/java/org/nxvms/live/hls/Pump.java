// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.live.PumpRest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that cuts live streams: woken by what a watched one brings, it takes what is new from each and looks which requests
 * can be answered. Sleeps while nobody watches.
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
    /** More streams than a server has. */
    private static final int ENDED_MAX = 10_000;
    /** A server does not start again within that. */
    private static final long RESTART_MS_MIN = 10_000;

    private static final long FIRST_PERIODS = 1_000;

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
    private final Places places = new Places();
    private final AtomicInteger awaited = new AtomicInteger();
    private final List<Waiting> waiting = new ArrayList<>();
    /** With which numbers streams go on that are not watched now. */
    private final Map<Feed.Key, SegmentLog.First> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Feed.Key, SegmentLog.First> eldest) {
            return size() > ENDED_MAX;
        }
    };

    private final long firstPeriod;
    private final Object opening = new Object();
    private final PumpRest rest;

    private volatile Limits limits;
    private volatile boolean stopped;
    private volatile Thread thread;
    /** What streams hold, and those that begin will. */
    private long promisedBytes;

    private StreamHub hubInUse;

    /**
     * @param hubs answers null while the hub is away
     * @param nowMs a clock for intervals
     * @param wallMs since 1970
     */
    Pump(Supplier<StreamHub> hubs, Limits limits, LongSupplier nowMs, LongSupplier wallMs) {
        this(hubs, limits, nowMs, wallMs, new PumpRest());
    }

    Pump(Supplier<StreamHub> hubs, Limits limits, LongSupplier nowMs, LongSupplier wallMs, PumpRest rest) {
        this.rest = rest;
        this.hubs = hubs;
        this.limits = limits;
        this.nowMs = nowMs;
        this.wallMs = wallMs;
        firstPeriod = wallMs.getAsLong() / RESTART_MS_MIN % FIRST_PERIODS;
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
        Optional<Feed> feed = Optional.ofNullable(feeds.get(key)).or(() -> open(key, now));
        feed.ifPresent(watched -> {
            watched.touch(now);
            rest.end();
        });
        return feed;
    }

    private Optional<Feed> open(Feed.Key key, long now) {
        synchronized (opening) {
            Feed feed = feeds.get(key);
            if (feed == null) {
                if (stopped || promisedBytes + BEGIN_BYTES > limits.totalBytesMax()) {
                    return Optional.empty();
                }
                promisedBytes += BEGIN_BYTES;
                feed = new Feed(key, limits.shape(), now, first(key), rest.bell());
                feeds.put(key, feed);
            }
            return Optional.of(feed);
        }
    }

    /**
     * Numbers that never come again: of segments, seconds of the clock, which mostly rise faster, and of periods, small ones.
     * Players walk through all numbers of periods below (hls.js at each reload), so the clock gives them only another beginning
     * at each start of the server.
     */
    private SegmentLog.First first(Feed.Key key) {
        long seconds = wallMs.getAsLong() / 1_000;
        SegmentLog.First next = ended.getOrDefault(key, new SegmentLog.First(seconds, firstPeriod));
        return new SegmentLog.First(Math.max(next.number(), seconds), next.period());
    }

    /** {@return the stream if it is watched} */
    Optional<Feed> find(Feed.Key key) {
        Optional<Feed> feed = Optional.ofNullable(feeds.get(key));
        feed.ifPresent(watched -> watched.touch(nowMs()));
        return feed;
    }

    /** {@return the stream if it is watched, which this does not prolong} */
    Optional<Feed> peek(Feed.Key key) {
        return Optional.ofNullable(feeds.get(key));
    }

    /** {@return a place for a request, empty when there is none} */
    Optional<Places.Place> place(UUID userId) {
        Limits now = limits;
        return places.take(userId, now.waitingMax(), now.waitingPerUserMax());
    }

    /** Takes a request on, which has a place. */
    void await(Waiting request) {
        awaited.incrementAndGet();
        arrivals.add(request);
        rest.end();
        if (stopped) {
            request.stop();
        }
    }

    /** {@return requests that wait} */
    int waiting() {
        return awaited.get();
    }

    /** {@return requests that have a place} */
    int placesTaken() {
        return places.taken();
    }

    /** {@return streams that are cut} */
    int watched() {
        return feeds.size();
    }

    private void run() {
        while (!stopped) {
            try {
                tick();
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("Live streams stumbled; all of them begin anew", e);
                dismissAll();
            }
            rest.until(pauseNs(), tickNs());
        }
        dismissAll();
    }

    /** {@return until when nothing is to be done, unless a stream brings something or somebody comes} The pump's thread, or a test's. */
    long pauseNs() {
        if (feeds.isEmpty() && waiting.isEmpty() && arrivals.isEmpty()) {
            return IDLE_NS;
        }
        for (Feed feed : feeds.values()) {
            if (!feed.rings()) {
                return tickNs();
            }
        }
        return rest.nsMax();
    }

    private long tickNs() {
        return limits.tickMs() * 1_000_000L;
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
                take(feed, hub, now);
            }
        }
        for (Waiting request = arrivals.poll(); request != null; request = arrivals.poll()) {
            waiting.add(request);
        }
        waiting.removeIf(request -> isDone(request, now));
        for (Feed feed : feeds.values()) {
            if (feed.isForgotten(limits.lingerMs(), now)) {
                end(feed);
            }
        }
        synchronized (opening) {
            promisedBytes = 0;
            for (Feed feed : feeds.values()) {
                promisedBytes += feed.timeline().isReady() ? feed.bytes() : Math.max(BEGIN_BYTES, feed.bytes());
            }
        }
    }

    /** What goes wrong with one stream is nothing to the others. */
    private void take(Feed feed, StreamHub hub, long now) {
        try {
            feed.take(hub, now);
            makeRoom();
        } catch (RuntimeException e) {
            LOG.error("The live stream {} stumbled and begins anew", feed.key(), e);
            end(feed);
        }
    }

    private boolean isDone(Waiting request, long now) {
        request.feed().touch(now);
        try {
            if (!request.isOver()) {
                request.look(now);
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "A request for the live stream {} is given up",
                    request.feed().key(),
                    e);
            request.stop();
        }
        if (request.isOver()) {
            awaited.decrementAndGet();
            return true;
        }
        return false;
    }

    private void end(Feed feed) {
        synchronized (opening) {
            feeds.remove(feed.key(), feed);
            ended.put(feed.key(), feed.next());
        }
        try {
            feed.end();
        } catch (RuntimeException e) {
            LOG.error("The live stream {} ended in disorder", feed.key(), e);
        }
    }

    private long heldBytes() {
        long bytes = 0;
        for (Feed feed : feeds.values()) {
            bytes += feed.bytes();
        }
        return bytes;
    }

    /** The stream that holds most gives up its oldest segment, until all together keep the bound. */
    private void makeRoom() {
        while (heldBytes() > limits.totalBytesMax()) {
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
        waiting.forEach(Waiting::stop);
        awaited.addAndGet(-waiting.size());
        waiting.clear();
        feeds.values().forEach(this::end);
        synchronized (opening) {
            promisedBytes = 0;
        }
    }

    /** Answers all that wait, and ends the thread. Waits for it, but not for ever. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        Thread pump = thread;
        if (pump != null) {
            rest.end();
            try {
                pump.join(STOP_MS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
