// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A camera driver: registered as an OSGi service by a driver bundle, once per bundle.
 *
 * <p>Service properties: {@link #PROPERTY_ID} (mandatory, lower-case letters, digits and hyphens, at
 * most 40 characters, e.g. {@code rtsp}), {@link #PROPERTY_NAME} (shown to people). The driver's
 * version is its bundle's version; several versions may be registered side by side.
 *
 * <p>The service must be registered without I/O. Any method may be called from several threads.
 */
@ConsumerType
public interface CameraDriver {
    /** Service property: the id that cameras refer to. */
    String PROPERTY_ID = "nxvms.driver.id";
    /** Service property: the name people read. */
    String PROPERTY_NAME = "nxvms.driver.name";

    /** {@return what this driver is and asks for; constant, no I/O} */
    DriverInfo info();

    /**
     * What can be set beyond address and credentials: the console draws a form from it, and the platform checks what was
     * typed before it is stored and keeps secrets sealed. Asked once per registration; constant, no I/O.
     *
     * @return each setting once, in the order people see them; empty for a driver that does not say. Its settings are
     *     stored unchecked and in the clear, and it must check them itself
     * @since 1.1
     */
    default Optional<List<DriverSetting>> settings() {
        return Optional.empty();
    }

    /**
     * {@return how devices of this driver's kind are found; empty when it cannot} Constant, no I/O.
     *
     * @since 1.2
     */
    default Optional<DeviceSearch> search() {
        return Optional.empty();
    }

    /**
     * Makes contact with a device and logs in.
     *
     * <p>Called on a control thread; may block up to {@code target.timeoutMs()}. The session keeps what
     * it needs of the target; nothing is shared between sessions.
     *
     * @throws DriverException with the kind that fits: {@code CONFIG} for an address this driver cannot
     *     use, {@code UNREACHABLE}, {@code AUTH}, {@code PROTOCOL}
     */
    CameraSession open(DeviceTarget target) throws DriverException;
}
