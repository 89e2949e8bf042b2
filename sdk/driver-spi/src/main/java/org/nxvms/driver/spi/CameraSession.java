// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver's conversation with one device, opened by {@link CameraDriver#open}. Called by one thread
 * at a time. After {@link #close()} every call throws {@link DriverException} of kind {@code CLOSED}.
 */
@ConsumerType
public interface CameraSession extends AutoCloseable {
    /** {@return who the device says it is}; may block up to the target's time limit. */
    DeviceIdentity identity() throws DriverException;

    /**
     * {@return what the device is called for good, whatever its addresses are, as searches of this driver tell it ({@link
     * SearchFindings#found})} Empty when it does not say; may block up to the target's time limit.
     *
     * @since 1.5
     */
    default String endpoint() throws DriverException {
        return "";
    }

    /**
     * The streams of the device, best first, at most one per role. Asked again at each reconnect and
     * after a change of settings; a driver answers with equal endpoints while nothing changed, for an
     * equal endpoint leaves the running media session untouched.
     */
    List<StreamOffer> streams() throws DriverException;

    /**
     * A control function of this device, e.g. {@link Ptz}. Answered from what {@link CameraDriver#open} found out, without
     * I/O; the same answer as long as the session lives.
     *
     * @return empty when the device, or this driver, does not have it, or the type is not known
     */
    default <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
        return Optional.empty();
    }

    /**
     * {@return what the device did not answer about when the session was opened, by control function, with a few words for
     * people} It is asked for again in sessions to come; {@link #capability} answers of this one what there is without.
     * Without I/O; the same as long as the session lives.
     *
     * @since 1.5
     */
    default Map<Class<? extends Capability>, String> unanswered() throws DriverException {
        return Map.of();
    }

    /**
     * A session with a device that is not asked, because all there is to say about it follows from its address: no identity, and
     * always the same streams. Holds no connection.
     *
     * @param offers as {@link #streams} answers them
     */
    static CameraSession ofKnown(List<StreamOffer> offers) {
        return new KnownStreams(offers);
    }

    /** Ends the conversation; leaves media sessions, which are the platform's, alone. Idempotent. */
    @Override
    void close();
}
