// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.device;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverInfo;

/** A real device, or an address where none needs to be; one rule at a time. What needs a device that can be made sick is left out. */
public final class OneDevice implements TestDevices {
    private final DeviceTarget target;
    private final boolean mayAct;
    private final Semaphore free = new Semaphore(1, true);

    /** @param mayAct whether its head may move, its outputs switch, its clock be set */
    public OneDevice(DeviceTarget target, boolean mayAct) {
        this.target = Objects.requireNonNull(target, "target");
        this.mayAct = mayAct;
    }

    @Override
    public String name() {
        return "device at " + target.address();
    }

    @Override
    public TestDevice take(DriverInfo driver) throws InterruptedException {
        free.acquire();
        return new TestDevice(target, Optional.empty(), Optional.empty(), mayAct, free::release);
    }

    @Override
    public void close() {}
}
