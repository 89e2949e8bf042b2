// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

/**
 * What a device may deliver at an endpoint; beyond, the platform refuses it, and the driver never hears of it.
 *
 * @param bytesMax of a request's body, 1..16 MiB; of a connection in a second
 * @param perMinuteMax requests, or connections, in a minute, 1..60_000
 * @param timeMs for a request to arrive and be answered, 100..10_000 of it count; for silence on a connection, after which it
 *     is closed, 100..600_000
 * @since 1.3
 */
public record PushLimits(int bytesMax, int perMinuteMax, int timeMs) {
    /** For small notifications. */
    public static final PushLimits USUAL = new PushLimits(256 << 10, 600, 5_000);

    public PushLimits {
        if (bytesMax < 1 || bytesMax > 16 << 20) {
            throw new IllegalArgumentException("bytesMax must be 1..16777216, not " + bytesMax);
        }
        if (perMinuteMax < 1 || perMinuteMax > 60_000) {
            throw new IllegalArgumentException("perMinuteMax must be 1..60000, not " + perMinuteMax);
        }
        if (timeMs < 100 || timeMs > 600_000) {
            throw new IllegalArgumentException("timeMs must be 100..600000, not " + timeMs);
        }
    }
}
