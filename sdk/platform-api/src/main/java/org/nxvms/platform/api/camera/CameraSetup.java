// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Adds cameras of which no more is known than where they are and how to log in, and says what works on them. Any thread; {@link
 * #add} and {@link #check} block up to 10 s.
 */
@ProviderType
public interface CameraSetup {
    /**
     * What is known of a camera that is to be added.
     *
     * @param address a host, a host with a port, or a URL
     * @param driver empty: whoever knows the device
     * @param name empty: what the device calls itself, and where it is
     */
    record Order(
            String address,
            Optional<String> driver,
            Optional<String> name,
            Optional<String> username,
            Optional<String> password,
            Optional<String> group,
            RecordingSettings recording) {
        public Order {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(driver, "driver");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(recording, "recording");
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Order[" + driver.orElse("") + "]";
        }
    }

    /** A camera that was added, and what was seen of it. */
    record Added(Camera camera, CameraReport report) {}

    /**
     * Finds out what is at an address, tries it, and adds it when its main stream brings pictures.
     *
     * @throws InvalidCameraException naming each field that cannot work
     * @throws DriverException saying what failed and what to do; of kind AUTH when whoever answers refuses the login
     * @throws CameraKnownException when it is configured already
     * @throws IllegalStateException when there are as many cameras as there may be
     */
    Added add(Order order) throws InvalidCameraException, DriverException, CameraKnownException;

    /** As many as are added in one batch. */
    int ORDERS_MAX = 256;

    /**
     * Begins to add many cameras, several at a time. One batch at a time; the last few are remembered.
     *
     * @param orders 1..{@value #ORDERS_MAX}
     * @param added told of each camera that was added, by a thread of the batch; must not block
     * @throws IllegalArgumentException when they are none, or too many
     * @throws IllegalStateException when a batch is under way
     */
    SetupBatch begin(List<Order> orders, Consumer<Camera> added);

    /** {@return a batch with what has become of its orders so far} */
    Optional<SetupBatch> batch(UUID id);

    /**
     * {@return as {@link #batch}, as soon as it has changed since a revision, is over, or the time is}
     *
     * @throws InterruptedException when the waiting thread is interrupted
     */
    Optional<SetupBatch> await(UUID id, long revision, int timeoutMs) throws InterruptedException;

    /** {@return what was seen of a camera when it was tried last} */
    Optional<CameraReport> report(UUID camera);

    /**
     * Tries a camera again, and keeps what was seen. Its recording goes on untouched.
     *
     * @throws DriverException when nothing could be tried: nobody answers, or refuses the login
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such camera
     */
    CameraReport check(UUID camera) throws DriverException;
}
