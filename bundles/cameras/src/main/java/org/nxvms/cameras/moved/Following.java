// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.cameras.book.KeptPassword;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for cameras that are away, by their drivers' searches, and takes the address at which one is found again. What a search
 * says is a hint only: the device at the new address has to prove that it is the camera ({@link Proof}). One thread calls
 * {@link #look}, which blocks; one that never returns from a driver stops nothing but this.
 */
public final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    /** A camera that is away for less is on its way back. */
    static final long AWAY_MS = 5_000;
    /** One search: it greets when it starts, and is asked for four times meanwhile. */
    static final int SEARCH_MS = 8_000;
    /** From one search to the next; a device that starts takes a minute or two. */
    private static final long[] PAUSES_MS = {3_000, 5_000, 10_000, 20_000, 30_000};
    /** Who is not the camera is not asked again for so long: neither is a login tried until it is locked. */
    private static final long REFUSED_MS = 120_000;

    private static final int REFUSED_MAX = 1_000;
    /** Devices that are asked in one search: who pretends to be cameras at a thousand addresses does not keep it busy. */
    private static final int PROOFS_MAX = 32;

    private static final int SIGHTINGS_MAX = 1_000;
    private static final long TAKE_MS = 100;

    /** A search under way; closing it ends it. */
    public interface Search extends AutoCloseable {
        boolean runs();

        @Override
        void close();
    }

    /** Begins searches. */
    @FunctionalInterface
    public interface Searches {
        /** @return empty when the driver cannot tell a device by its search, or nobody may search now */
        Optional<Search> begin(String driver, int timeMs, SearchFindings findings);
    }

    /** Where cameras are configured, and how they fare. */
    public record Fleet(
            Supplier<List<StoredCamera>> cameras,
            Function<UUID, Optional<CameraStatus>> status,
            KnownDevices known,
            Mover mover) {}

    /** Stores where a camera is now. */
    @FunctionalInterface
    public interface Mover {
        Camera move(UUID id, long version, URI address);
    }

    /** Is told what has been done. */
    public interface Notes {
        void moved(Camera before, Camera now);

        void refused(Camera camera, URI address, String why);
    }

    private record Sighting(FoundDevice device, String endpoint) {}

    private record Claim(UUID camera, URI address) {}

    private final Fleet fleet;
    private final Searches searches;
    private final Proof proof;
    private final Notes notes;
    private final LongSupplier nowMs;
    private final Map<UUID, Long> awaySince = new HashMap<>();
    private final Map<Claim, Long> refused = new LinkedHashMap<>();
    private Set<UUID> sought = Set.of();
    private int round;
    private int proofsLeft;
    private long nextMs;

    /** @param nowMs monotonic */
    public Following(Fleet fleet, Searches searches, Proof proof, Notes notes, LongSupplier nowMs) {
        this.fleet = fleet;
        this.searches = searches;
        this.proof = proof;
        this.notes = notes;
        this.nowMs = nowMs;
    }

    /** Searches, if there is somebody to be looked for and it is time. */
    public void look() throws InterruptedException {
        Map<UUID, StoredCamera> away;
        try {
            away = away();
        } catch (StoreException notRead) {
            return;
        }
        if (!away.keySet().equals(sought)) {
            boolean more = !sought.containsAll(away.keySet());
            sought = Set.copyOf(away.keySet());
            if (more) {
                round = 0;
                nextMs = nowMs.getAsLong();
            }
        }
        if (away.isEmpty() || nowMs.getAsLong() < nextMs) {
            return;
        }
        Set<String> drivers = new TreeSet<>();
        away.values().forEach(stored -> drivers.add(stored.camera().driver()));
        for (String driver : drivers) {
            search(driver, away);
        }
        nextMs = nowMs.getAsLong() + PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)];
        round++;
    }

    /** {@return the cameras that have been away for a while, and of which it is known who they are} */
    private Map<UUID, StoredCamera> away() {
        Map<UUID, StoredCamera> away = new HashMap<>();
        Set<UUID> still = new HashSet<>();
        long now = nowMs.getAsLong();
        for (StoredCamera stored : fleet.cameras().get()) {
            Camera camera = stored.camera();
            // Of a password it is known how to show it; of other secrets only drivers know.
            if (KeptPassword.isAll(camera)
                    && isAway(camera)
                    && fleet.known().of(camera).isPresent()) {
                still.add(camera.id());
                if (now - awaySince.computeIfAbsent(camera.id(), id -> now) >= AWAY_MS) {
                    away.put(camera.id(), stored);
                }
            }
        }
        awaySince.keySet().retainAll(still);
        return away;
    }

    /** One that refuses a login may be another device, which has got the camera's address. */
    private boolean isAway(Camera camera) {
        return camera.enabled()
                && fleet.status()
                        .apply(camera.id())
                        .map(CameraStatus::state)
                        .filter(state ->
                                state == CameraStatus.State.OFFLINE || state == CameraStatus.State.UNAUTHORIZED)
                        .isPresent();
    }

    private void search(String driver, Map<UUID, StoredCamera> away) throws InterruptedException {
        BlockingQueue<Sighting> sightings = new ArrayBlockingQueue<>(SIGHTINGS_MAX);
        Optional<Search> begun = searches.begin(driver, SEARCH_MS, new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                // More than a site has: what finds no place is told again in the next search.
                sightings.offer(new Sighting(device, endpoint));
            }

            @Override
            public void gone(String endpoint) {
                // It is away already.
            }
        });
        if (begun.isEmpty()) {
            return;
        }
        try (Search search = begun.get()) {
            boolean runs = true;
            proofsLeft = PROOFS_MAX;
            while (away.values().stream()
                    .anyMatch(stored -> stored.camera().driver().equals(driver))) {
                Sighting sighting = sightings.poll(TAKE_MS, TimeUnit.MILLISECONDS);
                if (sighting != null) {
                    consider(driver, sighting, away);
                } else if (!runs) {
                    return;
                } else {
                    // What was found before it ended is in the queue by then.
                    runs = search.runs();
                }
            }
        }
    }

    private void consider(String driver, Sighting sighting, Map<UUID, StoredCamera> away) throws InterruptedException {
        for (StoredCamera stored : List.copyOf(away.values())) {
            Camera camera = stored.camera();
            URI address = sighting.device().address();
            Optional<KnownDevice> known = fleet.known()
                    .of(camera)
                    .filter(device ->
                            device.driver().equals(driver) && device.maybe(sighting.device(), sighting.endpoint()));
            if (known.isEmpty() || !mayGo(camera, address) || isRefused(new Claim(camera.id(), address))) {
                continue;
            }
            if (--proofsLeft < 0) {
                return;
            }
            Proof.Finding finding = proof.finding(stored, known.get(), address);
            switch (finding.verdict()) {
                case PROVEN -> {
                    if (move(camera, known.get(), address)) {
                        away.remove(camera.id());
                        awaySince.remove(camera.id());
                    }
                }
                case ANOTHER -> {
                    remember(camera, address);
                    LOG.warn("Camera {} is not followed to {}: {}", camera.id(), address, finding.why());
                    notes.refused(camera, address, finding.why());
                }
                case NOT_MOVED -> remember(camera, address);
                case NOT_ASKED -> LOG.debug("Camera {} may be at {}: {}", camera.id(), address, finding.why());
            }
        }
    }

    /** Never from TLS to a plain connection. */
    private static boolean mayGo(Camera camera, URI address) {
        boolean weaker = "https".equalsIgnoreCase(camera.address().getScheme())
                && !"https".equalsIgnoreCase(address.getScheme());
        return !weaker && !samePlace(camera.address(), address);
    }

    private static boolean samePlace(URI one, URI other) {
        return place(one).equals(place(other));
    }

    private static String place(URI address) {
        boolean tls = "https".equalsIgnoreCase(address.getScheme());
        int port = address.getPort() < 0 ? tls ? 443 : 80 : address.getPort();
        return String.valueOf(address.getHost()).toLowerCase(Locale.ROOT) + " " + port;
    }

    private boolean isRefused(Claim claim) {
        Long at = refused.get(claim);
        return at != null && nowMs.getAsLong() - at < REFUSED_MS;
    }

    private void remember(Camera camera, URI address) {
        refused.put(new Claim(camera.id(), address), nowMs.getAsLong());
        if (refused.size() > REFUSED_MAX) {
            refused.remove(refused.keySet().iterator().next());
        }
    }

    private boolean move(Camera camera, KnownDevice known, URI address) {
        Camera now;
        try {
            now = fleet.mover().move(camera.id(), camera.version(), address);
        } catch (StaleVersionException | NoSuchResourceException changed) {
            LOG.info("Camera {} was changed while it was looked for; it is looked at anew", camera.id());
            return true;
        } catch (StoreException e) {
            LOG.warn("Camera {} is at {} now, which cannot be stored yet: {}", camera.id(), address, e.getMessage());
            return false;
        }
        // Also if it goes again before it has been asked there.
        fleet.known().learn(now, known.identity(), known.endpoint());
        LOG.warn("Camera {} was at {} and is at {} now", camera.id(), camera.address(), address);
        notes.moved(camera, now);
        return true;
    }
}
