// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that moves live pictures: woken by what a watched stream brings, it takes what is new from each of them and
 * hands each viewer what its socket can take. Sleeps while nobody watches.
 *
 * <p>{@link #admit} and {@link #close} are for any thread, the rest is the pump's own. A service that is
 * away for a moment (hub, guard, registry being replaced) does not end viewers: pictures wait for the hub,
 * rights that cannot be checked are trusted for {@link #GUARD_ABSENT_MS_MAX}.
 */
final class LivePump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePump.class);

    static final String STUMBLED = "live viewing failed, try again";
    static final long CHECK_MS = 3_000;
    static final long PING_MS = 5_000;
    /** Nothing new for this long is told to viewers. */
    static final long WAITING_MS = 2_000;

    static final long GUARD_ABSENT_MS_MAX = 30_000;

    private static final long IDLE_NS = 1_000_000_000L;
    private static final long STOP_MS_MAX = 2_000;

    /** How much may be watched. */
    record Limits(int viewersMax, int perUserMax, long streamBytesMax, long totalBytesMax, int tickMs) {}

    /** What the pump asks, each answer null while the service is away. */
    record Services(
            Supplier<StreamHub> hub,
            Supplier<AccessGuard> guard,
            Supplier<CameraRegistry> cameras,
            Supplier<Renditions> renditions) {
        /** Without streams that are encoded anew. */
        Services(Supplier<StreamHub> hub, Supplier<AccessGuard> guard, Supplier<CameraRegistry> cameras) {
            this(hub, guard, cameras, () -> null);
        }
    }

    private final Services services;
    private final LongSupplier nowMs;
    private final ConcurrentLinkedQueue<Viewer> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private final Map<Feeds.Key, Feed> feeds = new HashMap<>();
    private final List<Viewer> viewers = new ArrayList<>();
    private final LiveMemory memory;
    private final WaitingCause waitingCause;
    private final PumpRest rest;

    private volatile Limits limits;
    private volatile boolean stopped;
    private volatile Thread thread;
    private int feedsMade;
    private int placesTaken;
    private StreamHub hubInUse;
    private long housekeptMs = Long.MIN_VALUE;

    /** @param nowMs a clock for intervals, in milliseconds */
    LivePump(Services services, Limits limits, LongSupplier nowMs) {
        this(services, limits, nowMs, new PumpRest());
    }

    LivePump(Services services, Limits limits, LongSupplier nowMs, PumpRest rest) {
        this.rest = rest;
        this.services = services;
        this.waitingCause = new WaitingCause(services);
        this.limits = limits;
        this.memory = new LiveMemory(limits.totalBytesMax());
        this.nowMs = nowMs;
    }

    void start() {
        Thread pump = new Thread(this::run, "nxvms-live-ws");
        pump.setDaemon(true);
        thread = pump;
        pump.start();
    }

    /** {@return the pump's clock, for intervals} */
    long nowMs() {
        return nowMs.getAsLong();
    }

    void limit(Limits newLimits) {
        limits = newLimits;
    }

    /** {@return whether there is room for one more viewer; it is then taken, and given back by {@link #release}} */
    boolean reserve(UUID userId) {
        Limits now = limits;
        synchronized (perUser) {
            int own = perUser.getOrDefault(userId, 0);
            if (stopped || placesTaken >= now.viewersMax() || own >= now.perUserMax()) {
                return false;
            }
            placesTaken++;
            perUser.put(userId, own + 1);
            return true;
        }
    }

    void release(UUID userId) {
        synchronized (perUser) {
            placesTaken--;
            perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
        }
    }

    /** {@return viewers that hold a place} */
    int places() {
        synchronized (perUser) {
            return placesTaken;
        }
    }

    /** Takes on a viewer, whose place was reserved. Its socket is open. */
    void admit(Viewer viewer) {
        arrivals.add(viewer);
        rest.end();
        if (stopped) {
            viewer.outlet().close(CloseCode.SERVER_STOPS, "the server stops");
        }
    }

    private void run() {
        while (!stopped) {
            try {
                tick();
            } catch (RuntimeException e) {
                LOG.error("Live viewing stumbled; all viewers are told to come again", e);
                dismissAll(CloseCode.TRY_AGAIN, STUMBLED);
            }
            rest.until(pauseNs(), tickNs());
        }
        dismissAll(CloseCode.SERVER_STOPS, "the server stops");
    }

    /** {@return until when nothing is to be done, unless a stream brings something or somebody comes} The pump's thread, or a test's. */
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
        memory.limit(limits.totalBytesMax());
        for (Viewer viewer = arrivals.poll(); viewer != null; viewer = arrivals.poll()) {
            viewer.begun(now);
            viewers.add(viewer);
        }
        StreamHub hub = services.hub().get();
        if (hub != hubInUse) {
            feeds.values().forEach(Feed::close);
            hubInUse = hub;
        }
        if (hub != null) {
            feeds.values().removeIf(feed -> !take(feed, hub, now));
        }
        Feeds joining = (wanted, userId) -> join(wanted, userId, now);
        long windowBytes = memory.windowBytes(viewers.size());
        for (Viewer viewer : viewers) {
            advance(viewer, joining, windowBytes, now);
        }
        if (housekeptMs == Long.MIN_VALUE || now - housekeptMs >= 250) {
            housekeptMs = now;
            keepHouse(now);
        }
    }

    /** What goes wrong with one stream is nothing to the others. {@return whether it goes on} */
    private boolean take(Feed feed, StreamHub hub, long now) {
        try {
            feed.take(hub, now);
            return true;
        } catch (RuntimeException e) {
            LOG.error("Live viewing of {} stumbled; who watches it is told to come again", feed.stream(), e);
            feed.breakOff();
            memory.remove(feed.log());
            return false;
        }
    }

    private static void advance(Viewer viewer, Feeds feeds, long windowBytes, long now) {
        try {
            viewer.advance(feeds, windowBytes, now);
        } catch (RuntimeException e) {
            stumbled(viewer, e);
        }
    }

    private static void stumbled(Viewer viewer, RuntimeException e) {
        // Once a viewer: it ends.
        LOG.error("A viewer of camera {} is told to come again", viewer.cameraId(), e);
        viewer.outlet().close(CloseCode.TRY_AGAIN, STUMBLED);
    }

    private Optional<Feed> join(Feeds.Key wanted, UUID userId, long now) throws RenditionRefusedException {
        if (wanted.stream().rendition()) {
            Renditions renditions = services.renditions().get();
            if (renditions == null) {
                throw new RenditionRefusedException(
                        "what encodes streams anew is being replaced, try again in a second", 1);
            }
            renditions.open(wanted.stream(), userId);
        }
        Feed feed = feeds.get(wanted);
        if (feed == null) {
            if (!memory.hasRoomForAnother()) {
                return Optional.empty();
            }
            FragmentLog log = new FragmentLog(Feed.FRAGMENTS_MAX, limits.streamBytesMax(), memory);
            feed = new Feed(wanted, ++feedsMade, log, rest.bell(), now);
            feeds.put(wanted, feed);
            if (hubInUse != null) {
                feed.take(hubInUse, now);
            }
        }
        feed.join();
        return Optional.of(feed);
    }

    private void keepHouse(long now) {
        Iterator<Viewer> each = viewers.iterator();
        while (each.hasNext()) {
            Viewer viewer = each.next();
            if (viewer.outlet().isOpen()) {
                try {
                    attend(viewer, now);
                } catch (RuntimeException e) {
                    stumbled(viewer, e);
                }
            }
            if (!viewer.outlet().isOpen()) {
                each.remove();
                dismiss(viewer, now);
            }
        }
        feeds.values().removeIf(feed -> {
            boolean unused = feed.isForgotten(now);
            if (unused) {
                feed.close();
                memory.remove(feed.log());
            }
            return unused;
        });
    }

    private void dismiss(Viewer viewer, long now) {
        viewer.leave(now);
        release(viewer.userId());
        if (viewer.skippedTotal() > 0) {
            LOG.info(
                    "A viewer of camera {} left; {} access units were skipped for it because it was too slow",
                    viewer.cameraId(),
                    viewer.skippedTotal());
        }
    }

    private void attend(Viewer viewer, long now) {
        if (viewer.checkDue(CHECK_MS, now)) {
            check(viewer, now);
        }
        if (viewer.pingDue(PING_MS, now)) {
            viewer.outlet().ping();
        }
        Feed wanted = viewer.wanted();
        if (wanted != null) {
            if (now - wanted.lastAddedMs() >= WAITING_MS) {
                waitingCause.tell(viewer, wanted);
            } else {
                viewer.notWaiting();
            }
        }
    }

    private void check(Viewer viewer, long now) {
        if (KnownCameras.isNotConfigured(services.cameras().get(), viewer.cameraId())) {
            viewer.outlet().close(CloseCode.NO_SUCH_CAMERA, "the camera was removed");
            return;
        }
        AccessGuard guard = services.guard().get();
        if (guard == null) {
            if (viewer.guardAbsentMs(now) >= GUARD_ABSENT_MS_MAX) {
                viewer.outlet().close(CloseCode.TRY_AGAIN, "rights cannot be checked now, try again");
            }
            return;
        }
        viewer.guardPresent();
        try {
            AuthenticatedUser user = guard.reauthenticate(viewer.credentials());
            guard.require(user, Permission.VIEW_LIVE, Optional.of(viewer.cameraId()));
            if (viewer.hears() && !mayListen(guard, user, viewer.cameraId())) {
                viewer.outlet().close(CloseCode.TRY_AGAIN, "the sound is not for you any more, come again");
            }
        } catch (AccessDeniedException e) {
            viewer.outlet().close(CloseCode.of(e), CloseCode.reason(e));
        }
    }

    static boolean mayListen(AccessGuard guard, AuthenticatedUser user, UUID camera) {
        try {
            guard.require(user, Permission.LISTEN, Optional.of(camera));
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    private void dismissAll(int code, String reason) {
        long now = nowMs.getAsLong();
        for (Viewer viewer = arrivals.poll(); viewer != null; viewer = arrivals.poll()) {
            viewers.add(viewer);
        }
        for (Viewer viewer : viewers) {
            viewer.outlet().close(code, reason);
            dismiss(viewer, now);
        }
        viewers.clear();
        feeds.values().forEach(feed -> {
            feed.close();
            memory.remove(feed.log());
        });
        feeds.clear();
    }

    /** Ends all viewers with 1001 and the thread. Waits for it, but not for ever. Idempotent. */
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
