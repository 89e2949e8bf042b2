// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What happens at a device. The platform opens a session of its own for it, holds the feed as long as the camera is
 * configured, and begins a new one, with back-off, whenever a feed fails or the driver is replaced.
 *
 * <p>Re-synchronisation: a new feed first says every state that holds now ({@link DeviceEvent.Form#ON}), then {@link
 * DeviceEvent.Form#SYNCHRONISED}, once. So what ended unseen ends, and what still holds goes on as the same event (ONVIF:
 * the {@code Initialized} messages of a new pull point, and {@code SetSynchronizationPoint}, Core 9.6). A device that
 * cannot tell its states is synchronised at once: then all begin as off.
 *
 * @since 1.2
 */
@ConsumerType
public interface DeviceEvents extends Capability {
    /** Asks the device to tell what happens from now on. At most one feed a session is open at a time. */
    Feed subscribe() throws DriverException;

    /** One subscription. Called by one thread; the platform calls {@link #next} again at once. */
    @ConsumerType
    interface Feed extends AutoCloseable {
        /**
         * Waits for something to be said.
         *
         * <p>The feed must notice by itself that it is dead: where the device is silent for long, a driver asks it for a sign
         * of life, and renews what runs out, from within this call. An empty answer means that the device was heard of
         * within the last 30 s.
         *
         * @param waitMs how long to wait, 1_000..60_000; the call may take {@link DeviceTarget#timeoutMs()} more
         * @return in the order they were said, at most {@value #EVENTS_MAX}; empty when there was nothing
         * @throws DriverException when the feed is of no use any more
         * @throws InterruptedException when the platform ends it
         */
        List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException;

        /** Ends the subscription, on the device too where that can be done in time. Idempotent, does not throw. */
        @Override
        void close();

        int EVENTS_MAX = 1_000;
    }
}
