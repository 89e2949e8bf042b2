// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;

/**
 * A recording's end of the archive: opens runs when there is a fragment for them, writes, holds what is refused, and
 * reports what is lost. One thread at a time.
 */
final class RunWriter {
    /** {@link #write}: the archive has it. */
    static final int WRITTEN = 0;
    /** {@link #write}: try again later; the fragment stays gathered. */
    static final int HELD = 1;
    /** {@link #write}: it is gone, the run is over, and the gap reported. */
    static final int LOST = 2;

    private static final long RETRY_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private final StreamId stream;
    private final FootageSink sink;
    private final RecordingStatistics statistics;

    private FootageSink.Run run;
    private StreamFormat format;
    private ClockSource clock = ClockSource.ARRIVAL;
    private int retentionDays;
    private long footageEndUs = Long.MIN_VALUE;
    private Optional<Explanation> refusal = Optional.empty();
    private long retryAt;
    private long retryNanos = RETRY_NANOS_MIN;
    private long holdUntil = Long.MAX_VALUE;

    RunWriter(StreamId stream, FootageSink sink, RecordingStatistics statistics) {
        this.stream = stream;
        this.sink = sink;
        this.statistics = statistics;
    }

    /** Fragments from now on are of a new run; it is opened with the first of them. */
    void prepare(StreamFormat runFormat, ClockSource runClock) {
        format = runFormat;
        clock = runClock;
    }

    /** Nothing is held any more after this moment: a recorder that ends cannot wait. */
    void holdUntil(long nanos) {
        holdUntil = nanos;
    }

    /** {@return whether the open run keeps its footage for another time than is wished} */
    boolean isKeptFor(int wishedDays) {
        return run == null || retentionDays == wishedDays;
    }

    /**
     * Writes the gathered fragment.
     *
     * @param days retention for a run that begins
     * @param endDts decode time at which the leading track goes on, -1 when unknown
     * @param endUs wall time at which the next fragment begins
     * @return {@link #WRITTEN}, {@link #HELD} or {@link #LOST}
     */
    int write(FragmentGatherer fragment, int days, long endDts, long endUs, long nowNanos) {
        if (refusal.isPresent()) {
            if (!fragment.isIntact()) {
                return lose(fragment, refusal.get());
            }
            if (nowNanos - retryAt < 0) {
                return HELD;
            }
        }
        try {
            if (run == null) {
                retentionDays = days;
                run = sink.openRun(stream, format, fragment.startUs(), clock, days);
            }
            if (!fragment.write(run, endDts, endUs)) {
                return lose(
                        fragment,
                        new Explanation(GapCause.RECORDER_OVERRUN, "the stream overtook the volume while it wrote"));
            }
        } catch (RefusedException refused) {
            return hold(fragment, new Explanation(refused.gapCause(), refused.getMessage()), nowNanos);
        } catch (IOException failed) {
            return failed(fragment, failed, nowNanos);
        }
        footageEndUs = endUs;
        refusal = Optional.empty();
        retryNanos = RETRY_NANOS_MIN;
        statistics.written(fragment.count(), endUs, nowNanos);
        fragment.drop();
        return WRITTEN;
    }

    private int failed(FragmentGatherer fragment, IOException failure, long nowNanos) {
        // The archive has sealed the run at its last whole fragment.
        run = null;
        Explanation why = failure.getCause() instanceof RefusedException refused
                ? new Explanation(refused.gapCause(), refused.getMessage())
                : new Explanation(GapCause.VOLUME_ABSENT, String.valueOf(failure.getMessage()));
        // A run can begin with a key frame only; with one, another volume may take the fragment.
        return fragment.startsWithKey() ? hold(fragment, why, nowNanos) : lose(fragment, why);
    }

    private int hold(FragmentGatherer fragment, Explanation why, long nowNanos) {
        refusal = Optional.of(why);
        statistics.trouble(why);
        if (nowNanos - holdUntil >= 0 && holdUntil != Long.MAX_VALUE) {
            return lose(fragment, why);
        }
        retryAt = nowNanos + retryNanos;
        retryNanos = Math.min(RETRY_NANOS_MAX, retryNanos * 2);
        return HELD;
    }

    private int lose(FragmentGatherer fragment, Explanation why) {
        statistics.lost(fragment.count());
        long from = hasFootage() ? footageEndUs : fragment.startUs();
        fragment.drop();
        end();
        gap(from, why);
        return LOST;
    }

    /** Ends the open run, if there is one. */
    void end() {
        if (run == null) {
            return;
        }
        FootageSink.Run ended = run;
        run = null;
        try {
            ended.end(footageEndUs);
        } catch (IOException sealedByRepair) {
            statistics.trouble(new Explanation(GapCause.UNKNOWN, String.valueOf(sealedByRepair.getMessage())));
        }
    }

    /** Nothing is recorded from there on, but not before the end of what is. */
    void gap(long fromUs, Explanation why) {
        statistics.trouble(why);
        sink.gap(stream, Math.max(fromUs, footageEndUs), why.cause(), why.detail());
    }

    boolean hasFootage() {
        return footageEndUs != Long.MIN_VALUE;
    }

    /** {@return wall time up to which footage is written; only after {@link #hasFootage}} */
    long footageEndUs() {
        return footageEndUs;
    }

    /** {@return why the archive takes nothing now} */
    Optional<Explanation> refusal() {
        return refusal;
    }
}
