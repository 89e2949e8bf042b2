// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How many sessions there may be, of all and of each user. Any thread. */
final class Places {
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private int all;
    private int allMax;
    private int perUserMax;

    Places(int allMax, int perUserMax) {
        limit(allMax, perUserMax);
    }

    synchronized void limit(int newAllMax, int newPerUserMax) {
        allMax = newAllMax;
        perUserMax = newPerUserMax;
    }

    void take(UUID user) throws Refusal {
        synchronized (this) {
            int own = perUser.getOrDefault(user, 0);
            if (all < allMax && own < perUserMax) {
                all++;
                perUser.put(user, own + 1);
                return;
            }
        }
        throw Refusal.tooMany(
                "As many streams are played as the server or your account allows. End some and try again.");
    }

    synchronized void release(UUID user) {
        all--;
        perUser.computeIfPresent(user, (id, count) -> count == 1 ? null : count - 1);
    }

    synchronized int taken() {
        return all;
    }
}
