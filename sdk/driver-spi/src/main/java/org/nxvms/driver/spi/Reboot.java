// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Starts the device anew (ONVIF Core, SystemReboot).
 *
 * @since 1.2
 */
@ConsumerType
public interface Reboot extends Capability {
    /** Returns when the device has agreed. Later calls fail with kind CLOSED or UNREACHABLE until a new session reaches it. */
    void reboot() throws DriverException;
}
