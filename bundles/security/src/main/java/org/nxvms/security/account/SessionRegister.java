// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What access tokens do not say themselves, kept only while they live: sessions that ended early, sessions
 * that go on although their user's stamp changed, and until when the newest token of a session is good.
 * Bounded: the oldest entry makes room. Sessions that ended are on disk too: a restart must not revive them.
 */
final class SessionRegister {
    private static final int ENTRIES_MAX = 10_000;

    private final Map<UUID, Instant> ended = bounded();
    private final Map<UUID, String> goingOn = bounded();
    private final Map<UUID, Instant> newest = bounded();

    /** Of those that ended: the database may have them still, as it was away or has lost what a process told it last. */
    private final Set<UUID> unsettled = new HashSet<>();

    private final EndedSessionsFile file;
    private final Object writing = new Object();

    SessionRegister(EndedSessionsFile file) {
        this.file = file;
        ended.putAll(file.read());
        unsettled.addAll(ended.keySet());
    }

    private static <V> Map<UUID, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, V> eldest) {
                return size() > ENTRIES_MAX;
            }
        };
    }

    /**
     * The session's tokens stop now, and stay stopped whatever happens to this process. Waits for the disk;
     * who asks about sessions meanwhile does not.
     *
     * @param until when the last of its tokens would have ended by itself
     */
    void end(UUID session, Instant now, Instant until) {
        synchronized (this) {
            forget(now);
            ended.put(session, until);
            unsettled.add(session);
            goingOn.remove(session);
            newest.remove(session);
        }
        synchronized (writing) {
            file.write(endedNow());
        }
    }

    /** Whose tokens have all ended is forgotten, but not before it is settled that no refresh token makes more. */
    private void forget(Instant now) {
        ended.entrySet().removeIf(entry -> !entry.getValue().isAfter(now) && !unsettled.contains(entry.getKey()));
        unsettled.retainAll(ended.keySet());
    }

    /** {@return sessions that ended and that the database may have still} */
    synchronized Set<UUID> unsettled() {
        return Set.copyOf(unsettled);
    }

    /** The database has it no more, and that is on the disk. */
    synchronized void settle(UUID session) {
        unsettled.remove(session);
    }

    private synchronized Map<UUID, Instant> endedNow() {
        return new LinkedHashMap<>(ended);
    }

    /** The session's tokens go on with the user's new stamp, until that changes again. */
    synchronized void keep(UUID session, String stamp) {
        goingOn.put(session, stamp);
    }

    /** The session has a new access token. */
    synchronized void renew(UUID session, Instant expires) {
        // Taken out first: who renews is among the youngest again.
        newest.remove(session);
        newest.put(session, expires);
    }

    synchronized boolean hasEnded(UUID session) {
        return ended.containsKey(session);
    }

    synchronized boolean goesOn(UUID session, String stamp) {
        return stamp.equals(goingOn.get(session));
    }

    /** {@return whether a token of the session, be it another than the one at hand, is good at this time} */
    synchronized boolean isRenewed(UUID session, Instant now) {
        Instant expires = newest.get(session);
        return expires != null && expires.isAfter(now);
    }
}
