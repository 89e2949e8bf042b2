// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many requests may be under way, of all users and of each: those that wait, and those that are being sent something. Any thread. */
final class Places {
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private int taken;

    /** {@return a place, empty when there is none for this user or for anybody} */
    synchronized Optional<Place> take(UUID userId, int max, int perUserMax) {
        int own = perUser.getOrDefault(userId, 0);
        if (taken >= max || own >= perUserMax) {
            return Optional.empty();
        }
        taken++;
        perUser.put(userId, own + 1);
        return Optional.of(new Place(userId));
    }

    synchronized int taken() {
        return taken;
    }

    private synchronized void release(UUID userId) {
        taken--;
        perUser.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
    }

    /** A place taken. Giving it back twice does nothing. */
    final class Place implements AutoCloseable {
        private final UUID userId;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Place(UUID userId) {
            this.userId = userId;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                release(userId);
            }
        }
    }
}
