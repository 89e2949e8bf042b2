// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Rounds over kept positions, which are set up in the device: two, of which one runs at a time. The head stays where it is. Thread-safe. */
public final class PresetTours {
    public static final List<String> NAMES = List.of("Round by day", "Round by night");

    private final AtomicReference<String> running = new AtomicReference<>("");

    public boolean isRunning(String name) {
        return running.get().equals(name);
    }

    public void start(String name) {
        running.set(name);
    }

    public void stop(String name) {
        running.compareAndSet(name, "");
    }
}
