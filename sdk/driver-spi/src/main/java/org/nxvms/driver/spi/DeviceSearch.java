// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds devices of this driver's kind on the networks of the server, e.g. by WS-Discovery (ONVIF Core 7) or mDNS.
 *
 * @since 1.2
 */
@ConsumerType
public interface DeviceSearch {
    /**
     * Searches until the time is over. Several searches are not run at the same time.
     *
     * <p>Harmless for devices and networks: it asks, at a moderate rate, and changes nothing; it tries no passwords.
     *
     * @param timeMs how long, 1_000..60_000; the call returns by then, or earlier when nothing more can come
     * @param found told of each device once, by the calling thread; what is told more often than {@value #DEVICES_MAX} times
     *     is left out
     * @throws DriverException when it cannot search, e.g. kind UNREACHABLE without a network
     * @throws InterruptedException when the platform ends it
     */
    void search(int timeMs, Consumer<FoundDevice> found) throws DriverException, InterruptedException;

    /**
     * As {@link #search(int, Consumer)}, within a scope. A driver that does not know scopes is asked only where there is none.
     *
     * @throws DriverException as there; kind UNSUPPORTED for a scope that the driver cannot keep to
     * @since 1.4
     */
    default void search(SearchScope scope, SearchFindings findings) throws DriverException, InterruptedException {
        if (scope.isNarrow()) {
            throw new DriverException(
                    DriverException.Kind.UNSUPPORTED,
                    "The driver cannot keep its search to chosen networks or addresses.");
        }
        search(scope.timeMs(), device -> findings.found(device, ""));
    }

    /**
     * {@return how much this driver knows of what it finds} Of several drivers that find a device the one that knows most of
     * it is offered first. Constant, no I/O.
     *
     * @since 1.4
     */
    default Knowledge knowledge() {
        return Knowledge.STANDARD;
    }

    /**
     * {@return whether a camera that has another address is to be known by this search} Then what the search says of a device,
     * its endpoint ({@link CameraSession#endpoint}) or its MAC address, is of that device for good; and sessions of the driver
     * keep to {@link Credentials#digestOnly}, so that one that only pretends to be it does not learn the password. Constant, no
     * I/O.
     *
     * @since 1.5
     */
    default boolean recognizes() {
        return false;
    }

    /** From little to much; a {@code switch} needs a default branch. */
    enum Knowledge {
        /** Where its streams are. */
        STREAMS,
        /** What a standard says of such devices. */
        STANDARD,
        /** What its maker's own interface offers. */
        MAKER
    }

    int DEVICES_MAX = 1_000;
}
