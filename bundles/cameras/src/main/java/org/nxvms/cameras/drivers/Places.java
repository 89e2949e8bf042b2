// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * How many conversations with devices go on at the same time: so many in all, and of one driver so few that it leaves room for
 * others. One that does not return although it was told to gives its place up and is counted against its driver alone, which
 * is asked nothing more once there are too many: a driver that hangs keeps threads from nobody but itself. Any thread; never
 * waits; holds no driver.
 */
public final class Places {
    /**
     * @param busyMax conversations in all
     * @param busyOfOneMax of one driver
     * @param hungOfOneMax of one driver that do not return
     */
    public record Bounds(int busyMax, int busyOfOneMax, int hungOfOneMax) {}

    /**
     * A driver that does not return.
     *
     * @param driver id and version
     * @param calls how many
     * @param cameras about which
     */
    public record Hanging(String driver, int calls, List<UUID> cameras) {}

    /** What a driver has to do. */
    private static final class Load {
        private final String label;
        private int busy;
        private final List<Place> hung = new ArrayList<>();

        Load(String label) {
            this.label = label;
        }
    }

    private final Bounds bounds;
    private final LongSupplier clockMs;
    /** By the driver's registration. */
    private final Map<Long, Load> loads = new HashMap<>();

    private int busy;

    /** @param clockMs monotonic */
    public Places(Bounds bounds, LongSupplier clockMs) {
        this.bounds = bounds;
        this.clockMs = clockMs;
    }

    /** {@return a place for a conversation; empty when there is none now} */
    public synchronized Optional<Place> take(ShelvedDriver driver, UUID camera) {
        Load load = loads.get(driver.serviceId());
        boolean full =
                load != null && (load.busy >= bounds.busyOfOneMax() || load.hung.size() >= bounds.hungOfOneMax());
        if (full || busy >= bounds.busyMax()) {
            return Optional.empty();
        }
        busy++;
        loads.computeIfAbsent(driver.serviceId(), id -> new Load(driver.label())).busy++;
        return Optional.of(new Place(driver.serviceId(), camera));
    }

    /** {@return whether a driver hangs so often that it is asked nothing more} */
    public synchronized boolean isShut(ShelvedDriver driver) {
        Load load = loads.get(driver.serviceId());
        return load != null && load.hung.size() >= bounds.hungOfOneMax();
    }

    /**
     * {@return the drivers that do not return}
     *
     * @param forMs only calls that are overdue for so long: most return soon when they are interrupted
     */
    public synchronized List<Hanging> hanging(long forMs) {
        List<Hanging> hanging = new ArrayList<>();
        long since = clockMs.getAsLong() - forMs;
        for (Load load : loads.values()) {
            List<Place> late =
                    load.hung.stream().filter(place -> place.hungMs <= since).toList();
            if (!late.isEmpty()) {
                TreeSet<UUID> cameras = new TreeSet<>();
                late.forEach(place -> cameras.add(place.camera));
                hanging.add(new Hanging(load.label, late.size(), List.copyOf(cameras)));
            }
        }
        return hanging;
    }

    /** One conversation. */
    public final class Place {
        private final long driver;
        private final UUID camera;
        private boolean overdue;
        private boolean free;
        private long hungMs;

        private Place(long driver, UUID camera) {
            this.driver = driver;
            this.camera = camera;
        }

        /** It was told to end and may not: others may use the place. Nothing happens when it has ended. */
        public void overdue() {
            synchronized (Places.this) {
                if (!overdue && !free) {
                    overdue = true;
                    hungMs = clockMs.getAsLong();
                    busy--;
                    Load load = loads.get(driver);
                    load.busy--;
                    load.hung.add(this);
                }
            }
        }

        /** It has ended. Idempotent. */
        public void free() {
            synchronized (Places.this) {
                if (free) {
                    return;
                }
                free = true;
                Load load = loads.get(driver);
                if (overdue) {
                    load.hung.remove(this);
                } else {
                    busy--;
                    load.busy--;
                }
                if (load.busy == 0 && load.hung.isEmpty()) {
                    loads.remove(driver);
                }
            }
        }
    }
}
