// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many packages are sent at a time, and to one user. Any thread. */
final class SendingPlaces {
    private final int allMax;
    private final int oneMax;
    private final Map<UUID, Integer> taken = new HashMap<>();

    SendingPlaces(int allMax, int oneMax) {
        this.allMax = allMax;
        this.oneMax = oneMax;
    }

    /** {@return what gives the place back, once however often it is run; empty when there is none} */
    synchronized Optional<Runnable> take(UUID user) {
        if (taken() >= allMax || taken.getOrDefault(user, 0) >= oneMax) {
            return Optional.empty();
        }
        taken.merge(user, 1, Integer::sum);
        AtomicBoolean held = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (held.compareAndSet(true, false)) {
                release(user);
            }
        });
    }

    /** {@return how many are sent now} */
    synchronized int taken() {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }

    private synchronized void release(UUID user) {
        taken.computeIfPresent(user, (who, count) -> count == 1 ? null : count - 1);
    }
}
