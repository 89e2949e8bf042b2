// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver knows of devices, as a document in a bundle of its own: so knowledge comes and changes while the driver, and
 * all that it holds open, goes on. A service with {@link #PROPERTY_DRIVER}; what the document says is between the bundle and
 * the driver, which works without it, checks it before it believes any of it, and refers to it dynamically.
 *
 * <p>While an update is under way there are two: the one that came last counts. Any thread.
 *
 * @since 1.3
 */
@ConsumerType
public interface DriverData {
    /** Service property: the id of the driver that it is for. */
    String PROPERTY_DRIVER = "nxvms.data.driver";

    /** A longer document is not read. */
    int BYTES_MAX = 1 << 20;

    /** {@return the document}; always the same, without I/O beyond the bundle itself. */
    byte[] document();
}
