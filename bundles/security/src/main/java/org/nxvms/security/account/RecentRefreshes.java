// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * What the refresh tokens used within the last half minute were exchanged for. A client whose answer was lost on the way
 * asks again with the same token and gets the same answer; without this it would look like a thief and lose its session.
 * In memory only and bounded: whoever finds no place, or asks after a restart, signs in again.
 */
final class RecentRefreshes {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int WAIT_SECONDS_MAX = 5;
    private static final int ENTRIES_MAX = 1_000;

    private final LongSupplier nanoClock;
    private final Map<String, Refresh> byHash = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refresh> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    /** One exchange, under way or done. */
    static final class Refresh {
        private final String address;
        private final long begunNanos;
        private final CompletableFuture<String> next = new CompletableFuture<>();

        private Refresh(String address, long begunNanos) {
            this.address = address;
            this.begunNanos = begunNanos;
        }

        /** The next token is stored and can be handed out again. */
        void done(String nextToken) {
            next.complete(nextToken);
        }
    }

    RecentRefreshes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized int size() {
        return byHash.size();
    }

    /** {@return the exchange to carry out; empty when another one of this token is known} */
    synchronized Optional<Refresh> begin(String tokenHash, String address) {
        long now = nanoClock.getAsLong();
        byHash.values().removeIf(old -> now - old.begunNanos > GRACE_NANOS);
        Refresh mine = new Refresh(address, now);
        return byHash.putIfAbsent(tokenHash, mine) == null ? Optional.of(mine) : Optional.empty();
    }

    /** The exchange failed; nobody gets anything by it. */
    void failed(String tokenHash, Refresh refresh) {
        synchronized (this) {
            byHash.remove(tokenHash, refresh);
        }
        refresh.next.cancel(false);
    }

    /**
     * {@return what the token was exchanged for from the same address a moment ago} Waits while that is under way.
     *
     * @throws TimeoutException when that failed or takes too long: whether the token is good is not known then
     */
    Optional<String> again(String tokenHash, String address) throws InterruptedException, TimeoutException {
        Refresh first;
        synchronized (this) {
            first = byHash.get(tokenHash);
        }
        if (first == null || !first.address.equals(address) || nanoClock.getAsLong() - first.begunNanos > GRACE_NANOS) {
            return Optional.empty();
        }
        try {
            return Optional.of(first.next.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS));
        } catch (ExecutionException | CancellationException e) {
            throw (TimeoutException) new TimeoutException("the first exchange failed").initCause(e);
        }
    }
}
