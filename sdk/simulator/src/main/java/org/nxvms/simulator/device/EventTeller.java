// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.simulator.fault.FaultKind;

/**
 * Tells one listener what happens at a device: first every state, then changes, with the storms and the silence that its
 * faults make. Runs on the listener's own thread.
 */
public final class EventTeller {
    private static final long LOOK_MS = 100;
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Who is told. */
    public interface Listener {
        void told(DeviceState state) throws IOException, InterruptedException;

        /** Nothing more happens at this moment. */
        default void paused() throws IOException, InterruptedException {}
    }

    private final Device device;
    private final Listener listener;
    private long stormNano = -1;
    private long stormSent;
    private long stormPace;

    public EventTeller(Device device, Listener listener) {
        this.device = device;
        this.listener = listener;
    }

    /** Returns when the listener has lagged behind so far that something is lost. */
    public void tell() throws IOException, InterruptedException {
        try (EventHub.Subscription subscription = device.events().subscribe()) {
            for (DeviceState state : subscription.initial()) {
                say(state);
            }
            listener.paused();
            while (!subscription.overrun()) {
                Optional<DeviceState> next = subscription.next(stormNano < 0 ? LOOK_MS : 1);
                if (next.isPresent()) {
                    say(next.get());
                } else {
                    listener.paused();
                }
                storm();
            }
        }
    }

    private void say(DeviceState state) throws IOException, InterruptedException {
        if (!device.faults().has(FaultKind.EVENTS_SILENT)) {
            listener.told(state);
        }
    }

    /** Catches up with the storm's pace, which is bounded by what the listener takes. */
    private void storm() throws IOException, InterruptedException {
        long pace = device.faults().value(FaultKind.EVENT_STORM);
        long now = System.nanoTime();
        if (pace == 0) {
            if (stormNano >= 0) {
                stormNano = -1;
                for (DeviceState state : device.events().states()) {
                    say(state);
                }
            }
            return;
        }
        if (stormNano < 0 || pace != stormPace) {
            stormPace = pace;
            stormNano = now;
            stormSent = 0;
        }
        long due = (now - stormNano) / 1000 * pace / (SECOND_NANOS / 1000);
        for (; stormSent < due; stormSent++) {
            say(new DeviceState(DeviceState.Kind.MOTION, 0, stormSent % 2 == 0, device.time()));
        }
    }
}
