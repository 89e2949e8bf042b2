// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.time.Instant;
import org.nxvms.cameras.device.Timer;

/** The control thread and its time; a test puts its own in place. */
public interface ControlLoop extends Timer {
    /** Runs a task on the control thread, after those posted before. Any thread. */
    void post(Runnable task);

    /** Runs a task on the control thread later. Any thread. */
    @Override
    void postAfter(long delayMs, Runnable task);

    /** {@return wall time, for people} */
    Instant now();
}
