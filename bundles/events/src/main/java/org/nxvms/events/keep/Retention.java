// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.event.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old events: by age, and the oldest when there are too many. In small steps between writes, so that neither
 * publishing nor writing waits for it. The writer's thread only; the count is read by any.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int STEP_ROWS = 500;
    private static final long CHECK_MS = 60_000;

    private final UUID serverId;
    private final Supplier<OptionalLong> ageUs;
    private final LongSupplier nowMs;
    private volatile Limits limits;
    private volatile long rows;
    private long checkAtMs;
    private long removed;

    /** How much is kept. */
    public record Limits(int daysMax, long rowsMax) {}

    /**
     * @param ageUs the time by which events grow old, see {@link org.nxvms.platform.api.archive.AgeClock}; none is too old while
     *     it is not known
     * @param nowMs monotonic
     */
    public Retention(UUID serverId, Limits limits, Supplier<OptionalLong> ageUs, LongSupplier nowMs) {
        this.serverId = serverId;
        this.limits = limits;
        this.ageUs = ageUs;
        this.nowMs = nowMs;
        this.checkAtMs = nowMs.getAsLong();
    }

    public void limits(Limits now) {
        limits = now;
    }

    public long rows() {
        return rows;
    }

    void connected(EventStore store) {
        rows = store.count(serverId);
    }

    void added(int count) {
        rows += count;
    }

    /** One step; {@return milliseconds until the next, 0 when there is more to remove} */
    long turn(EventStore store) {
        long wait = checkAtMs - nowMs.getAsLong();
        if (wait > 0) {
            return wait;
        }
        OptionalLong now = ageUs.get();
        int gone = now.isEmpty()
                ? 0
                : store.deleteOldest(serverId, now.getAsLong() - TimeUnit.DAYS.toMicros(limits.daysMax()), STEP_ROWS);
        long tooMany = rows - gone - limits.rowsMax();
        if (gone == 0 && tooMany > 0) {
            gone = store.deleteOldest(serverId, Long.MAX_VALUE, (int) Math.min(STEP_ROWS, tooMany));
        }
        rows -= gone;
        removed += gone;
        if (gone > 0) {
            return 0;
        }
        if (removed > 0) {
            LOG.info("Removed {} old events, {} are kept", removed, rows);
        }
        removed = 0;
        checkAtMs = nowMs.getAsLong() + CHECK_MS;
        return CHECK_MS;
    }
}
