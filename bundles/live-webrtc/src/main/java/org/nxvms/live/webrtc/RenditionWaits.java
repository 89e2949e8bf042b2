// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who waits on a thread of requests until a stream that is encoded anew has a picture. Few may, since the threads are those of all
 * requests to the server. Any thread.
 */
final class RenditionWaits {
    /** A fifth of the web server's threads. */
    static final int WAITING_MAX = 40;
    /** A wall of sixteen tiles that all have to be encoded. */
    static final int WAITING_OF_USER_MAX = 16;

    private final Map<UUID, Integer> perUser = new HashMap<>();
    private int waiting;

    /** {@return whether there is room for one more}; then {@link #leave} is called once */
    synchronized boolean enter(UUID userId) {
        int own = perUser.getOrDefault(userId, 0);
        if (waiting >= WAITING_MAX || own >= WAITING_OF_USER_MAX) {
            return false;
        }
        waiting++;
        perUser.put(userId, own + 1);
        return true;
    }

    synchronized void leave(UUID userId) {
        waiting--;
        perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
    }
}
