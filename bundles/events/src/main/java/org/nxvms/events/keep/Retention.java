// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
    /** A clock that runs further ahead of the time lived through makes no event older (as ADR 13 for footage). */
    private static final long AHEAD_US_MAX = TimeUnit.HOURS.toMicros(1);

    private final UUID serverId;
    private final LongSupplier nowUs;
    private final LongSupplier nowMs;
    private final long bornUs;
    private final long bornMs;
    private volatile Limits limits;
    private volatile long rows;
    private long checkAtMs;
    private long removed;

    /** How much is kept. */
    public record Limits(int daysMax, long rowsMax) {}

    public Retention(UUID serverId, Limits limits, LongSupplier nowUs, LongSupplier nowMs) {
        this.serverId = serverId;
        this.limits = limits;
        this.nowUs = nowUs;
        this.nowMs = nowMs;
        this.bornUs = nowUs.getAsLong();
        this.bornMs = nowMs.getAsLong();
        this.checkAtMs = bornMs;
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
        long beforeUs = ageUs() - TimeUnit.DAYS.toMicros(limits.daysMax());
        int gone = store.deleteOldest(serverId, beforeUs, STEP_ROWS);
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

    /** {@return the time by which events grow old: a clock that is set ahead by mistake must not delete them all} */
    private long ageUs() {
        long livedUs = TimeUnit.MILLISECONDS.toMicros(nowMs.getAsLong() - bornMs);
        return Math.min(nowUs.getAsLong(), bornUs + livedUs + AHEAD_US_MAX);
    }
}
