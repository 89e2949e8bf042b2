// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that moves pictures to WebRTC players: woken by what a watched stream brings, or a player says, it takes what is new
 * from each stream and sends it to each viewer. Sleeps while nobody watches. What goes wrong with one viewer or
 * one stream ends that one, not the others. {@link #admit}, {@link #hasRoomFor} and {@link #close} are for any thread.
 */
final class Pump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

    private static final long HOUSEKEEPING_MS = 250;
    /** How often it is asked whether cameras are still there. */
    private static final long CAMERAS_MS = 2_000;

    private static final long IDLE_NS = 1_000_000_000L;
    private static final long STOP_MS_MAX = 2_000;
    private static final int FIRST_SEQUENCE_MAX = 0x8000;
    /** A stream's packets find at least this much room. */
    private static final long STREAM_BYTES_MIN = 1 << 20;

    /** How much may be watched. */
    record Limits(int viewersMax, int perUserMax, long streamBytesMax, long totalBytesMax, int tickMs) {}

    private final Services services;
    private final Viewers registry;
    private final Limits limits;
    private final LongSupplier nowMs;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentLinkedQueue<Viewer> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<StreamId, Feed> feeds = new ConcurrentHashMap<>();
    private final List<Viewer> viewers = new ArrayList<>();
    private final PumpRest rest = new PumpRest();
    private final Burst burst = new Burst();

    private volatile boolean stopped;
    private volatile Thread thread;
    private StreamHub hubInUse;
    private long housekeptMs = Long.MIN_VALUE;
    private long camerasAskedMs = Long.MIN_VALUE;

    /** @param nowMs a clock for intervals */
    Pump(Services services, Viewers registry, Limits limits, LongSupplier nowMs) {
        this.services = services;
        this.registry = registry;
        this.limits = limits;
        this.nowMs = nowMs;
    }

    void start() {
        Thread pump = new Thread(this::run, "nxvms-webrtc-pump");
        pump.setDaemon(true);
        thread = pump;
        pump.start();
    }

    /** {@return whether memory allows that a stream is watched} Several that ask at once may all be told yes. */
    boolean hasRoomFor(StreamId stream) {
        return feeds.containsKey(stream) || feeds.size() < Math.max(1, limits.totalBytesMax() / STREAM_BYTES_MIN);
    }

    /** Takes on a viewer, whose place was reserved. */
    void admit(Viewer viewer) {
        arrivals.add(viewer);
        rest.end();
        if (stopped) {
            viewer.end("the server stops");
        }
    }

    private void run() {
        while (!stopped) {
            try {
                tick();
            } catch (RuntimeException e) {
                LOG.error("Live viewing by WebRTC stumbled; its viewers have to come again", e);
                dismissAll("live viewing failed");
            }
            rest.until(pauseNs(), tickNs());
        }
        dismissAll("the server stops");
    }

    /**
     * {@return until when nothing is to be done, unless a stream brings something, or somebody comes or says something} The pump's
     * thread, or a test's.
     */
    long pauseNs() {
        if (viewers.isEmpty() && feeds.isEmpty()) {
            return IDLE_NS;
        }
        for (Viewer viewer : viewers) {
            if (viewer.behind()) {
                return tickNs();
            }
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
        long now = nowMs.getAsLong();
        for (Viewer viewer = arrivals.poll(); viewer != null; viewer = arrivals.poll()) {
            viewer.begin(join(viewer.terms().stream(), now), rest, burst, random.nextInt(FIRST_SEQUENCE_MAX));
            viewers.add(viewer);
        }
        StreamHub current = services.hub().get();
        if (current != hubInUse) {
            feeds.values().forEach(Feed::close);
            hubInUse = current;
        }
        if (current != null) {
            long bytesMax = Math.max(
                    STREAM_BYTES_MIN,
                    Math.min(limits.streamBytesMax(), limits.totalBytesMax() / Math.max(1, feeds.size())));
            for (Feed feed : feeds.values()) {
                take(feed, current, bytesMax);
            }
        }
        for (Viewer viewer : viewers) {
            advance(viewer, now);
        }
        if (housekeptMs == Long.MIN_VALUE || now - housekeptMs >= HOUSEKEEPING_MS) {
            housekeptMs = now;
            keepHouse(now);
        }
    }

    private static void take(Feed feed, StreamHub hub, long bytesMax) {
        try {
            feed.take(hub, bytesMax);
        } catch (RuntimeException e) {
            LOG.error("WebRTC cannot pass on the pictures of {}; who watches them has to come again", feed.stream(), e);
            feed.breakOff(Refusal.STUMBLED);
        }
    }

    private static void advance(Viewer viewer, long now) {
        try {
            viewer.advance(now);
        } catch (RuntimeException e) {
            stumbled(viewer, e);
        }
    }

    private static void stumbled(Viewer viewer, RuntimeException e) {
        // Once a viewer: it ends.
        LOG.error("A WebRTC viewer of {} has to come again", viewer.terms().stream(), e);
        viewer.end(Refusal.STUMBLED.detail());
    }

    private Feed join(StreamId stream, long now) {
        Feed feed = feeds.computeIfAbsent(stream, id -> new Feed(id, rest.bell(), now));
        feed.join();
        return feed;
    }

    private void keepHouse(long now) {
        boolean askCameras = camerasAskedMs == Long.MIN_VALUE || now - camerasAskedMs >= CAMERAS_MS;
        if (askCameras) {
            camerasAskedMs = now;
        }
        Iterator<Viewer> each = viewers.iterator();
        while (each.hasNext()) {
            Viewer viewer = each.next();
            check(viewer, askCameras);
            if (!viewer.ended().isEmpty()) {
                each.remove();
                dismiss(viewer, now);
            }
        }
        feeds.values().removeIf(feed -> {
            boolean unused = feed.isForgotten(now);
            if (unused) {
                feed.close();
            }
            return unused;
        });
    }

    private void check(Viewer viewer, boolean askCameras) {
        try {
            viewer.access().check();
            if (askCameras && isRemoved(viewer)) {
                viewer.end("the camera was removed");
            }
        } catch (AccessDeniedException e) {
            viewer.end(e.getMessage());
        } catch (RuntimeException e) {
            stumbled(viewer, e);
        }
    }

    /** Who may watch all cameras of a site may watch one that is not known, too: so the registry is asked as well. */
    private boolean isRemoved(Viewer viewer) {
        CameraRegistry cameras = services.cameras().get();
        try {
            return cameras != null
                    && cameras.find(viewer.terms().stream().cameraId()).isEmpty();
        } catch (StoreException e) {
            LOG.debug("The registry has not read its cameras yet", e);
            return false;
        }
    }

    private void dismiss(Viewer viewer, long now) {
        registry.remove(viewer);
        registry.release(viewer.terms().userId());
        try {
            viewer.leave(now);
        } catch (RuntimeException e) {
            LOG.warn("A WebRTC viewer of {} could not be told that it ends", viewer.terms().stream(), e);
        }
        viewer.paths().forEach(Path::close);
        LOG.debug("A viewer of {} left: {}", viewer.terms().stream(), viewer.ended());
    }

    private void dismissAll(String reason) {
        long now = nowMs.getAsLong();
        for (Viewer viewer = arrivals.poll(); viewer != null; viewer = arrivals.poll()) {
            viewer.begin(join(viewer.terms().stream(), now), rest, burst, 0);
            viewers.add(viewer);
        }
        for (Viewer viewer : viewers) {
            viewer.end(reason);
            dismiss(viewer, now);
        }
        viewers.clear();
        feeds.values().forEach(Feed::close);
        feeds.clear();
    }

    /** Ends all viewers and the thread. Waits for it, but not for ever. Idempotent. */
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
