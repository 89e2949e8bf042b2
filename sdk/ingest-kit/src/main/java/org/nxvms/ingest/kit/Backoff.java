// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.util.function.DoubleSupplier;
import org.nxvms.driver.spi.DriverException;

/**
 * When to try again. Growing and jittered, so that many cameras coming back at once do not arrive at once; never above a
 * few seconds for a camera that is merely away, as recording must resume within 10 s of its return; slow where trying
 * again could lock an account or cannot help.
 */
public final class Backoff {
    private static final long FIRST_MS = 500;
    private static final long AWAY_MS_MAX = 6_000;
    private static final long BUSY_MS_MIN = 4_000;
    /** Cameras lock an account after three to ten bad logins, typically for some minutes. */
    private static final int QUICK_LOGINS_MAX = 2;

    private static final long AUTH_MS = 300_000;
    private static final long HOPELESS_MS = 60_000;
    private static final double JITTER = 0.25;

    private final DoubleSupplier random;
    private int failures;
    private int badLogins;

    /** @param random uniform in 0..1 */
    public Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** {@return milliseconds to wait after this failure} */
    public long afterMs(DriverException.Kind kind) {
        failures++;
        badLogins = kind == DriverException.Kind.AUTH ? badLogins + 1 : 0;
        long growing = Math.min(AWAY_MS_MAX, FIRST_MS << Math.min(10, failures - 1));
        long wait =
                switch (kind) {
                    case AUTH -> badLogins < QUICK_LOGINS_MAX ? growing : AUTH_MS;
                    case UNSUPPORTED -> HOPELESS_MS;
                    case CONFIG -> failures < 4 ? Math.max(growing, 2_000) : HOPELESS_MS / 6;
                    case BUSY -> Math.max(BUSY_MS_MIN, growing);
                    default -> growing;
                };
        return (long) (wait * (1 - JITTER + 2 * JITTER * random.getAsDouble()));
    }

    /** {@return failures in a row} */
    public int failures() {
        return failures;
    }

    /** Pictures arrive: the next failure is a first one. */
    public void succeeded() {
        failures = 0;
        badLogins = 0;
    }
}
