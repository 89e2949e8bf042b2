// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.driver.spi.DeviceIdentity;

/**
 * Which devices said yes to a change of a profile and left it as it was, so that not each session writes it to their memory
 * anew. For an hour, as long as the device, its firmware and its settings are the same. Any thread.
 */
final class UnkeptChanges {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    /** Two profiles of each device that a server may have. */
    private static final int MAX = 4_096;

    /** @param settings those of the driver at this device */
    record Place(URI device, DeviceIdentity identity, Map<String, String> settings, String profile) {}

    private final LongSupplier nanoTime;
    /** When it was tried, the oldest first. */
    private final Map<Place, Long> tried = new LinkedHashMap<>();

    UnkeptChanges(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized boolean isLately(Place place) {
        Long at = tried.get(place);
        return at != null && nanoTime.getAsLong() - at < HOUR_NS;
    }

    synchronized void note(Place place) {
        tried.remove(place);
        tried.put(place, nanoTime.getAsLong());
        if (tried.size() > MAX) {
            tried.remove(tried.keySet().iterator().next());
        }
    }
}
