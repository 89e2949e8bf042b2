// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageSink.NotDurableException;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.FootageTerms;

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
    /** {@link #write}: the run broke off; what is not written must be gathered again, from a key frame on. */
    static final int REWIND = 3;

    private static final long RETRY_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
    /** A hole shorter than this is the distance of two pictures. */
    private static final long HOLE_US_MIN = 200_000;
    /** How often a run asks whether its volume is still the right one. */
    private static final long PLACE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /**
     * What no volume takes for so long is told as a gap, though the ring may hold it yet: of a stream of low bit rate it
     * holds minutes, and whoever must act is promised to hear of it within half of one.
     */
    static final long UNWRITTEN_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

    private final StreamId stream;
    private final FootageSink sink;
    private final RecordingStatistics statistics;
    private final LongSupplier nowUs;
    private volatile boolean abandoned;

    private String volume = "";
    private volatile String wantedVolume = "";
    private FootageSink.Run run;
    private StreamFormat format;
    private ClockSource clock = ClockSource.ARRIVAL;
    private FootageTerms terms = FootageTerms.days(1);
    private long footageEndUs;
    private long explainedUs = RecordingStatistics.NEVER;
    private long rewindToUs = Long.MAX_VALUE;
    private Optional<Explanation> refusal = Optional.empty();
    /** Why the cursor is behind, until it has caught up. */
    private Optional<Explanation> behindFor = Optional.empty();
    /** What another thread said while ours hung in the volume, until the cursor has caught up. */
    private volatile Optional<Explanation> hung = Optional.empty();

    private final Outage outage = new Outage();
    private long refusedSince;
    private long retryAt;
    private long retryNanos = RETRY_NANOS_MIN;
    private long holdUntil = Long.MAX_VALUE;
    private long placeAskedNanos = System.nanoTime();

    RunWriter(StreamId stream, Surroundings around, RecordingStatistics statistics) {
        this.stream = stream;
        this.sink = around.sink();
        this.nowUs = around.nowUs();
        this.statistics = statistics;
        this.footageEndUs = statistics.writtenUs();
    }

    /** Told before the first step on the thread of a volume: runs are opened on it and nowhere else. */
    void volume(String name) {
        volume = name;
        wantedVolume = name;
    }

    /** {@return the volume on whose thread the recording should be; any thread} */
    String wantedVolume() {
        return wantedVolume;
    }

    /** Another thread goes on in our place; nothing is written, reported or counted any more. Any thread. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Our thread hangs in the volume; what the ring does not hold until it comes back is missing for that. Any thread. */
    void heldUp(Explanation why) {
        hung = Optional.of(why);
    }

    /** A gap was said for that, by the thread that watches. */
    void told(Explanation why) {
        outage.told(why.cause());
    }

    /** Fragments from now on are of a new run; it is opened with the first of them. */
    void prepare(StreamFormat runFormat, ClockSource runClock, long startUs) {
        format = runFormat;
        clock = runClock;
        if (refusal.isPresent() && hasBegun() && startUs - missingFromUs() > HOLE_US_MIN) {
            // After a failure the ring held less than was missing.
            missing(refusal.get(), outage.fromUs(startUs));
        }
    }

    /** Nothing is held any more after this moment: a recorder that ends cannot wait. */
    void holdUntil(long nanos) {
        holdUntil = nanos;
    }

    /** {@return whether the open run is kept as is wished, and where} */
    boolean isKeptAs(FootageTerms wished, long nowNanos) {
        if (run == null) {
            return true;
        }
        if (!terms.equals(wished)) {
            return false;
        }
        if (nowNanos - placeAskedNanos < PLACE_NANOS) {
            return true;
        }
        placeAskedNanos = nowNanos;
        try {
            return sink.volumeFor(stream, wished).equals(volume);
        } catch (RefusedException noOther) {
            return true;
        }
    }

    /** {@return whether the archive is ready for the gathered fragment; false to ask again in the next step} */
    boolean isReadyFor(FragmentGatherer fragment) {
        return run == null || run.isReady(fragment.startUs(), fragment.startsWithKey());
    }

    /**
     * Announces the gathered fragment where a run is open for it.
     *
     * @return whether {@link #write} with the same ends should wait until other streams have announced theirs
     */
    boolean announce(FragmentGatherer fragment, long endDts, long endUs) {
        return run != null && !abandoned && fragment.announce(run, endDts, endUs);
    }

    /**
     * Writes the gathered fragment.
     *
     * @param wished terms for a run that begins
     * @param endDts decode time at which the leading track goes on, -1 when unknown
     * @param endUs wall time at which the next fragment begins
     * @return {@link #WRITTEN}, {@link #HELD}, {@link #LOST} or {@link #REWIND}
     */
    int write(FragmentGatherer fragment, FootageTerms wished, long endDts, long endUs, long nowNanos) {
        if (refusal.isPresent() && run == null) {
            if (!fragment.isIntact()) {
                return lose(fragment, refusal.get());
            }
            if (nowNanos - retryAt < 0) {
                return HELD;
            }
        }
        try {
            if (run == null && !open(fragment, wished, nowNanos)) {
                return HELD;
            }
            if (!fragment.write(run, endDts, endUs)) {
                return lose(
                        fragment,
                        hung.orElseGet(() -> new Explanation(
                                GapCause.RECORDER_OVERRUN, "the stream overtook the volume while it wrote")));
            }
        } catch (RefusedException refused) {
            return hold(fragment, new Explanation(refused.gapCause(), refused.getMessage()), nowNanos);
        } catch (IOException failed) {
            return failed(fragment, failed, nowNanos);
        }
        footageEndUs = endUs;
        forgive();
        if (!abandoned) {
            fragment.mark();
            statistics.written(fragment.count(), endUs, nowNanos);
        }
        fragment.drop();
        return WRITTEN;
    }

    /** {@return false when the run belongs to a volume that another thread writes} */
    private boolean open(FragmentGatherer fragment, FootageTerms wished, long nowNanos) throws RefusedException {
        String place = sink.volumeFor(stream, wished);
        if (!place.equals(volume)) {
            wantedVolume = place;
            return false;
        }
        terms = wished;
        placeAskedNanos = nowNanos;
        run = sink.openRun(volume, new RunRequest(stream, format, fragment.startUs(), clock, wished));
        return true;
    }

    private int failed(FragmentGatherer fragment, IOException failure, long nowNanos) {
        // The archive has sealed the run at its last whole fragment.
        run = null;
        Explanation why = failure.getCause() instanceof RefusedException refused
                ? new Explanation(refused.gapCause(), refused.getMessage())
                : new Explanation(GapCause.VOLUME_ABSENT, String.valueOf(failure.getMessage()));
        boolean doubted = failure instanceof NotDurableException;
        int held = hold(fragment, why, nowNanos);
        if (held == LOST || !doubted && fragment.startsWithKey()) {
            // A run can begin with a key frame only; with one, another volume may take the fragment.
            return held;
        }
        // What the ring no longer holds of it the archive reads back, and explains when it cannot.
        rewindToUs = doubted ? ((NotDurableException) failure).durableEndUs() : Long.MAX_VALUE;
        fragment.drop();
        return REWIND;
    }

    /** {@return wall time from which on footage must be written again; once after {@link #REWIND}} */
    long takeRewindUs() {
        long toUs = rewindToUs;
        rewindToUs = Long.MAX_VALUE;
        return toUs;
    }

    private int hold(FragmentGatherer fragment, Explanation why, long nowNanos) {
        refusedSince = refusal.isEmpty() ? nowNanos : refusedSince;
        outage.refused(fragment.startUs(), refusal.isEmpty());
        refusal = Optional.of(why);
        behindFor = refusal;
        trouble(why);
        if (nowNanos - holdUntil >= 0 && holdUntil != Long.MAX_VALUE) {
            return lose(fragment, why);
        }
        if (fragment.isFollowedByLoss() || nowNanos - refusedSince >= UNWRITTEN_NANOS_MAX) {
            // None of it is on a disk, and not all of it may ever be: whoever must act hears of it now. What is still
            // written of the time moves the gap to its place.
            tell(why, outage.fromUs(fragment.startUs()), nowNanos);
        }
        retryAt = nowNanos + retryNanos;
        retryNanos = Math.min(RETRY_NANOS_MAX, retryNanos * 2);
        return HELD;
    }

    /** A gap that is open already has another cause from now on, when that has lasted; what was before stays as it was. */
    private void tell(Explanation why, long fromUs, long nowNanos) {
        if (!outage.isTold()) {
            missing(why, fromUs);
        }
        if (outage.changesTo(why.cause(), nowNanos)) {
            refused(nowUs.getAsLong(), why);
        }
    }

    private void refused(long fromUs, Explanation why) {
        gap(fromUs, why);
        outage.told(why.cause());
    }

    /**
     * What is missing is so for this reason, unless another was said since no volume takes it.
     *
     * @param fromUs where that began, if something else was missing before
     */
    private void missing(Explanation why, long fromUs) {
        if (!outage.isTold()) {
            boolean isFirst = hasBegun() && !statistics.isMissing();
            refused(isFirst ? missingFromUs() : Math.max(missingFromUs(), fromUs), why);
        }
    }

    private int lose(FragmentGatherer fragment, Explanation why) {
        lost(fragment.count());
        long fromUs = refusal.isPresent() ? outage.fromUs(fragment.startUs()) : fragment.startUs();
        fragment.drop();
        end();
        missing(why, fromUs);
        return LOST;
    }

    /** The ring's writer took what was not gathered yet. */
    void overtaken(long units, Explanation otherwise) {
        lost(units);
        if (hasBegun()) {
            missing(
                    refusal().orElse(otherwise),
                    refusal.isPresent() ? outage.fromUs(nowUs.getAsLong()) : missingFromUs());
        }
    }

    void lost(long units) {
        if (!abandoned) {
            statistics.lost(units);
        }
    }

    private void trouble(Explanation why) {
        if (!abandoned) {
            statistics.trouble(why);
        }
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
            trouble(new Explanation(GapCause.UNKNOWN, String.valueOf(sealedByRepair.getMessage())));
        }
    }

    /** Nothing is recorded from there on, but not before the end of what is. */
    void gap(long fromUs, Explanation why) {
        outage.otherwiseMissing();
        if (!abandoned) {
            statistics.missing(why);
            sink.gap(stream, Math.max(fromUs, footageEndUs), why.cause(), why.detail());
        }
    }

    /** Before this time nothing is missing: footage begins with it, and what lies before was not wanted. */
    void explainedTo(long wallUs) {
        explainedUs = Math.max(explainedUs, wallUs);
    }

    /** {@return whether it is known from when on footage would be missing} */
    boolean hasBegun() {
        return missingFromUs() != RecordingStatistics.NEVER;
    }

    /** {@return wall time from which footage is missing if none is written now; only after {@link #hasBegun}} */
    long missingFromUs() {
        return Math.max(footageEndUs, explainedUs);
    }

    boolean hasFootage() {
        return footageEndUs != RecordingStatistics.NEVER;
    }

    /** {@return wall time up to which footage is written; only after {@link #hasFootage}} */
    long footageEndUs() {
        return footageEndUs;
    }

    /** {@return why the archive takes nothing now, or took nothing when what is written now was new} */
    Optional<Explanation> refusal() {
        return refusal.or(() -> behindFor).or(() -> hung);
    }

    /** All that the ring holds is gathered: what is lost from now on has another reason. */
    void caughtUp() {
        if (refusal.isEmpty()) {
            behindFor = Optional.empty();
            if (hung.isPresent()) {
                hung = Optional.empty();
            }
        }
    }

    /** What the archive refused until now and the ring does not hold any more is missing for that reason. */
    void settle(long startedUs) {
        refusal.ifPresent(why -> missing(why, hasBegun() ? outage.fromUs(nowUs.getAsLong()) : startedUs));
        forgive();
    }

    /** Nothing is missing for what the archive refused until now. */
    void forgive() {
        refusal = Optional.empty();
        outage.over();
        retryNanos = RETRY_NANOS_MIN;
    }

    /** What a successor says if the ring does not hold all that its predecessor could not write. */
    void broken(Explanation why) {
        refusal = Optional.of(why);
        outage.refused(footageEndUs, true);
        retryAt = System.nanoTime();
        refusedSince = retryAt;
    }
}
