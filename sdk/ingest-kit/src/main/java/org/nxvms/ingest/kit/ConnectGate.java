// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/** Limits connects per second over all streams: a token bucket of one second. Any thread. */
public final class ConnectGate {
    private static final long SECOND_NS = 1_000_000_000L;

    private double tokens;
    private long lastNs;
    private boolean started;

    /** {@return whether a connect may begin now} */
    public synchronized boolean tryEnter(long nowNs, int perSecondMax) {
        if (!started) {
            started = true;
            tokens = perSecondMax;
        } else {
            tokens = Math.min(perSecondMax, tokens + (double) (nowNs - lastNs) * perSecondMax / SECOND_NS);
        }
        lastNs = nowNs;
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }
}
