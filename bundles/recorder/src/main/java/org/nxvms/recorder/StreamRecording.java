// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/**
 * One stream on its way from the ring to the archive: polls the cursor and lets a {@link RingFollower} do the rest. Runs on
 * the thread of the volume it writes to, one at a time; what others may call says so.
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
    private final RingFollower follower;
    private volatile RecordingOrder order;
    private volatile Optional<Explanation> released = Optional.empty();
    private volatile boolean over;
    private Optional<StreamRecording> successor = Optional.empty();
    private Optional<StreamRecording> before = Optional.empty();

    private StreamReader reader;
    /** The same for other threads. */
    private volatile Optional<StreamReader> openReader = Optional.empty();

    private long reopenAt = System.nanoTime();
    /** The entry that waits until a held fragment is written. */
    private int pending = NONE;
    /** It waits only until other streams have announced what they write. */
    private boolean announced;

    private boolean draining;
    private long drainDeadline;
    private boolean done;

    StreamRecording(StreamId stream, RecordingOrder order, Surroundings around) {
        this(stream, order, around, new RecordingStatistics(stream));
    }

    private StreamRecording(
            StreamId stream, RecordingOrder order, Surroundings around, RecordingStatistics statistics) {
        this.stream = stream;
        this.order = order;
        this.around = around;
        this.statistics = statistics;
        this.writer = new RunWriter(stream, around, statistics);
        this.silence = new Silence(stream, around, writer, statistics);
        this.follower = new RingFollower(stream, order, around, writer, silence);
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
    synchronized void release(Explanation why) {
        released = Optional.of(why);
        successor.ifPresent(next -> next.release(why));
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
        Optional<Explanation> end = released;
        if (end.isPresent()) {
            long fromUs = endUs == RecordingStatistics.NEVER ? around.nowUs().getAsLong() : endUs;
            around.sink().gap(stream, fromUs, end.get().cause(), end.get().detail());
            return Optional.empty();
        }
        StreamRecording next = new StreamRecording(stream, order, around, statistics);
        if (!statistics.hasTrouble()) {
            statistics.trouble(why);
        }
        if (!statistics.isMissing()) {
            // Nothing was said yet of what its volume did not take, for that reason or an earlier one.
            statistics.known().ifPresent(next.writer::broken);
        }
        successor = Optional.of(next);
        return successor;
    }

    /**
     * Says that nothing is written, since the thread hangs in a volume and no other takes what it should write. Of what is
     * missing already the reason stays, and of what waits for an event until there is one.
     *
     * @param asGap whether so long that whoever must act should hear of it
     */
    synchronized void heldUp(Explanation why, boolean asGap) {
        writer.heldUp(why);
        Optional<RecordingOrder.OnDemand> event = eventThatWaits();
        if (released.isPresent() || statistics.isMissing() && event.isEmpty()) {
            return;
        }
        statistics.heldUp(why);
        if (asGap) {
            long endUs =
                    statistics.writtenUs() == RecordingStatistics.NEVER ? silence.startedUs() : statistics.writtenUs();
            long fromUs = event.map(RecordingOrder.OnDemand::fromUs).orElse(endUs);
            statistics.missing(why);
            writer.told(why);
            around.sink().gap(stream, Math.max(endUs, fromUs), why.cause(), why.detail());
        }
    }

    /** {@return a demand of which our thread, that hangs, does not know: so far nothing was wanted} */
    private Optional<RecordingOrder.OnDemand> eventThatWaits() {
        return order.onDemand()
                .filter(demand -> statistics.isTrouble(demand.idleCause()))
                .filter(demand -> demand.untilUs() > around.nowUs().getAsLong());
    }

    // ---- the volume's thread

    /** Told before the first step on the thread of a volume. */
    void volume(String name) {
        writer.volume(name);
    }

    /** {@return whether a fragment was announced in this step, and is written in the next one} */
    boolean isAnnounced() {
        return announced;
    }

    /** Does what there is to do; {@return whether more may wait}. */
    boolean step(long nowNanos) {
        announced = false;
        if (writer.isAbandoned()) {
            giveUp();
            return false;
        }
        if (released.isPresent() && !over) {
            end(released.get(), nowNanos);
            return false;
        }
        follower.look(order);
        if (done || isWaiting() || reader == null && !open(nowNanos)) {
            return false;
        }
        if (follower.begins() && pending == StreamReader.ACCESS_UNIT && !reader.intact()) {
            // The ring went round while it waited.
            pending = NONE;
        }
        if (pending != NONE) {
            if (!take(pending, nowNanos)) {
                return false;
            }
            pending = NONE;
        }
        for (int polls = 0; polls < POLLS_MAX && !done && reader != null; polls++) {
            int entry = reader.poll();
            if (entry == StreamReader.EMPTY) {
                if (follower.idle(nowNanos) == OpenRun.REWIND) {
                    rewind(nowNanos);
                }
                return false;
            }
            if (!take(entry, nowNanos)) {
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
        follower.follow(reader, start.firstSequence());
        return true;
    }

    /** {@return false when the entry must be taken again, since a fragment is held} */
    private boolean take(int entry, long nowNanos) {
        int outcome = follower.take(entry, nowNanos);
        if (outcome == OpenRun.REWIND) {
            rewind(nowNanos);
        } else if (outcome == OpenRun.TAKEN && entry == StreamReader.CLOSED) {
            close();
        }
        done |= outcome == OpenRun.ENDED;
        announced = outcome == OpenRun.ANNOUNCED;
        return outcome != OpenRun.HELD && !announced;
    }

    /** Goes back to the key frame from which everything that is not safely written can be written again. */
    private void rewind(long nowNanos) {
        close();
        reopenAt = nowNanos;
    }

    /** From now on the run ends at the next key frame, where a successor can go on, or at the deadline. */
    void drain(long deadlineNanos) {
        draining = true;
        drainDeadline = deadlineNanos;
        follower.endAtNextKey();
        writer.holdUntil(deadlineNanos);
    }

    /** While draining: {@return whether all is written and the run over} */
    boolean drained(long nowNanos) {
        if (draining && !done && (!follower.isRunOpen() || nowNanos - drainDeadline >= 0)) {
            stop(nowNanos);
        }
        return done || isOver();
    }

    private void stop(long nowNanos) {
        follower.stop(nowNanos);
        done = true;
    }

    private void end(Explanation why, long nowNanos) {
        stop(nowNanos);
        close();
        // Only from now on it is not wanted.
        writer.settle(silence.startedUs());
        boolean recorded = writer.hasFootage() && !statistics.hasTrouble();
        long fromUs = recorded ? writer.footageEndUs() : around.nowUs().getAsLong();
        writer.gap(fromUs, why);
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
        follower.drop();
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
