// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;

/** Takes events down, in order: {@code + kind attributes} for what holds, {@code - kind} for what ended. */
final class Said implements EventPublisher {
    final List<String> all = new CopyOnWriteArrayList<>();
    volatile boolean full;

    @Override
    public boolean pulse(EventFact fact, long atUs) {
        throw new AssertionError("no pulses here");
    }

    @Override
    public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
        if (!full) {
            all.add("+ " + fact.kind() + " " + fact.attributes() + " since " + sinceUs);
        }
        return !full;
    }

    @Override
    public boolean past(EventFact fact, long startUs, long endUs) {
        throw new AssertionError("nothing is over when it is found here");
    }

    @Override
    public boolean end(EventSource source, String kind, long endUs) {
        all.add("- " + kind + " at " + endUs);
        return true;
    }
}
