// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.nxvms.driver.spi.DeviceIdentity;

/**
 * What works on a camera and what does not, as it was tried once.
 *
 * @param taken when
 * @param durationMs how long it took
 * @param driver id of the driver that was asked
 * @param driverVersion its version
 * @param identity who the device says it is
 * @param checks in the order people read them, each name once
 */
public record CameraReport(
        Instant taken,
        long durationMs,
        String driver,
        String driverVersion,
        DeviceIdentity identity,
        List<Check> checks) {
    /** A {@code switch} needs a default branch that shows the name. */
    public enum State {
        WORKS,
        /** It works, but not as it should. */
        LIMITED,
        FAILS,
        /** The camera does not have it, or its driver does not know it there. */
        ABSENT,
        /** There was no time to try it. */
        UNKNOWN
    }

    /**
     * One thing that was tried.
     *
     * @param name {@code login, identity, main_stream, sub_stream, audio} or a control function as in {@link DeviceFacts}
     * @param seen a sentence for people
     * @param advice what to do; empty when there is nothing
     */
    public record Check(String name, State state, String seen, String advice) {
        public Check {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(seen, "seen");
            Objects.requireNonNull(advice, "advice");
        }

        public static Check works(String name, String seen) {
            return new Check(name, State.WORKS, seen, "");
        }
    }

    public CameraReport {
        Objects.requireNonNull(taken, "taken");
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(driverVersion, "driverVersion");
        Objects.requireNonNull(identity, "identity");
        checks = List.copyOf(checks);
    }
}
