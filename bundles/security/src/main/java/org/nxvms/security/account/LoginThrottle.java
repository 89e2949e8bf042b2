// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.rest.kit.rate.Networks;

/**
 * Slows guessing down. A few attempts are free; then each failure doubles the wait: of a name from one network, of a
 * network whatever the names, and of a name from wherever, so that many machines gain little. Counted when an attempt
 * begins, so that many at once gain nothing, and for names that nobody has as for others.
 *
 * <p>Nobody can be locked out by that: a browser the user has signed in with before has a count of its own and does not
 * wait for what strangers do, and neither does who is on the machine itself for what others do to the name.
 */
final class LoginThrottle {
    private static final int FORGET_MINUTES = 15;

    private final LongSupplier nanoClock;
    private final Counts devices = new Counts(5, 300);
    private final Counts namesFromNetworks = new Counts(5, 300);
    private final Counts networks = new Counts(30, 300);
    private final Counts names = new Counts(100, 60);

    /**
     * Somebody who says to be a user.
     *
     * @param device the browser, when the user has signed in with it before
     */
    record Attempt(String username, String address, Optional<String> device) {
        private String name() {
            return UserStore.nameKey(username);
        }

        /** {@return whether somebody else's guesses are no concern of this one} */
        boolean isOfNoStranger() {
            return device.isPresent() || Networks.isLoopback(Networks.of(address));
        }
    }

    LoginThrottle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** {@return 0 when the attempt may go on and was counted, else seconds to wait} */
    synchronized int begin(Attempt attempt) {
        long now = nanoClock.getAsLong();
        List<Tries> counted = countedBy(attempt, now);
        long wait =
                counted.stream().mapToLong(tries -> tries.openNanos - now).max().orElse(0);
        if (wait > 0) {
            return (int) TimeUnit.NANOSECONDS.toSeconds(wait + TimeUnit.SECONDS.toNanos(1) - 1);
        }
        counted.forEach(tries -> tries.count(now));
        return 0;
    }

    /** The attempt was a right one: what belongs to the user alone begins anew, the rest gets this attempt back. */
    synchronized void succeeded(Attempt attempt) {
        if (attempt.device().isPresent()) {
            devices.forget(attempt.device().get());
            return;
        }
        countedBy(attempt, nanoClock.getAsLong()).forEach(Tries::giveBack);
        namesFromNetworks.forget(pair(attempt));
    }

    /** Whether the attempt was a right one could not be told: nobody waits for that. */
    synchronized void notJudged(Attempt attempt) {
        countedBy(attempt, nanoClock.getAsLong()).forEach(Tries::giveBack);
    }

    synchronized int size() {
        return devices.size() + namesFromNetworks.size() + networks.size() + names.size();
    }

    private List<Tries> countedBy(Attempt attempt, long now) {
        if (attempt.device().isPresent()) {
            return List.of(devices.of(attempt.device().get(), now));
        }
        String network = Networks.of(attempt.address());
        Tries pair = namesFromNetworks.of(pair(attempt), now);
        Tries whole = networks.of(network, now);
        return Networks.isLoopback(network)
                ? List.of(pair, whole)
                : List.of(pair, whole, names.of(attempt.name(), now));
    }

    private static String pair(Attempt attempt) {
        return attempt.name() + '|' + Networks.of(attempt.address());
    }

    /** Attempts without success since the last long rest. */
    private static final class Tries {
        private final int free;
        private final int waitSecondsMax;
        private int attempts;
        private long lastNanos;
        private long openNanos;

        private Tries(int free, int waitSecondsMax, long now) {
            this.free = free;
            this.waitSecondsMax = waitSecondsMax;
            this.lastNanos = now;
            this.openNanos = now;
        }

        private void count(long now) {
            attempts++;
            lastNanos = now;
            int beyond = attempts - free;
            if (beyond >= 0) {
                long seconds = Math.min(waitSecondsMax, 1L << Math.min(beyond, 16));
                openNanos = now + TimeUnit.SECONDS.toNanos(seconds);
            }
        }

        private void giveBack() {
            attempts = Math.max(0, attempts - 1);
            openNanos = lastNanos;
        }
    }

    /** Tries by key. Bounded: the longest unused entry makes room. */
    private static final class Counts {
        private static final int ENTRIES_MAX = 10_000;

        private final int free;
        private final int waitSecondsMax;
        private final Map<String, Tries> entries = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
                return size() > ENTRIES_MAX;
            }
        };

        private Counts(int free, int waitSecondsMax) {
            this.free = free;
            this.waitSecondsMax = waitSecondsMax;
        }

        private Tries of(String key, long now) {
            Tries entry = entries.get(key);
            if (entry == null || now - entry.lastNanos > TimeUnit.MINUTES.toNanos(FORGET_MINUTES)) {
                entry = new Tries(free, waitSecondsMax, now);
                entries.put(key, entry);
            }
            return entry;
        }

        private void forget(String key) {
            entries.remove(key);
        }

        private int size() {
            return entries.size();
        }
    }
}
