// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.nxvms.security.identity.LastKnownFile;

/** When a provider last said of its people that they are there; on file, so that a restart begins no time of grace anew. */
final class LastProved {
    /** Less is not worth a write. */
    private static final Duration STEP = Duration.ofMinutes(5);

    private final LastKnownFile<Map<UUID, Long>> file;
    private final Clock clock;
    private final Map<UUID, Long> atMs;

    LastProved(Path path, Clock clock) {
        this.file = new LastKnownFile<>(
                path,
                new TypeReference<>() {},
                Map.of(),
                "sessions of users from outside are renewed when their provider answers");
        this.clock = clock;
        this.atMs = new HashMap<>(file.read());
    }

    /** @param users all there are; others are forgotten */
    synchronized void now(UUID user, Set<UUID> users) {
        Long before = atMs.get(user);
        long now = clock.millis();
        if (before == null || Math.abs(now - before) >= STEP.toMillis()) {
            atMs.keySet().retainAll(users);
            atMs.put(user, now);
            file.write(Map.copyOf(atMs));
        }
    }

    /** {@return whether that was no longer ago than this; never heard of is too long} */
    synchronized boolean isWithin(UUID user, Duration age) {
        Long at = atMs.get(user);
        return at != null && clock.millis() - at <= age.toMillis();
    }
}
