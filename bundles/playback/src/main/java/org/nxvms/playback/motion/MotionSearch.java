// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.worker.LumaPictures;

/** A search while it goes on, camera after camera, from the beginning of its range. Any thread. */
public final class MotionSearch implements MotionJob {
    /** Footage whose segments are listed at once. */
    private static final long WINDOW_US = TimeUnit.HOURS.toMicros(6);
    /** Stretches of one camera; who finds more asks for something more special. */
    static final int FOUND_MAX = 2_000;
    /** Motion that pauses no longer is one stretch. */
    static final long JOIN_US = 3_000_000;

    /**
     * What is looked for.
     *
     * @param areas none: the whole picture
     * @param sensitivity 1..100
     */
    public record Order(List<UUID> cameras, long fromUs, long toUs, List<Area> areas, int sensitivity) {
        public Order {
            cameras = List.copyOf(cameras);
            areas = List.copyOf(areas);
        }
    }

    /** How a search fares. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    /**
     * Something moved.
     *
     * @param height 0..255, how much at most
     */
    public record Found(long fromUs, long toUs, int height) {}

    /**
     * What is known of a camera.
     *
     * @param throughUs up to where its footage was searched
     * @param found by their beginning
     * @param leftOut whether there are more
     * @param unreadable segments that could not be read
     * @param masked whether all that was to be searched lies below its mask
     * @param maskedAreas which areas of the order do, by their index
     */
    public record OfCamera(
            UUID camera,
            long throughUs,
            List<Found> found,
            boolean leftOut,
            int unreadable,
            boolean masked,
            List<Integer> maskedAreas) {}

    /**
     * What it has found so far.
     *
     * @param footageUs of all cameras
     * @param searchedUs of that
     * @param pictures decoded for it
     */
    public record Report(
            long revision,
            State state,
            Optional<String> detail,
            long footageUs,
            long searchedUs,
            long pictures,
            List<OfCamera> cameras) {}

    /** What is gathered of a camera. */
    private static final class Lane {
        private final UUID camera;
        /** Those of the areas that no mask hides. */
        private final Cells cells;

        private final double cellsMin;
        private final List<Integer> maskedAreas;
        private final List<Found> found = new ArrayList<>();
        private TimeSpans footage = new TimeSpans();
        private long throughUs;
        private boolean leftOut;
        private int unreadable;

        private Lane(UUID camera, Order order, Mask mask) {
            this.camera = camera;
            this.cells = Cells.of(order.areas(), mask);
            this.cellsMin = Sensitivity.cells(order.sensitivity(), cells);
            this.maskedAreas = IntStream.range(0, order.areas().size())
                    .filter(i -> mask.hides(order.areas().get(i)))
                    .boxed()
                    .toList();
            this.throughUs = order.fromUs();
        }

        private boolean isMasked() {
            return cells.count() == 0;
        }

        private long searchedUs() {
            TimeSpans searched = new TimeSpans();
            searched.addAll(footage, Long.MIN_VALUE, throughUs, 0);
            return searched.totalUs();
        }
    }

    private final UUID id = UUID.randomUUID();
    private final UUID user;
    private final Instant begun;
    private final Order order;
    private final List<Lane> lanes = new ArrayList<>();

    // The desk's thread only.
    private int lane;
    private long windowUs;
    private Deque<Segment> pieces = new ArrayDeque<>();
    private SegmentMotion known = SegmentMotion.UNKNOWN;
    private int judged;

    private State state = State.RUNNING;
    private String detail;
    private long revision = 1;
    private long pictures;
    private volatile long askedNs;

    MotionSearch(UUID user, Instant begun, Order order, Archive archive, Function<UUID, Mask> masks, long nowNs) {
        this.user = user;
        this.begun = begun;
        this.order = order;
        for (UUID camera : order.cameras()) {
            Lane fresh = new Lane(camera, order, masks.apply(camera));
            fresh.footage = Pieces.footage(archive, camera, order.fromUs(), order.toUs());
            lanes.add(fresh);
        }
        this.windowUs = order.fromUs();
        this.askedNs = nowNs;
    }

    public UUID id() {
        return id;
    }

    /** {@return who began it, and nobody else sees it} */
    public UUID user() {
        return user;
    }

    public Instant begun() {
        return begun;
    }

    public Order order() {
        return order;
    }

    void asked(long nowNs) {
        askedNs = nowNs;
    }

