// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.worker.EncoderPlaces;

/** Places for encodings that are not live, of what live streams leave of the budget. Any thread. */
final class Places implements EncoderPlaces {
    private final BooleanSupplier wantedByViewers;
    /** In the order of their asking. */
    private final List<Asked> all = new ArrayList<>();

    private boolean closed;

    /** @param wantedByViewers whether a live stream waits for its encoding */
    Places(BooleanSupplier wantedByViewers) {
        this.wantedByViewers = wantedByViewers;
    }

    private final class Asked implements Place {
        /** Guarded by the places. */
        private boolean given;

        @Override
        public boolean isGiven() {
            synchronized (Places.this) {
                return given || closed;
            }
        }

        @Override
        public boolean isWanted() {
            return wantedByViewers.getAsBoolean();
        }

        @Override
        public void close() {
            synchronized (Places.this) {
                all.remove(this);
            }
        }
    }

    @Override
    public synchronized Place ask() {
        Asked asked = new Asked();
        all.add(asked);
        return asked;
    }

    /** {@return how many of them are taken} */
    synchronized int taken() {
        return (int) all.stream().filter(one -> one.given).count();
    }

    /** {@return how many are waited for} */
    synchronized int waiting() {
        return all.size() - taken();
    }

    /** Gives those that were asked for first, as many as there may be. */
    synchronized void give(long free) {
        long left = free;
        for (Asked one : all) {
            if (!one.given && left > 0) {
                one.given = true;
                left--;
            }
        }
    }

    /** Whoever waits begins: nobody else encodes any more. */
    synchronized void close() {
        closed = true;
    }
}
