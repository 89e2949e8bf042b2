// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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
 * <p>A {@link Feed} costs the platform a thread for as long as it is open. Where many devices of a kind are to be expected,
 * and the protocol lets a driver wait without a thread, it hands out an {@link AsyncFeed}.
 *
 * @since 1.2
 */
@ConsumerType
public interface DeviceEvents extends Capability {
    /** Asks the device to tell what happens from now on. At most one feed a session is open at a time. */
    Feed subscribe() throws DriverException;

    /**
     * One subscription. Called by one thread, which waits in {@link #next}; the platform calls it again at once. One that is
     * also an {@link AsyncFeed} is asked as such.
     */
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

    /**
     * A subscription that holds no thread while it waits, so that a thousand devices cost as few threads as one.
     *
     * <p>Threads: both methods return at once, without I/O, whatever the device does. Neither is called within the other.
     * Answers may be completed on any thread of the driver's, or before the call returns; what the platform does there is
     * short and waits for nothing. A driver that needs threads for this has a fixed number of them for all its devices, and
     * a device that is slow, or never answers, must hold none.
     *
     * <p>Order and back-pressure: the platform asks again when it has taken the answer before, never earlier, so events stay
     * in order and a driver asks a device for no more than is wanted. While an answer is outstanding, nothing of the session
     * is called but {@link #closeAsync}.
     *
     * @since 1.6
     */
    @ConsumerType
    interface AsyncFeed extends Feed {
        /**
         * As {@link #next}, which says what a feed notices and keeps, but returns at once.
         *
         * @param waitMs how long to wait, 1_000..60_000; the answer may take {@link DeviceTarget#timeoutMs()} more
         * @return completed with what {@link #next} returns; exceptionally with a {@link DriverException} when the feed is of
         *     no use any more, of kind CLOSED after {@link #closeAsync}
         */
        CompletionStage<List<DeviceEvent>> nextAsync(int waitMs);

        /**
         * As {@link #close}, but returns at once. Any thread, also while an answer is outstanding, which then fails at once.
         * The session is closed when this is completed, and only then a new feed is begun, which may need the place at the
         * device.
         *
         * @return completed, never exceptionally, when the device has been told or cannot be told in time: within 30 s, or the
         *     platform goes on without. The same when called again
         */
        CompletionStage<Void> closeAsync();

        /** For who has a thread to wait with; after an interrupt only {@link #close} may follow. */
        @Override
        default List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException {
            try {
                return nextAsync(waitMs).toCompletableFuture().get();
            } catch (ExecutionException | CancellationException failed) {
                if (failed.getCause() instanceof DriverException told) {
                    throw told;
                }
                throw new DriverException(
                        DriverException.Kind.PROTOCOL, "The feed failed with an error of its own.", failed);
            }
        }

        /** Waits until {@link #closeAsync} is completed; an interrupt ends the wait, not the farewell. */
        @Override
        default void close() {
            try {
                closeAsync().toCompletableFuture().get();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | CancellationException failed) {
                // Against the contract; it is closed all the same.
            }
        }
    }
}
