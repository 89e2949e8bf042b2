// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

/** Time, and being called back on a thread that must not be held up. Any thread. */
public interface Timer {
    void postAfter(long delayMs, Runnable task);

    /** {@return monotonic time in milliseconds, for delays} */
    long monotonicMs();
}
