// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;

/** Writes down what is said: pulses and ends each time, a state when it begins. */
public final class Notebook implements EventPublisher {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Boolean> on = new TreeMap<>();

    /** {@return what was written since the last call} */
    public List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public boolean pulse(EventFact fact, long atUs) {
        return lines.add(fact.kind() + " " + fact.attributes().values());
    }

    @Override
    public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
        if (on.put(key(fact.source(), fact.kind()), true) == null) {
            lines.add("on " + fact.kind() + " since " + sinceUs / 1_000_000 + " "
                    + fact.attributes().values());
        }
        return true;
    }

    @Override
    public boolean past(EventFact fact, long startUs, long endUs) {
        return lines.add("past " + fact.kind());
    }

    @Override
    public boolean end(EventSource source, String kind, long endUs) {
        if (on.remove(key(source, kind)) != null) {
            lines.add("off " + kind + " at " + endUs / 1_000_000);
        }
        return true;
    }

    private static String key(EventSource source, String kind) {
        return source + " " + kind;
    }
}
