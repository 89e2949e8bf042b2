// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/**
 * One stream on its way from the ring to the archive: polls the cursor, gathers access units, cuts a fragment when the
 * next unit is known, writes it. Runs on one worker thread; only {@link #order} and {@link #status} are for others.
 *
 * <p>When the archive refuses, the fragment is held and the cursor stands still: the ring keeps what comes meanwhile.
 * Only when the ring's writer overtakes the held fragment is footage lost, and that is a gap with the refusal's cause.
 */
final class StreamRecording {
    private static final int POLLS_MAX = 256;
    private static final long FRAGMENT_SECONDS_MAX = 1;
    /** Audio alone closes a fragment when video is this late. */
    private static final long AUDIO_SECONDS_MAX = 2;

    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long EXPLAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int NONE = -1;

    private final StreamId stream;
    private final ReaderSource readers;
    private final Explanation.Source explanations;
    private final LongSupplier nowUs;
    private final long startedUs;
    private final RecordingStatistics statistics;
    private final RunWriter writer;
    private volatile RecordingOrder order;

    private StreamReader reader;
    private FragmentGatherer fragment;
    private Optional<TrackLayout> layout = Optional.empty();
    private boolean inRun;
    private boolean afterLoss;
    private boolean passing;
    private long firstSequence;
    private boolean draining;
    private boolean done;

    // The access unit or event that waits until a held fragment is written.
    private int pending = NONE;
    private boolean prepared;
    private long preparedPts;
    private long preparedDts;

    private final LeadTimes times = new LeadTimes();
    private long skippedSeen;
    private long lastUnitNanos;
    private long explainAt;
    private long reopenAt;

    /** Opens cursors; see {@link ResumePoint}. */
    @FunctionalInterface
    interface ReaderSource {
        ResumePoint.Start open(StreamId stream);
    }

    StreamRecording(
            StreamId stream,
            RecordingOrder order,
            FootageSink sink,
            ReaderSource readers,
            Explanation.Source explanations,
            LongSupplier nowUs) {
        this.stream = stream;
        this.order = order;
        this.readers = readers;
        this.explanations = explanations;
        this.nowUs = nowUs;
        this.startedUs = nowUs.getAsLong();
        this.statistics = new RecordingStatistics(stream);
        this.writer = new RunWriter(stream, sink, statistics);
        this.lastUnitNanos = System.nanoTime();
        this.reopenAt = lastUnitNanos;
        this.explainAt = lastUnitNanos + FLUSH_NANOS;
    }

    StreamId stream() {
        return stream;
    }

    void order(RecordingOrder newOrder) {
        order = newOrder;
    }

    RecordingStatus status() {
        return statistics.status();
    }

    /** Does what there is to do; {@return whether more may wait}. */
    boolean step(long nowNanos) {
        if (done || reader == null && !open(nowNanos)) {
            return false;
        }
        if (pending != NONE) {
            if (!handle(pending, nowNanos)) {
                return false;
            }
            pending = NONE;
        }
        for (int polls = 0; polls < POLLS_MAX && !done && reader != null; polls++) {
            int entry = reader.poll();
            if (entry == StreamReader.EMPTY) {
                idle(nowNanos);
                return false;
            }
            if (!handle(entry, nowNanos)) {
                pending = entry;
                return false;
            }
        }
        return !done && reader != null;
    }

    private boolean open(long nowNanos) {
        if (nowNanos - reopenAt < 0) {
            return false;
        }
        reopenAt = nowNanos + REOPEN_NANOS;
        ResumePoint.Start start = readers.open(stream);
        reader = start.reader();
        firstSequence = start.firstSequence();
        passing = firstSequence >= 0;
        skippedSeen = reader.skipped();
        layout = Optional.empty();
        return true;
    }

    /** {@return false when the entry must be handled again, since a fragment is held} */
    private boolean handle(int entry, long nowNanos) {
        if (passing && passes(entry)) {
            return true;
        }
        return switch (entry) {
            case StreamReader.ACCESS_UNIT -> unit(nowNanos);
            case StreamReader.RUN_START -> runStart(nowNanos);
            case StreamReader.RUN_END -> runEnd(nowNanos);
            case StreamReader.LAPPED -> lapped(nowNanos);
            case StreamReader.CLOSED -> closed(nowNanos);
            default -> true;
        };
    }

    /** Whether the entry lies before the place where this recorder begins. */
    private boolean passes(int entry) {
        passing = entry == StreamReader.RUN_START
                || entry == StreamReader.RUN_END
                || entry == StreamReader.ACCESS_UNIT && reader.sequence() < firstSequence;
        return passing && entry != StreamReader.RUN_START;
    }

    private boolean runStart(long nowNanos) {
        if (!finish(times.endUs(), nowNanos)) {
            return false;
        }
        layout = TrackLayout.of(reader.format());
        if (layout.isPresent()) {
            fragment = new FragmentGatherer(reader, layout.get().stored());
        } else {
            writer.gap(
                    reader.wallUs(),
                    new Explanation(
                            GapCause.UNSUPPORTED,
                            "the stream is " + reader.format().codecs() + ", which cannot be stored"));
        }
        return true;
    }

    private boolean runEnd(long nowNanos) {
        long endUs = reader.wallUs();
        if (!finish(times.endUs(endUs), nowNanos)) {
            return false;
        }
        writer.gap(endUs, new Explanation(reader.gapCause(), reader.gapDetail()));
        return true;
    }

    private boolean lapped(long nowNanos) {
        if (inRun && !fragment.isEmpty() && !fragment.isIntact()) {
            statistics.lost(fragment.count());
            fragment.drop();
        }
        if (!finish(times.endUs(), nowNanos)) {
            return false;
        }
        long skipped = reader.skipped();
        long missed = skipped - skippedSeen;
        skippedSeen = skipped;
        statistics.lost(missed);
        if (writer.hasFootage()) {
            writer.gap(
                    writer.footageEndUs(),
                    writer.refusal()
                            .orElseGet(() -> new Explanation(
                                    GapCause.RECORDER_OVERRUN,
                                    "the recorder was overtaken by the stream and missed " + missed
                                            + " access units")));
        }
        return true;
    }

    private boolean closed(long nowNanos) {
        if (!finish(times.endUs(), nowNanos)) {
            return false;
        }
        reader.close();
        reader = null;
        return true;
    }

    /** The hot path: once per access unit. */
    private boolean unit(long nowNanos) {
        lastUnitNanos = nowNanos;
        if (layout.isEmpty()) {
            return true;
        }
        int track = layout.get().number(reader.track());
        if (track < 0) {
            return true;
        }
        boolean lead = track == 0;
        if (lead && inRun && !prepared && times.hasJumped(reader, fragment.leadClockRate()) && !breakAtJump(nowNanos)) {
            return false;
        }
        if (!inRun) {
            if (!lead || !reader.key()) {
                if (afterLoss) {
                    statistics.lost(1);
                }
                return true;
            }
            startRun();
        }
        if (!prepared) {
            preparedPts = fragment.presentationTime(track, reader.timestamp());
            if (!fragment.accepts(track, preparedPts)) {
                return true;
            }
            preparedDts = fragment.decodeTime(track, preparedPts);
            prepared = true;
        }
        if (mustCut(track)) {
            if (!finishFragment(lead ? preparedDts : NONE, reader.wallUs(), nowNanos)) {
                return false;
            }
            prepared &= inRun;
            boolean newRun = lead && reader.key() && inRun && (draining || !writer.isKeptFor(order.retentionDaysMax()));
            if (newRun) {
                endRun();
                done = draining;
            }
            if (!inRun) {
                prepared = false;
                return done || unit(nowNanos);
            }
        }
        fragment.add(track, preparedDts, preparedPts);
        prepared = false;
        if (lead) {
            times.took(reader);
        }
        return true;
    }

    private void startRun() {
        inRun = true;
        afterLoss = false;
        writer.prepare(layout.get().stored(), reader.clockSource());
        fragment.startRun(reader.timestamp());
        times.start(reader);
    }

    private boolean mustCut(int track) {
        if (fragment.isEmpty()) {
            return false;
        }
        long ageUs = reader.wallUs() - fragment.startUs();
        if (track != 0) {
            return ageUs >= AUDIO_SECONDS_MAX * 1_000_000 || fragment.isFullBefore(reader.length());
        }
        return reader.key() && !layout.get().isAudioOnly()
                || ageUs >= FRAGMENT_SECONDS_MAX * 1_000_000
                || fragment.isFullBefore(reader.length());
    }

    private boolean breakAtJump(long nowNanos) {
        Explanation why = times.explainJump(reader, fragment.leadClockRate());
        if (!finish(times.endUs(), nowNanos)) {
            return false;
        }
        writer.gap(times.endUs(), why);
        return true;
    }

    /** Writes what is gathered and ends the run. {@return false when the fragment is held} */
    private boolean finish(long endUs, long nowNanos) {
        if (!inRun) {
            return true;
        }
        long endDts = fragment.leadDts() + (endUs - times.wallUs()) * fragment.leadClockRate() / 1_000_000;
        if (!fragment.isEmpty() && !finishFragment(endDts, endUs, nowNanos)) {
            return false;
        }
        endRun();
        return true;
    }

    private void endRun() {
        inRun = false;
        prepared = false;
        writer.end();
    }

    /** Hands the gathered fragment to the archive. {@return false when it is held; a lost one ends the run} */
    private boolean finishFragment(long endDts, long endUs, long nowNanos) {
        int outcome = writer.write(fragment, order.retentionDaysMax(), endDts, endUs, nowNanos);
        if (outcome == RunWriter.LOST) {
            inRun = false;
            prepared = false;
            afterLoss = true;
        }
        return outcome != RunWriter.HELD;
    }

    /** Nothing new in the ring. */
    private void idle(long nowNanos) {
        long silentNanos = nowNanos - lastUnitNanos;
        if (inRun
                && !fragment.isEmpty()
                && silentNanos > FLUSH_NANOS
                && !finishFragment(NONE, times.endUs(), nowNanos)) {
            return;
        }
        if (inRun && silentNanos > SILENT_NANOS && finish(times.endUs(), nowNanos)) {
            explain(nowNanos);
        }
        if (!inRun && nowNanos - explainAt >= 0) {
            explain(nowNanos);
        }
    }

    private void explain(long nowNanos) {
        explainAt = nowNanos + EXPLAIN_NANOS;
        Optional<Explanation> known = explanations.whySilent(stream);
        if (known.isPresent()) {
            gapUnlessKnown(known.get());
        } else if (!statistics.hasTrouble() && nowNanos - lastUnitNanos > SILENT_NANOS) {
            gapUnlessKnown(new Explanation(GapCause.STREAM_STALLED, "no picture arrives"));
        }
    }

    private void gapUnlessKnown(Explanation why) {
        if (!statistics.isTrouble(why.cause())) {
            long silentSinceUs = writer.hasFootage() ? writer.footageEndUs() : startedUs;
            writer.gap(statistics.hasTrouble() ? nowUs.getAsLong() : silentSinceUs, why);
        }
    }

    private long drainDeadline;

    /** From now on the run ends at the next key frame, where a successor can go on, or at the deadline. */
    void drain(long deadlineNanos) {
        draining = true;
        drainDeadline = deadlineNanos;
        writer.holdUntil(deadlineNanos);
    }

    /** While draining: {@return whether all is written and the run over} */
    boolean drained(long nowNanos) {
        if (!done && (!inRun || nowNanos - drainDeadline >= 0)) {
            stop(nowNanos);
        }
        return done;
    }

    private void stop(long nowNanos) {
        if (inRun && !finish(times.endUs(), nowNanos)) {
            // Held at the deadline: the next recorder finds it in the ring.
            fragment.drop();
            endRun();
        }
        done = true;
    }

    /** Ends the recording for a reason; nothing follows. */
    void release(GapCause cause, long nowNanos) {
        stop(nowNanos);
        close();
        // What the archive refused until now is missing for that reason; only from now on it is not wanted.
        writer.refusal().ifPresent(why -> writer.gap(writer.hasFootage() ? writer.footageEndUs() : startedUs, why));
        boolean recorded = writer.hasFootage() && !statistics.hasTrouble();
        writer.gap(recorded ? writer.footageEndUs() : nowUs.getAsLong(), new Explanation(cause, ""));
    }

    /** An internal fault: stops the run, says so, and begins anew in a moment. */
    void fault(RuntimeException fault, long nowNanos) {
        pending = NONE;
        prepared = false;
        if (fragment != null) {
            fragment.drop();
        }
        endRun();
        close();
        reopenAt = nowNanos + TimeUnit.SECONDS.toNanos(5);
        writer.gap(nowUs.getAsLong(), new Explanation(GapCause.UNKNOWN, "internal fault: " + fault));
    }

    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }
}
