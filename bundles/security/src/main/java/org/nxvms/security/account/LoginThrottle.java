// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows guessing down. A few attempts are free; then each failure doubles the wait, per user and
 * address, and with more free attempts per address alone. Counted when an attempt begins, so that many
 * at once gain nothing. Bounded: the longest unused entry makes room.
 */
final class LoginThrottle {
    private static final int FREE_PER_USER = 5;
    private static final int FREE_PER_ADDRESS = 30;
    private static final int WAIT_SECONDS_MAX = 300;
    private static final int ENTRIES_MAX = 10_000;

    /** Without an attempt for this long an entry counts from nothing again. */
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(15);

    private final LongSupplier nanoClock;
    private final Map<String, Tries> entries = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    private static final class Tries {
        private int attempts;
        private long lastNanos;
        private long openNanos;
    }

    LoginThrottle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** {@return 0 when the attempt may go on and was counted, else seconds to wait} */
    synchronized int begin(String username, String address) {
        long now = nanoClock.getAsLong();
        Tries user = entry(userKey(username, address), now);
        Tries host = entry(address, now);
        long wait = Math.max(user.openNanos, host.openNanos) - now;
        if (wait > 0) {
            return (int) TimeUnit.NANOSECONDS.toSeconds(wait + TimeUnit.SECONDS.toNanos(1) - 1);
        }
        count(user, FREE_PER_USER, now);
        count(host, FREE_PER_ADDRESS, now);
        return 0;
    }

    /** A right password: the user's count from this address begins anew, the address gets this attempt back. */
    synchronized void succeeded(String username, String address) {
        entries.remove(userKey(username, address));
        Tries host = entries.get(address);
        if (host != null) {
            host.attempts = Math.max(0, host.attempts - 1);
            host.openNanos = host.lastNanos;
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private Tries entry(String key, long now) {
        Tries entry = entries.get(key);
        if (entry == null || now - entry.lastNanos > FORGET_NANOS) {
            entry = new Tries();
            entry.lastNanos = now;
            entry.openNanos = now;
            entries.put(key, entry);
        }
        return entry;
    }

    private static void count(Tries entry, int free, long now) {
        entry.attempts++;
        entry.lastNanos = now;
        int beyond = entry.attempts - free;
        if (beyond >= 0) {
            long seconds = Math.min(WAIT_SECONDS_MAX, 1L << Math.min(beyond, 16));
            entry.openNanos = now + TimeUnit.SECONDS.toNanos(seconds);
        }
    }

    private static String userKey(String username, String address) {
        return username.toLowerCase(Locale.ROOT) + '|' + address;
    }
}
