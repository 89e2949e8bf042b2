// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.recording.RecordingOrder;

/**
 * What a recording does with each entry of the ring: passes it over, waits with it for an event, gathers and writes it
 * with an {@link OpenRun}, or says why something is missing. One thread at a time.
 */
final class RingFollower {
    private final StreamId stream;
    private final Surroundings around;
    private final RunWriter writer;
    private final Silence silence;
    private final OpenRun run;
    private final Wanted wanted = new Wanted();
    private final Approach approach = new Approach();
    private RecordingOrder order;
    private StreamReader reader;
    private long skippedSeen;
    /** Why the ring gives nothing that can be written; said once that is wanted. */
    private Optional<Explanation> absence = Optional.empty();

    RingFollower(StreamId stream, RecordingOrder order, Surroundings around, RunWriter writer, Silence silence) {
        this.stream = stream;
        this.order = order;
        this.around = around;
        this.writer = writer;
        this.silence = silence;
        this.run = new OpenRun(writer);
    }

    /** Takes note of the order and the time; once a step. */
    void look(RecordingOrder ordered) {
        boolean another = order != ordered;
        order = ordered;
        boolean onDemand = ordered.onDemand().isPresent();
        wanted.look(ordered.onDemand(), onDemand ? around.nowUs().getAsLong() : 0);
        if (another && wanted.isWaiting() && !wanted.isDue()) {
            silence.idle(wanted.idleCause(), around.nowUs().getAsLong());
        }
    }

    /**
     * A new cursor.
     *
     * @param firstSequence where footage begins; negative when with whatever comes
     */
    void follow(StreamReader newReader, long firstSequence) {
        reader = newReader;
        skippedSeen = reader.skipped();
        run.follow(reader);
        absence = Optional.empty();
        approach.restart(firstSequence);
        wanted.opened();
        wanted.keepIn(reader);
        if (!wanted.isDue()) {
            writer.forgive();
            rest(Long.MIN_VALUE, around.nowUs().getAsLong());
        } else if (wanted.isOnDemand()) {
            approachFrom(wanted.fromUs());
        }
    }

    /** {@return whether a wait is over: footage of the past or from now on is wanted} */
    boolean begins() {
        if (!wanted.isWaiting()) {
            return false;
        }
        if (!wanted.isDue()) {
            // GOPs may have become longer, the pre-buffer too.
            wanted.keepIn(reader);
            return false;
        }
        wanted.begin();
        wanted.keepIn(reader);
        approachFrom(wanted.isOnDemand() ? wanted.fromUs() : around.nowUs().getAsLong());
        return true;
    }

    /** What lies before the newest key frame at or before a time is not wanted, and nothing is missing there. */
    private void approachFrom(long wallUs) {
        writer.explainedTo(wallUs);
        approach.to(around.readers().keyAt(stream, wallUs));
    }

    /** Handles the entry the cursor stands on. {@return one of {@link OpenRun}'s constants} */
    int take(int entry, long nowNanos) {
        if (!approach.isOver()) {
            if (approach.passes(entry, reader)) {
                return OpenRun.TAKEN;
            }
            if (approach.isOver()) {
                arrived();
            }
        }
        return switch (entry) {
            case StreamReader.ACCESS_UNIT -> unit(nowNanos);
            case StreamReader.RUN_START -> runStart(nowNanos);
            case StreamReader.RUN_END -> runEnd(nowNanos);
            case StreamReader.LAPPED -> lapped(nowNanos);
            case StreamReader.CLOSED -> finish(run.endUs(), nowNanos);
            default -> OpenRun.TAKEN;
        };
    }

    private void arrived() {
        skippedSeen = reader.skipped();
        if (approach.missed() > 0 && !wanted.isWaiting()) {
            overrun(approach.missed());
        }
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
        return run.unit(order.terms(), nowNanos);
    }

    /** The cursor stands on the first unit that is not wanted; a later wish may begin with it. */
    private int over(long nowNanos) {
        int outcome = finish(run.endUs(reader.wallUs()), nowNanos);
        if (outcome != OpenRun.TAKEN) {
            return outcome;
        }
        settle(reader.wallUs());
        return wanted.letsGo(reader, true) ? OpenRun.TAKEN : OpenRun.HELD;
    }

    /** All that was wanted is written, or its absence explained; from this time on nothing is. */
    private void settle(long atUs) {
        writer.settle(silence.startedUs());
        rest(atUs, atUs);
    }

    private void rest(long doneUs, long idleFromUs) {
        wanted.rest(doneUs);
        wanted.keepIn(reader);
        silence.idle(wanted.idleCause(), idleFromUs);
    }

    private int runStart(long nowNanos) {
        int outcome = finish(run.endUs(), nowNanos);
        if (outcome != OpenRun.TAKEN) {
            return outcome;
        }
        if (run.format()) {
            absence = Optional.empty();
        } else {
            absent(reader.wallUs(), run.unsupported());
        }
        return outcome;
    }

    private int runEnd(long nowNanos) {
        long endUs = reader.wallUs();
        int outcome = finish(run.endUs(endUs), nowNanos);
        if (outcome == OpenRun.TAKEN) {
            absent(endUs, new Explanation(reader.gapCause(), reader.gapDetail()));
        }
        return outcome;
    }

    /** Nothing is missing for that while nothing is wanted. */
    private void absent(long fromUs, Explanation why) {
        absence = Optional.of(why);
        if (!wanted.isWaiting()) {
            writer.gap(fromUs, why);
        }
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
        if (!wanted.isWaiting()) {
            overrun(missed);
        }
        return OpenRun.TAKEN;
    }

    private void overrun(long missed) {
        writer.overtaken(
                missed,
                new Explanation(
                        GapCause.RECORDER_OVERRUN,
                        "the recorder was overtaken by the stream and missed " + missed + " access units"));
    }

    /** Nothing new in the ring. {@return as {@link #take}} */
    int idle(long nowNanos) {
        writer.caughtUp();
        int outcome = OpenRun.TAKEN;
        if (run.isGathering() && silence.isFlushDue(nowNanos)) {
            outcome = run.flush(order.terms(), nowNanos);
        }
        if (outcome == OpenRun.TAKEN && run.isOpen() && silence.isLong(nowNanos)) {
            outcome = finish(run.endUs(), nowNanos);
        }
        if (outcome == OpenRun.REWIND || run.isOpen()) {
            return outcome;
        }
        if (!wanted.isWaiting() && wanted.isPast()) {
            settle(around.nowUs().getAsLong());
        }
        if (!wanted.isWaiting() && silence.isExplanationDue(nowNanos)) {
            silence.explain(absence, nowNanos);
        }
        return outcome;
    }

    boolean isRunOpen() {
        return run.isOpen();
    }

    /** The open run ends before the next key frame: {@link OpenRun#ENDED}. */
    void endAtNextKey() {
        run.endAtNextKey();
    }

    /** Ends the open run with all that is gathered, unless that is held: the next recorder finds it in the ring. */
    void stop(long nowNanos) {
        if (run.isOpen() && finish(run.endUs(), nowNanos) != OpenRun.TAKEN) {
            drop();
        }
    }

    /** Ends the open run without what is gathered. */
    void drop() {
        run.drop();
    }

    private int finish(long endUs, long nowNanos) {
        return run.finish(endUs, order.terms(), nowNanos);
    }
}
