// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

/** So much in a time, with that much at once at most: a token bucket. Guarded by its owner. */
final class Allowance {
    private final long max;
    private final long perNs;
    private long left;
    private long countedNs;

    /**
     * @param max in {@code timeNs}
     * @param timeNs in which it is full again
     */
    Allowance(long max, long timeNs, long nowNs) {
        this.max = max;
        this.perNs = timeNs;
        this.left = max;
        this.countedNs = nowNs;
    }

    /** {@return whether so much may be taken now, and takes it} */
    boolean take(long amount, long nowNs) {
        refill(nowNs);
        if (left < amount) {
            return false;
        }
        left -= amount;
        return true;
    }

    /** {@return how much is left} */
    long left(long nowNs) {
        refill(nowNs);
        return left;
    }

    private void refill(long nowNs) {
        long elapsedNs = Math.min(perNs, nowNs - countedNs);
        long more = (long) ((double) max * elapsedNs / perNs);
        if (more > 0) {
            left = Math.min(max, left + more);
            countedNs = nowNs;
        }
    }
}
