// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a device differs from what its services describe.
 *
 * @param pullSecondsMax longest that it may be asked to hold an answer back
 * @param renew whether a subscription is renewed; else it lives by being pulled from
 * @param synchronize whether it may be asked to say all states anew
 * @param moveTimeout whether a move takes the time after which it ends by itself
 * @param topics what its own topics mean
 */
record Quirks(int pullSecondsMax, boolean renew, boolean synchronize, boolean moveTimeout, List<Topic> topics) {
    static final int PULL_SECONDS_MAX = 60;
    static final Quirks NONE = new Quirks(PULL_SECONDS_MAX, true, true, true, List.of());

    /** {@return both together}: what one of them rules out is ruled out. */
    Quirks and(Quirks other) {
        return new Quirks(
                Math.min(pullSecondsMax, other.pullSecondsMax),
                renew && other.renew,
                synchronize && other.synchronize,
                moveTimeout && other.moveTimeout,
                Stream.concat(topics.stream(), other.topics.stream()).toList());
    }
}