    long askedNs() {
        return askedNs;
    }

    @Override
    public synchronized boolean isOver() {
        return state != State.RUNNING;
    }

    @Override
    public void giveUp(String why) {
        end(State.FAILED, why);
    }

    void cancel() {
        end(State.CANCELLED, null);
    }

    /** The mask of one of its cameras was changed: what it has found, even if it is over, is of the one before. */
    synchronized void outdate() {
        state = State.FAILED;
        detail = "the motion mask of a searched camera was changed; search again";
        lanes.forEach(each -> {
            each.found.clear();
            each.leftOut = false;
        });
        changed();
    }

    private synchronized void end(State how, String why) {
        if (state == State.RUNNING) {
            state = how;
            detail = why;
            changed();
        }
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    /** Waits until something has changed since a revision, the search is over, or the time is. */
    public synchronized void await(long since, int timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long left = end - System.nanoTime();
        while (revision <= since && state == State.RUNNING && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
    }

    public synchronized Report report() {
        return new Report(
                revision,
                state,
                Optional.ofNullable(detail),
                lanes.stream().mapToLong(each -> each.footage.totalUs()).sum(),
                lanes.stream().mapToLong(Lane::searchedUs).sum(),
                pictures,
                lanes.stream()
                        .map(each -> new OfCamera(
                                each.camera,
                                each.throughUs,
                                List.copyOf(each.found),
                                each.leftOut,
                                each.unreadable,
                                each.isMasked(),
                                each.maskedAreas))
                        .toList());
    }

    @Override
    public void go(Archive archive, LumaPictures worker, MotionReader reader) throws DriverException {
        Segment next = next(archive);
        if (next == null) {
            end(State.DONE, null);
            return;
        }
        MotionReader.Further further = reader.further(archive, worker, next, known);
        known = further.motion();
        synchronized (this) {
            if (state != State.RUNNING) {
                return;
            }
            pictures += further.pictures();
            judge();
            if (!further.more()) {
                pieces.poll();
                lanes.get(lane).unreadable += reader.isUnreadable(next.id()) ? 1 : 0;
                through(Math.min(order.toUs(), next.endUs()));
                known = SegmentMotion.UNKNOWN;
                judged = 0;
            }
            changed();
        }
    }

    /** {@return the segment that is to be looked at, null when all were} */
    private Segment next(Archive archive) {
        while (pieces.isEmpty() && lane < lanes.size()) {
            // Of what is masked nothing can be found.
            if (windowUs >= order.toUs() || lanes.get(lane).isMasked()) {
                synchronized (this) {
                    through(order.toUs());
                    lane++;
                }
                windowUs = order.fromUs();
            } else {
                long from = windowUs;
                long to = Math.min(order.toUs(), from + WINDOW_US);
                windowUs = to;
                // A segment that reaches into the window was looked at with the one before.
                Pieces.of(archive, lanes.get(lane).camera, from, to).stream()
                        .filter(segment -> from == order.fromUs() || segment.startUs() >= from)
                        .forEach(pieces::add);
            }
        }
        return pieces.peek();
    }

    private void through(long us) {
        Lane now = lanes.get(lane);
        now.throughUs = Math.max(now.throughUs, us);
    }

    /** Looks at what came to be known. */
    private void judge() {
        Lane now = lanes.get(lane);
        judged = known.grids(judged, (fromUs, toUs, grids, offset) -> {
            if (toUs > order.fromUs() && fromUs < order.toUs()) {
                double changed = now.cells.changed(grids, offset);
                if (changed >= now.cellsMin) {
                    found(Math.max(fromUs, order.fromUs()), Math.min(toUs, order.toUs()), now.cells.height(changed));
                }
                through(Math.min(order.toUs(), toUs));
            }
        });
    }

    private void found(long fromUs, long toUs, int height) {
        Lane now = lanes.get(lane);
        int last = now.found.size() - 1;
        if (last >= 0 && fromUs - now.found.get(last).toUs() <= JOIN_US) {
            Found before = now.found.get(last);
            now.found.set(
                    last,
                    new Found(
                            Math.min(before.fromUs(), fromUs),
                            Math.max(before.toUs(), toUs),
                            Math.max(before.height(), height)));
        } else if (now.found.size() < FOUND_MAX) {
            now.found.add(new Found(fromUs, toUs, height));
        } else {
            now.leftOut = true;
        }
    }
}
