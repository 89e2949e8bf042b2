// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Exceptions to what access tokens say, kept only while those tokens live: sessions that ended early,
 * and sessions that go on although their user's stamp changed. Bounded: the oldest entry makes room.
 */
final class SessionRegister {
    private static final int ENTRIES_MAX = 10_000;

    private final Map<UUID, Instant> ended = bounded();
    private final Map<UUID, String> goingOn = bounded();

    private static <V> Map<UUID, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, V> eldest) {
                return size() > ENTRIES_MAX;
            }
        };
    }

    /** The session's tokens stop now. {@code until}: when the last of them would have ended by itself. */
    synchronized void end(UUID session, Instant now, Instant until) {
        ended.values().removeIf(end -> !end.isAfter(now));
        ended.put(session, until);
        goingOn.remove(session);
    }

    /** The session's tokens go on with the user's new stamp, until that changes again. */
    synchronized void keep(UUID session, String stamp) {
        goingOn.put(session, stamp);
    }

    synchronized boolean hasEnded(UUID session) {
        return ended.containsKey(session);
    }

    synchronized boolean goesOn(UUID session, String stamp) {
        return stamp.equals(goingOn.get(session));
    }
}
