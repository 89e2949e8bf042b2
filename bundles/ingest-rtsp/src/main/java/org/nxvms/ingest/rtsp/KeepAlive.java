// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which request keeps a session alive, and when. Cameras differ: what they list in OPTIONS comes first, and a method that is
 * refused is replaced by the next. Loop thread only.
 */
final class KeepAlive {
    private static final long PERIOD_NS_MAX = 30_000_000_000L;
    private static final int SESSION_LOST = 454;

    private final boolean fixed;
    private Deque<String> methods;
    private long periodNs = PERIOD_NS_MAX;
    private long nextNs;

    /** @param known the method this device is known to need, if any */
    KeepAlive(Optional<String> known) {
        fixed = known.isPresent();
        methods = new ArrayDeque<>(List.of(known.orElse("OPTIONS")));
    }

    /** Takes the Public headers of the answer to OPTIONS. */
    void offered(List<String> publicHeaders) {
        if (!fixed) {
            boolean getParameter =
                    publicHeaders.toString().toUpperCase(Locale.ROOT).contains("GET_PARAMETER");
            methods = new ArrayDeque<>(
                    getParameter ? List.of("GET_PARAMETER", "OPTIONS") : List.of("OPTIONS", "GET_PARAMETER"));
        }
    }

    /** The session ends after so long without a sign of life. */
    void sessionTimeout(int seconds) {
        periodNs = Math.min(PERIOD_NS_MAX, seconds * 500_000_000L);
    }

    void begin(long nowNs) {
        nextNs = nowNs + periodNs;
    }

    /** {@return whether {@link #method} is to be sent now; once for each time} */
    boolean isDue(long nowNs) {
        boolean due = nowNs - nextNs > 0;
        nextNs = due ? nowNs + periodNs : nextNs;
        return due;
    }

    String method() {
        return methods.getFirst();
    }

    /**
     * The camera answered. A method it does not know is not sent again, unless none would be left.
     *
     * @return whether it still knows the session
     */
    boolean answered(int status, long nowNs) {
        if (status >= 400 && status != SESSION_LOST && methods.size() > 1) {
            methods.removeFirst();
            nextNs = nowNs;
        }
        return status != SESSION_LOST;
    }
}
