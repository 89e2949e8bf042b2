// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/** How long nothing came out of the ring, and what is said about it. One thread at a time. */
final class Silence {
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long EXPLAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Explanation STALLED = new Explanation(GapCause.STREAM_STALLED, "no picture arrives");
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final StreamId stream;
    private final Surroundings around;
    private final RunWriter writer;
    private final RecordingStatistics statistics;
    private final long startedUs;
    private long lastUnitNanos;
    private long explainAt;

    Silence(StreamId stream, Surroundings around, RunWriter writer, RecordingStatistics statistics) {
        this.stream = stream;
        this.around = around;
        this.writer = writer;
        this.statistics = statistics;
        this.startedUs = around.nowUs().getAsLong();
        this.lastUnitNanos = System.nanoTime();
        this.explainAt = lastUnitNanos + FIRST_NANOS;
    }

    /** {@return when the recording began} */
    long startedUs() {
        return startedUs;
    }

    void broken(long nowNanos) {
        lastUnitNanos = nowNanos;
    }

    /** {@return whether what is gathered should not wait for the next picture any more} */
    boolean isFlushDue(long nowNanos) {
        return nowNanos - lastUnitNanos > FLUSH_NANOS;
    }

    /** {@return whether it is so long that the run is over} */
    boolean isLong(long nowNanos) {
        return nowNanos - lastUnitNanos > SILENT_NANOS;
    }

    boolean isExplanationDue(long nowNanos) {
        return nowNanos - explainAt >= 0;
    }

    /**
     * Reports a gap when somebody knows why nothing comes, or when it lasts; only while footage is wanted.
     *
     * @param absence what the ring says
     */
    void explain(Optional<Explanation> absence, long nowNanos) {
        explainAt = nowNanos + EXPLAIN_NANOS;
        Optional<Explanation> known = around.explanations().whySilent(stream);
        if (known.isEmpty() && !isMissed()) {
            known = absence.or(() -> isLong(nowNanos) ? Optional.of(STALLED) : Optional.empty());
        }
        known.ifPresent(why -> gapUnlessKnown(why, isMissed()));
    }

    /** Nothing is wanted: from the end of footage on, or where there was a gap already, from {@code changedUs} on. */
    void idle(GapCause cause, long changedUs) {
        if (!statistics.isTrouble(cause)) {
            writer.gap(statistics.hasTrouble() ? changedUs : missingFromUs(), new Explanation(cause, ""));
        }
    }

    /** Reports a gap unless the last one had the same cause. @param another whether it takes the place of one that counts */
    private void gapUnlessKnown(Explanation why, boolean another) {
        if (!statistics.isTrouble(why.cause())) {
            writer.gap(another ? around.nowUs().getAsLong() : missingFromUs(), why);
        }
    }

    /** {@return whether it was said why footage is missing; that it was not wanted before is no reason} */
    private boolean isMissed() {
        return statistics.hasTrouble()
                && !statistics.isTrouble(GapCause.NO_EVENT)
                && !statistics.isTrouble(GapCause.NOT_SCHEDULED);
    }

    /** {@return where what is wanted is not written; not before our time, of which another may have written} */
    private long missingFromUs() {
        return writer.hasFootage() ? writer.missingFromUs() : Math.max(startedUs, writer.missingFromUs());
    }
}
