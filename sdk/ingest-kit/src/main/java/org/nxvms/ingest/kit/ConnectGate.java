// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits connects per second over all streams, first come first served: without an order the streams that happen to be asked
 * first would connect again and again while others wait for ever. Any thread.
 */
public final class ConnectGate {
    private static final long SECOND_NS = 1_000_000_000L;
    /** What may be saved up: a quarter of a second's connects, so that no second sees many more than its rate. */
    private static final double BURST_S = 0.25;
    /** Who waits asks at every tick; who does not ask for so long has given up. */
    private static final long PATIENCE_NS = 2 * SECOND_NS;

    /** Who waits, the first to come first, with the time of the last question. */
    private final Map<Object, Long> waiting = new LinkedHashMap<>();

    private double tokens;
    private long lastNs;
    private boolean started;

    /**
     * Asks for whom a connect is due; to be repeated until it may begin.
     *
     * @param who waits: one thing for each stream, or those that ask first would be served for all
     * @return whether it may begin now
     */
    public synchronized boolean tryEnter(Object who, long nowNs, int perSecondMax) {
        refill(nowNs, perSecondMax);
        waiting.put(who, nowNs);
        int places = (int) tokens;
        for (Iterator<Map.Entry<Object, Long>> each = waiting.entrySet().iterator(); each.hasNext() && places > 0; ) {
            Map.Entry<Object, Long> next = each.next();
            if (next.getKey().equals(who)) {
                each.remove();
                tokens -= 1;
                return true;
            }
            if (nowNs - next.getValue() > PATIENCE_NS) {
                each.remove();
            } else {
                places--;
            }
        }
        return false;
    }

    private void refill(long nowNs, int perSecondMax) {
        double most = Math.max(1, perSecondMax * BURST_S);
        tokens = started ? Math.min(most, tokens + (double) (nowNs - lastNs) * perSecondMax / SECOND_NS) : most;
        started = true;
        lastNs = nowNs;
    }
}
