// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/** What was asked for under idempotency keys, and what was answered. In memory, bounded by number, size and time. */
final class RepeatedRequests {
    static final int ANSWERS_MAX = 1_000;
    /** So that one user's keys do not push out those of all others. */
    static final int ANSWERS_OF_USER_MAX = 200;
    /** Larger than anything that is created; what is larger still is known, but not answered again. */
    static final int ANSWER_BYTES_MAX = 16_384;

    static final long KEPT_NS = 24 * 3_600_000_000_000L;
    /** Longer than any request takes: one that began before that never told how it ended. */
    static final long RUNNING_NS_MAX = 10 * 60_000_000_000L;

    private final LongSupplier nanoClock;
    /** Oldest first. */
    private final Map<Name, Entry> entries = new LinkedHashMap<>();

    RepeatedRequests(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * A key means something for one user at one address only, and for one API key of the user: each may something else.
     *
     * @param apiKey empty for who signed in
     */
    record Name(UUID user, Optional<UUID> apiKey, String path, String key) {}

    /** @param body empty when it was too large to keep */
    record Answer(int status, Optional<byte[]> body, Map<String, String> headers) {}

    /** What is known of a name. */
    enum State {
        NEW,
        RUNNING,
        /** The key was used for something else. */
        OTHER,
        ANSWERED
    }

    record Found(State state, Optional<Answer> answer) {}

    private record Entry(String fingerprint, long sinceNs, Optional<Answer> answer) {
        boolean isOver(long nowNs) {
            return nowNs - sinceNs >= (answer.isPresent() ? KEPT_NS : RUNNING_NS_MAX);
        }
    }

    /**
     * Takes a name that is new; the taker then calls {@link #keep} or {@link #forget}.
     *
     * @param fingerprint tells one body from another
     */
    synchronized Found take(Name name, String fingerprint) {
        Entry entry = entries.get(name);
        long nowNs = nanoClock.getAsLong();
        if (entry != null && entry.isOver(nowNs)) {
            entries.remove(name);
            entry = null;
        }
        if (entry == null) {
            makeRoom(name.user(), nowNs);
            entries.put(name, new Entry(fingerprint, nowNs, Optional.empty()));
            return new Found(State.NEW, Optional.empty());
        }
        if (!entry.fingerprint().equals(fingerprint)) {
            return new Found(State.OTHER, Optional.empty());
        }
        return new Found(entry.answer().isPresent() ? State.ANSWERED : State.RUNNING, entry.answer());
    }

    synchronized void keep(Name name, Answer answer) {
        Entry entry = entries.get(name);
        if (entry != null) {
            entries.put(name, new Entry(entry.fingerprint(), entry.sinceNs(), Optional.of(answer)));
        }
    }

    /** Nothing was created: the key may be used again. */
    synchronized void forget(Name name) {
        entries.remove(name);
    }

    synchronized int size() {
        return entries.size();
    }

    /** Those that run are not given up for others; there are no more of them than threads of the web server. */
    private void makeRoom(UUID user, long nowNs) {
        entries.values().removeIf(entry -> entry.isOver(nowNs));
        long ofUser = entries.keySet().stream()
                .filter(name -> name.user().equals(user))
                .count();
        if (ofUser >= ANSWERS_OF_USER_MAX) {
            removeOldest(Optional.of(user));
        } else if (entries.size() >= ANSWERS_MAX) {
            removeOldest(Optional.empty());
        }
    }

    private void removeOldest(Optional<UUID> user) {
        Iterator<Map.Entry<Name, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Name, Entry> entry = all.next();
            boolean meant = user.isEmpty() || entry.getKey().user().equals(user.get());
            if (meant && entry.getValue().answer().isPresent()) {
                all.remove();
                return;
            }
        }
    }
}
