// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/**
 * One stream on its way from the ring to the archive: polls the cursor and lets an {@link OpenRun} gather and write. Runs
 * on the thread of the volume it writes to, one at a time; what others may call says so.
 *
 * <p>When the archive refuses, the fragment is held and the cursor stands still: the ring keeps what comes meanwhile.
 * Only when the ring's writer overtakes the held fragment is footage lost, and that is a gap with the refusal's cause.
 * When a run breaks off, the cursor goes back to the key frame from which all can be written again.
 */
final class StreamRecording {
    private static final int POLLS_MAX = 256;
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAULT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int NONE = -1;

    private final StreamId stream;
    private final Surroundings around;
    private final RecordingStatistics statistics;
    private final RunWriter writer;
    private final Silence silence;
    private final OpenRun run;
    private final Wanted wanted = new Wanted();
    private volatile RecordingOrder order;
    private volatile Optional<GapCause> released = Optional.empty();
    private volatile boolean over;
    private Optional<StreamRecording> successor = Optional.empty();
    private Optional<StreamRecording> before = Optional.empty();

    private StreamReader reader;
    /** The same for other threads. */
    private volatile Optional<StreamReader> openReader = Optional.empty();

    private boolean passing;
    private long firstSequence;
    private long skippedSeen;
    private long reopenAt = System.nanoTime();
    /** The entry that waits until a held fragment is written. */
    private int pending = NONE;

    private boolean draining;
    private long drainDeadline;
    private boolean done;

    /** Opens cursors; see {@link ResumePoint}. */
    interface ReaderSource {
        ResumePoint.Start open(StreamId stream, long limitUs);

        /** {@return number of the newest key frame in the ring at or before a time; -1 when there is none} */
        long keyAt(StreamId stream, long wallUs);

        static ReaderSource of(StreamHub hub) {
            return new ReaderSource() {
                @Override
                public ResumePoint.Start open(StreamId stream, long limitUs) {
                    return ResumePoint.open(hub, stream, limitUs);
                }

                @Override
                public long keyAt(StreamId stream, long wallUs) {
                    return ResumePoint.keyAt(hub, stream, wallUs);
                }
            };
        }
    }

    /**
     * What a recording works with.
     *
     * @param nowUs wall time
     */
    record Surroundings(FootageSink sink, ReaderSource readers, Explanation.Source explanations, LongSupplier nowUs) {}

    StreamRecording(StreamId stream, RecordingOrder order, Surroundings around) {
        this(stream, order, around, new RecordingStatistics(stream));
    }

    private StreamRecording(
            StreamId stream, RecordingOrder order, Surroundings around, RecordingStatistics statistics) {
        this.stream = stream;
        this.order = order;
        this.around = around;
        this.statistics = statistics;
        this.writer = new RunWriter(stream, around.sink(), statistics);
        this.silence = new Silence(stream, around, writer, statistics);
        this.run = new OpenRun(writer);
    }

    // ---- any thread

    StreamId stream() {
        return stream;
    }

    RecordingOrder order() {
        return order;
    }

    synchronized void order(RecordingOrder newOrder) {
        order = newOrder;
        successor.ifPresent(next -> next.order(newOrder));
    }

    RecordingStatus status() {
        return statistics.status();
    }

    /** {@return the volume on whose thread the recording should be} */
    String wantedVolume() {
        return writer.wantedVolume();
    }

    /** Asks for the end of the recording, for a reason; nothing follows. */
    synchronized void release(GapCause cause) {
        released = Optional.of(cause);
        successor.ifPresent(next -> next.release(cause));
    }

    /** Begins only when another recording of the stream has ended; told before the first step. */
    void after(StreamRecording another) {
        before = Optional.of(another);
    }

    /** {@return whether nothing more comes from this recording: it has ended, or another goes on in its place} */
    boolean isOver() {
        return over || writer.isAbandoned();
    }

    /**
     * Gives this recording up, since its thread hangs in a volume.
     *
     * @return one that goes on in its place from the ring; none when it was released, which is now said for it
     */
    synchronized Optional<StreamRecording> succeed(Explanation why) {
        long endUs = statistics.writtenUs();
        writer.abandon();
        // So that the hub keeps nothing for a cursor that does not move.
        openReader.ifPresent(StreamReader::close);
        Optional<GapCause> cause = released;
        if (cause.isPresent()) {
            long fromUs = endUs == RecordingStatistics.NEVER ? around.nowUs().getAsLong() : endUs;
            around.sink().gap(stream, fromUs, cause.get(), "");
            return Optional.empty();
        }
        StreamRecording next = new StreamRecording(stream, order, around, statistics);
        if (!statistics.hasTrouble()) {
            statistics.trouble(why);
            next.writer.broken(why);
        }
        successor = Optional.of(next);
        return successor;
    }

