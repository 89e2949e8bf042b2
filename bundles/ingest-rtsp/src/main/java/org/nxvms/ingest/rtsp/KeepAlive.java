// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspResponse;

/**
 * Which request keeps a session alive, and when. Cameras differ: what they list in OPTIONS comes first, and a method that is
 * refused is replaced by the next. Loop thread only.
 */
final class KeepAlive {
    private static final long PERIOD_NS_MAX = 30_000_000_000L;
    private static final int NO_LOGIN = 401;
    private static final int SESSION_LOST = 454;
    private static final int NONE_SENT = -1;

    private final boolean fixed;
    private Deque<String> methods;
    private long periodNs = PERIOD_NS_MAX;
    private long nextNs;
    private int timeoutS = 60;
    private int number = NONE_SENT;

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

    /** {@return the methods that are left to try, the best first} */
    List<String> methods() {
        return List.copyOf(methods);
    }

    /** {@return after how long without a sign of life the session ends} */
    int sessionTimeoutS() {
        return timeoutS;
    }

    /** Goes on as another did, and shows the camera at once that somebody is there. */
    void goOn(List<String> known, int seconds, long nowNs) {
        methods = new ArrayDeque<>(known);
        sessionTimeout(seconds);
        nextNs = nowNs;
    }

    /** The session ends after so long without a sign of life. */
    void sessionTimeout(int seconds) {
        timeoutS = seconds;
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

    /** The newest one has this number. {@return that number} */
    int sent(int newest) {
        number = newest;
        return newest;
    }

    /** {@return whether this answers the newest one} */
    boolean isAnswer(RtspResponse response) {
        return response.cseq() == number;
    }

    /**
     * The camera answered. A method it does not know is not sent again, unless none would be left.
     *
     * @return why the session is over; empty when it goes on
     */
    Optional<Failure> answered(RtspResponse response, RtspRequests requests, String peer, long nowNs) {
        int status = response.status();
        if (status == NO_LOGIN) {
            // A nonce that ran out: the next request answers the new one, at once, as this one may not have counted.
            nextNs = nowNs;
            return requests.challenged(response, peer);
        }
        if (status == SESSION_LOST) {
            return Optional.of(Failure.unreachable(peer + " no longer knows the session"));
        }
        if (status >= 400 && methods.size() > 1) {
            methods.removeFirst();
            nextNs = nowNs;
        } else if (response.ok()) {
            requests.accepted(response);
        }
        return Optional.empty();
    }
}
