// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The device's own clock (ONVIF Core, GetSystemDateAndTime).
 *
 * @since 1.2
 */
@ConsumerType
public interface DeviceClock extends Capability {
    /** {@return its time, halfway between question and answer} */
    Instant now() throws DriverException;

    /**
     * Sets it. The device's time zone stays. Kind UNSUPPORTED when the device takes its time from elsewhere (NTP) and would
     * set it back at once.
     */
    void set(Instant time) throws DriverException;
}