    // ---- the volume's thread

    /** Told before the first step on the thread of a volume. */
    void volume(String name) {
        writer.volume(name);
    }

    /** Does what there is to do; {@return whether more may wait}. */
    boolean step(long nowNanos) {
        if (writer.isAbandoned()) {
            giveUp();
            return false;
        }
        if (released.isPresent() && !over) {
            end(released.get(), nowNanos);
            return false;
        }
        Optional<RecordingOrder.OnDemand> demand = order.onDemand();
        wanted.look(demand, demand.isPresent() ? around.nowUs().getAsLong() : 0);
        if (done || isWaiting() || reader == null && !open(nowNanos)) {
            return false;
        }
        if (wanted.isWaiting() && wanted.isDue()) {
            begin();
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

    private boolean isWaiting() {
        if (before.isPresent() && before.get().isOver()) {
            before = Optional.empty();
        }
        return before.isPresent();
    }

    private boolean open(long nowNanos) {
        if (nowNanos - reopenAt < 0) {
            return false;
        }
        reopenAt = nowNanos + REOPEN_NANOS;
        ResumePoint.Start start = around.readers().open(stream, writer.takeRewindUs());
        reader = start.reader();
        openReader = Optional.of(reader);
        firstSequence = start.firstSequence();
        passing = firstSequence >= 0;
        skippedSeen = reader.skipped();
        run.follow(reader);
        wanted.opened();
        wanted.keepIn(reader);
        if (!wanted.isDue()) {
            rest(Long.MIN_VALUE);
        } else if (wanted.isOnDemand()) {
            passTo(wanted.fromUs());
        }
        return true;
    }

    /** What is wanted may begin in the past, but not before what the cursor has let go. */
    private void begin() {
        wanted.begin();
        wanted.keepIn(reader);
        passTo(wanted.isOnDemand() ? wanted.fromUs() : around.nowUs().getAsLong());
    }

    /** What lies before the newest key frame at or before a time is not wanted. */
    private void passTo(long wallUs) {
        firstSequence = Math.max(firstSequence, around.readers().keyAt(stream, wallUs));
        passing = firstSequence >= 0;
    }

    /** Nothing is wanted any more, or not yet. */
    private void rest(long atUs) {
        wanted.rest(atUs);
        wanted.keepIn(reader);
        silence.gapUnlessKnown(new Explanation(wanted.idleCause(), ""));
    }

    /** {@return false when the entry must be handled again, since a fragment is held} */
    private boolean handle(int entry, long nowNanos) {
        if (passing && passes(entry)) {
            return true;
        }
        int outcome =
                switch (entry) {
                    case StreamReader.ACCESS_UNIT -> unit(nowNanos);
                    case StreamReader.RUN_START -> runStart(nowNanos);
                    case StreamReader.RUN_END -> runEnd(nowNanos);
                    case StreamReader.LAPPED -> lapped(nowNanos);
                    case StreamReader.CLOSED -> closed(nowNanos);
                    default -> OpenRun.TAKEN;
                };
        if (outcome == OpenRun.REWIND) {
            rewind(nowNanos);
        }
        return outcome != OpenRun.HELD;
    }

    /** Whether the entry lies before the place where this recording begins. */
    private boolean passes(int entry) {
        passing = entry == StreamReader.RUN_START
                || entry == StreamReader.RUN_END
                || entry == StreamReader.ACCESS_UNIT && reader.sequence() < firstSequence;
        return passing && entry != StreamReader.RUN_START;
    }

    private int unit(long nowNanos) {
        silence.broken(nowNanos);
        if (wanted.isOnDemand()) {
            boolean lead = reader.track() == 0;
            if (wanted.isWaiting()) {
                return wanted.letsGo(reader, lead) ? OpenRun.TAKEN : OpenRun.HELD;
            }
            if (lead && wanted.isOver(reader, run.isOpen())) {
                return over(nowNanos);
            }
        }
        int outcome = run.unit(order.terms(), nowNanos);
        done |= outcome == OpenRun.ENDED;
        return outcome;
    }

    /** The cursor stands on the first unit that is not wanted; a later wish may begin with it. */
    private int over(long nowNanos) {
        int outcome = finish(run.endUs(reader.wallUs()), nowNanos);
        if (outcome != OpenRun.TAKEN) {
            return outcome;
        }
        rest(reader.wallUs());
        return wanted.letsGo(reader, true) ? OpenRun.TAKEN : OpenRun.HELD;
    }

    private int runStart(long nowNanos) {
        int outcome = finish(run.endUs(), nowNanos);
        if (outcome == OpenRun.TAKEN && !run.format()) {
            writer.gap(reader.wallUs(), run.unsupported());
        } else if (wanted.isWaiting() && !statistics.isTrouble(wanted.idleCause())) {
            writer.gap(reader.wallUs(), new Explanation(wanted.idleCause(), ""));
        }
        return outcome;
    }

    private int runEnd(long nowNanos) {
        long endUs = reader.wallUs();
        int outcome = finish(run.endUs(endUs), nowNanos);
        if (outcome == OpenRun.TAKEN) {
            writer.gap(endUs, new Explanation(reader.gapCause(), reader.gapDetail()));
        }
        return outcome;
    }

    private int lapped(long nowNanos) {
        run.overtaken();
        int outcome = finish(run.endUs(), nowNanos);
        if (outcome != OpenRun.TAKEN) {
            return outcome;
        }
        long skipped = reader.skipped();
        long missed = skipped - skippedSeen;
        skippedSeen = skipped;
        if (wanted.isWaiting()) {
            // The ring does not reach back as far as was wished; nothing that is wanted is missing.
            return OpenRun.TAKEN;
        }
        writer.lost(missed);
        if (writer.hasFootage()) {
            writer.gap(
                    writer.footageEndUs(),
                    writer.refusal()
                            .orElseGet(() -> new Explanation(
                                    GapCause.RECORDER_OVERRUN,
                                    "the recorder was overtaken by the stream and missed " + missed
                                            + " access units")));
        }
        return OpenRun.TAKEN;
    }

    private int closed(long nowNanos) {
        int outcome = finish(run.endUs(), nowNanos);
        if (outcome == OpenRun.TAKEN) {
            close();
        }
        return outcome;
    }

    private int finish(long endUs, long nowNanos) {
        return run.finish(endUs, order.terms(), nowNanos);
    }

    /** Goes back to the key frame from which everything that is not safely written can be written again. */
    private void rewind(long nowNanos) {
        close();
        reopenAt = nowNanos;
    }

    /** Nothing new in the ring. */
    private void idle(long nowNanos) {
        int outcome = OpenRun.TAKEN;
        if (run.isGathering() && silence.isFlushDue(nowNanos)) {
            outcome = run.flush(order.terms(), nowNanos);
        }
        if (outcome == OpenRun.TAKEN && run.isOpen() && silence.isLong(nowNanos)) {
            outcome = finish(run.endUs(), nowNanos);
        }
        if (outcome == OpenRun.REWIND) {
            rewind(nowNanos);
            return;
        }
        if (!run.isOpen() && !wanted.isWaiting() && wanted.isPast()) {
            rest(around.nowUs().getAsLong());
        }
        if (!run.isOpen() && silence.isExplanationDue(nowNanos)) {
            silence.explain(nowNanos);
        }
    }

    /** From now on the run ends at the next key frame, where a successor can go on, or at the deadline. */
    void drain(long deadlineNanos) {
        draining = true;
        drainDeadline = deadlineNanos;
        run.endAtNextKey();
        writer.holdUntil(deadlineNanos);
    }

    /** While draining: {@return whether all is written and the run over} */
    boolean drained(long nowNanos) {
        if (draining && !done && (!run.isOpen() || nowNanos - drainDeadline >= 0)) {
            stop(nowNanos);
        }
        return done || isOver();
    }

    private void stop(long nowNanos) {
        if (run.isOpen() && finish(run.endUs(), nowNanos) != OpenRun.TAKEN) {
            // Held at the deadline: the next recorder finds it in the ring.
            run.drop();
        }
        done = true;
    }

    private void end(GapCause cause, long nowNanos) {
        stop(nowNanos);
        close();
        // What the archive refused until now is missing for that reason; only from now on it is not wanted.
        writer.refusal()
                .ifPresent(why -> writer.gap(writer.hasFootage() ? writer.footageEndUs() : silence.startedUs(), why));
        boolean recorded = writer.hasFootage() && !statistics.hasTrouble();
        long fromUs = recorded ? writer.footageEndUs() : around.nowUs().getAsLong();
        writer.gap(fromUs, new Explanation(cause, ""));
        over = true;
    }

    /** Ends what another thread has taken over meanwhile. */
    private void giveUp() {
        writer.end();
        close();
        done = true;
    }

    /** An internal fault: stops the run, says so, and begins anew in a moment. */
    void fault(Throwable fault, long nowNanos) {
        pending = NONE;
        run.drop();
        close();
        reopenAt = nowNanos + FAULT_NANOS;
        writer.gap(around.nowUs().getAsLong(), new Explanation(GapCause.UNKNOWN, "internal fault: " + fault));
    }

    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
            openReader = Optional.empty();
        }
    }

    static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }
}
