// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Control functions of cameras, through their drivers. Any thread; each call blocks until the device has answered, at most
 * {@value #CALL_MS_MAX} ms. One call a camera at a time; a few wait their turn, more are refused with kind BUSY.
 *
 * <p>All methods throw {@link org.nxvms.platform.api.NoSuchResourceException} when there is no such camera, {@link
 * DriverMissingException} while its driver is not installed, {@link org.nxvms.platform.api.StoreException} while its
 * password cannot be read, and {@link DriverException} when the device does not do what is asked: kind UNSUPPORTED when it,
 * or its driver, does not have the function, CONFIG when the camera is switched off.
 */
@ProviderType
public interface CameraControl {
    /** Turn, login and call, each within its own limit. */
    int CALL_MS_MAX = 20_000;
    /** A camera that nobody tells to go on stops by itself. */
    int MOVE_MS_MAX = 10_000;
    /** Who forgets to end a talk does not keep others from talking. */
    int TALK_MS_MAX = 600_000;

    /** A question to a capability; asked on a thread of the platform, so it must not wait for the caller. */
    @FunctionalInterface
    interface Question<C extends Capability, R> {
        /** {@return a value of the contracts or of the JDK}: nothing of the driver's may be kept */
        R ask(C capability) throws DriverException;
    }

    /** A command to a capability; as a question without an answer. */
    @FunctionalInterface
    interface Command<C extends Capability> {
        void tell(C capability) throws DriverException;
    }

    <C extends Capability, R> R ask(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException;

    /**
     * As {@link #ask}, without waiting for a turn: refused with kind BUSY while anything else is asked of the camera, or too
     * much of others. For what many look at often.
     */
    <C extends Capability, R> R look(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException;

    default <C extends Capability> void tell(UUID camera, Class<C> capability, Command<C> command)
            throws DriverException, DriverMissingException {
        ask(camera, capability, device -> {
            command.tell(device);
            return true;
        });
    }

    /** Asks the device who it is now. */
    DeviceIdentity identity(UUID camera) throws DriverException, DriverMissingException;

    /**
     * Moves a camera at a speed for a time. Said again within the time it goes on; else the platform stops it.
     *
     * @param speed -1..1 by axis
     * @param forMs 100..{@link #MOVE_MS_MAX}
     */
    void move(UUID camera, Map<Axis, Double> speed, int forMs) throws DriverException, DriverMissingException;

    /**
     * A question that sets the camera in motion otherwise than by {@link #move}: to a position, a preset, on a tour. An
     * earlier move is not stopped in time any more then, for this has replaced it.
     *
     */
    <C extends Capability, R> R steer(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException;

    /** Stops all axes. Has a place of its own among those who wait for the camera. */
    void stop(UUID camera) throws DriverException, DriverMissingException;

    /**
     * Begins to fetch what a camera has recorded itself, in a session of its own: other functions go on meanwhile. Returns
     * when the camera has begun to send; kind BUSY while something is fetched from it, or too much from others.
     *
     * @param recording as {@link org.nxvms.driver.spi.EdgeRecordings#recordings} told it
     * @param from by the camera's clock, as {@code to}
     */
    EdgeMedia fetch(UUID camera, String recording, Instant from, Instant to)
            throws DriverException, DriverMissingException;

    /**
     * Begins to talk through a camera, in a session of its own; the event {@code camera.talk} is on until it ends, at the
     * latest after {@link #TALK_MS_MAX} ms. Returns when the camera has agreed; kind BUSY while somebody else talks.
     *
     * @param format one of {@link org.nxvms.driver.spi.AudioOut#formats}
     * @param by who talks, for people
     */
    CameraTalk talk(UUID camera, AudioOut.Format format, String by) throws DriverException, DriverMissingException;

    /** {@return who talks through a camera now, as the one who began said it} */
    Optional<String> talker(UUID camera);
}
