// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.random.RandomGenerator;
import org.nxvms.driver.spi.DriverException;

/**
 * How long to wait before a device is asked again, by what went wrong. Doubles up to a limit, with
 * jitter of a quarter either way, so that many cameras that failed together do not return together.
 */
public final class BackOff {
    private final RandomGenerator random;

    public BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** {@return milliseconds} @param failures in a row, 1 for the first */
    public long delayMs(DriverException.Kind kind, int failures) {
        return switch (kind) {
            case UNREACHABLE, PROTOCOL, BUSY, CLOSED -> jittered(2_000, 60_000, failures);
            // Wrong passwords: cameras lock accounts after 3 to 5 tries in some minutes.
            case AUTH -> jittered(120_000, 900_000, failures);
            // What a device does not do, or does not take, while it starts it may do and take later.
            case UNSUPPORTED, CONFIG -> jittered(300_000, 900_000, failures);
            default -> jittered(2_000, 60_000, failures);
        };
    }

    private long jittered(long firstMs, long limitMs, int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 20);
        long plain = Math.min(firstMs << doublings, limitMs);
        return plain * 3 / 4 + random.nextLong(plain / 2 + 1);
    }
}
