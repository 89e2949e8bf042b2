// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.util.Optional;

/** Lets one line of a child into the log and counts those that come too soon after it. One thread. */
final class Chatter {
    /** A line a second is what an honest child sends. */
    private static final long LINE_NS = 1_000_000_000L;

    private boolean begun;
    private long lastNs;
    private long left;

    /** {@return the line to write, with how many before it were left out; empty when it is to be left out itself} */
    Optional<String> line(String said, long nowNs) {
        if (begun && nowNs - lastNs < LINE_NS) {
            left++;
            return Optional.empty();
        }
        String more = left == 0 ? "" : " (" + left + " lines before it were left out)";
        begun = true;
        lastNs = nowNs;
        left = 0;
        return Optional.of(said + more);
    }
}
