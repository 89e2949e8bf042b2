// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a device records on its card: it goes on whatever happens to the network, and ends and begins anew when the device
 * restarts. The footage itself is made when it is asked for. Thread-safe.
 */
public final class EdgeStore {
    /** A card is full at some time; the oldest goes. */
    private static final int RECORDINGS_MAX = 1_000;

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * @param from by the device's clock, as {@code to}
     * @param to empty while it is recorded
     */
    public record Recording(String id, Instant from, Optional<Instant> to) {}

    private final Supplier<Instant> clock;
    private final String serialNumber;
    private final List<Recording> recordings = new ArrayList<>();
    private int number;

    EdgeStore(Supplier<Instant> clock, String serialNumber) {
        this.clock = clock;
        this.serialNumber = serialNumber;
        add(clock.get(), Optional.empty());
    }

    /** Adds a recording of any time that is over. */
    public synchronized Recording add(Instant from, Instant to) {
        return add(from, Optional.of(to));
    }

    private Recording add(Instant from, Optional<Instant> to) {
        String id = ID.format(from) + String.format(Locale.ROOT, "_%04X_", ++number & 0xffff) + serialNumber;
        Recording recording = new Recording(id, from, to);
        recordings.add(recording);
        if (recordings.size() > RECORDINGS_MAX) {
            recordings.remove(0);
        }
        return recording;
    }

    /** {@return what overlaps a range, oldest first} */
    public synchronized List<Recording> list(Instant from, Instant to) {
        return recordings.stream()
                .filter(one ->
                        one.from().isBefore(to) && one.to().orElse(Instant.MAX).isAfter(from))
                .sorted((one, other) -> one.from().compareTo(other.from()))
                .toList();
    }

    public synchronized Optional<Recording> find(String id) {
        return recordings.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /** The device was away for so long: what it recorded ended, and it records again. */
    synchronized void restarted(Duration away) {
        Instant now = clock.get();
        recordings.replaceAll(
                one -> one.to().isPresent() ? one : new Recording(one.id(), one.from(), Optional.of(now)));
        add(now.plus(away), Optional.empty());
    }
}
