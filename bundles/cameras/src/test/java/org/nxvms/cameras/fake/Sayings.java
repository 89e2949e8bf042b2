// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.concurrent.LinkedBlockingQueue;

/** What a device says next: a {@code DeviceEvent}, or a {@code DriverException} that ends its feed. */
public final class Sayings extends LinkedBlockingQueue<Object> {
    private static final long serialVersionUID = 1L;

    private transient volatile Runnable ear = () -> {};

    @Override
    public boolean add(Object saying) {
        boolean added = super.add(saying);
        ear.run();
        return added;
    }

    /** Tells from now on who listens without waiting. */
    void tell(Runnable newEar) {
        ear = newEar;
    }
}
