// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.concurrent.atomic.AtomicInteger;

/** Lens and window: how often they were told to do something. The picture does not change by it. Thread-safe. */
public final class Optics {
    private final AtomicInteger wipes = new AtomicInteger();
    private final AtomicInteger focusRuns = new AtomicInteger();
    private volatile boolean lit;

    public void wipe() {
        wipes.incrementAndGet();
    }

    public int wipes() {
        return wipes.get();
    }

    public void light(boolean on) {
        lit = on;
    }

    /** Whether the infrared lamp is on. */
    public boolean isLit() {
        return lit;
    }

    public void focus() {
        focusRuns.incrementAndGet();
    }

    public int focusRuns() {
        return focusRuns.get();
    }
}
