// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Looks for devices by the drivers that can, on the networks that settings allow. Any thread; only {@link #await} waits. One
 * scan at a time; the last few are remembered.
 */
@ProviderType
public interface DeviceDiscovery {
    int SECONDS_MIN = 1;
    int SECONDS_MAX = 60;
    int SECONDS_DEFAULT = 5;

    int ADDRESSES_MAX = 4_096;

    /**
     * What to look for.
     *
     * @param drivers ids; empty for all that can search
     * @param seconds {@value #SECONDS_MIN}..{@value #SECONDS_MAX}
     * @param addresses whom to ask, and nobody else: {@code 192.0.2.10}, {@code 192.0.2.10-192.0.2.90}, {@code 192.0.2.0/24},
     *     {@value #ADDRESSES_MAX} in all; empty: everybody, by multicast
     */
    record Order(Set<String> drivers, int seconds, List<String> addresses) {
        public Order {
            drivers = Set.copyOf(drivers);
            addresses = List.copyOf(addresses);
            if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
                throw new IllegalArgumentException(
                        "seconds must be " + SECONDS_MIN + ".." + SECONDS_MAX + ", not " + seconds);
            }
        }
    }

    /**
     * Begins a scan.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when one of the drivers is not installed or cannot search
     * @throws IllegalArgumentException when the addresses are none, too many, or such that the server does not speak to
     * @throws IllegalStateException when a scan is under way, none may be, or no driver can search
     */
    DiscoveryScan begin(Order order);

    /** {@return a scan with what it has found so far} */
    Optional<DiscoveryScan> scan(UUID id);

    /**
     * {@return as {@link #scan}, as soon as it has changed since a revision, is over, or the time is}
     *
     * @throws InterruptedException when the waiting thread is interrupted
     */
    Optional<DiscoveryScan> await(UUID id, long revision, int timeoutMs) throws InterruptedException;
}
