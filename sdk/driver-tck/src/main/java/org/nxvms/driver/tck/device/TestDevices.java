// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.device;

import org.nxvms.driver.spi.DriverInfo;

/** The devices a driver is tried on. Thread-safe. */
public interface TestDevices extends AutoCloseable {
    /** {@return what they are, for the report} */
    String name();

    /**
     * A device for one's own use until it is closed; waits until one is free.
     *
     * @param driver says what kind of address it takes
     */
    TestDevice take(DriverInfo driver) throws InterruptedException;

    @Override
    void close();
}
