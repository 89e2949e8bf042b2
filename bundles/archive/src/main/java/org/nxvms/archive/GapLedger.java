// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Gap;

/**
 * Explains each stretch without footage (archive.md invariant 5). Knows per stream where footage ended, which gap is
 * open, and where this process began to report; tells a {@link Sink} what to keep. Control path; any thread; never
 * blocks on disk or database.
 */
final class GapLedger {
    /** Takes the records; called under the ledger's lock, so it only queues. */
    interface Sink {
        /** Inserts or replaces by id. */
        void save(Gap gap);

        /** It turned out to be no gap. */
        void drop(Gap gap);

        /** As {@link #save}, but no news for anybody: it tells of the past, and somebody wanted it. */
        default void note(Gap gap) {
            save(gap);
        }

        /** As {@link #drop}, but no news for anybody. */
        default void forget(Gap gap) {
            drop(gap);
        }

        /** {@return whether there is room for much more} */
        default boolean keepsUp() {
            return true;
        }
    }

    /** A hole that nobody explained is a record of its own when it is longer than this. */
    static final long UNEXPLAINED_US_MIN = 2_000_000;
    /** A gap that proves shorter is a frame interval, not missing footage. */
    static final long GAP_US_MIN = 200_000;

    /** No ring holds the time of so many: each lasts some seconds at least. */
    private static final int BEFORE_MAX = 100;

    static final long NEVER = Long.MIN_VALUE;
    static final String DETAIL_DOWN = "the server did not run";
    private static final Set<GapCause> UNWANTED = EnumSet.of(GapCause.NOT_SCHEDULED, GapCause.NO_EVENT);

    private final Sink sink;
    private final Map<StreamId, State> states = new HashMap<>();

    private static final class State {
        Optional<Gap> open = Optional.empty();
        /** Those that ended where one with another cause began, since the last footage; the rings may hold some of their time. */
        final List<Gap> before = new ArrayList<>();
        /** The time before this process's first report. */
        final DownTime down = new DownTime();

        // Told with each fragment, so nothing that must be allocated.
        long firstUs = NEVER;
        long lastEndUs = NEVER;
        /** The gap that an earlier process left open and this one ended. */
        Optional<Gap> restored = Optional.empty();

        Optional<Gap> retention = Optional.empty();
    }

    GapLedger(Sink sink) {
        this.sink = sink;
    }

    /** Footage begins. */
    synchronized void runStarts(StreamId stream, long startUs) {
        State state = state(stream);
        boolean first = first(state, startUs);
        if (state.open.isPresent()) {
            footageAfterAll(state, startUs);
        } else if (!first) {
            explainHole(stream, state, startUs);
        }
        // What lies before it is explained, also when none of the run's footage ever gets onto the disk.
        state.lastEndUs = Math.max(startUs, state.lastEndUs);
        explainStart(stream, state);
    }

    /** A run goes on with footage of this time: what was said to be missing while its volume did not answer is not. */
    synchronized void footage(StreamId stream, long startUs, long endUs) {
        State state = state(stream);
        if (state.open.isPresent()) {
            footageAfterAll(state, startUs);
        }
        state.lastEndUs = endUs;
    }

    /** Nothing is missing from there on, whatever was said of it while no volume took it. */
    private void footageAfterAll(State state, long startUs) {
        close(state.open.orElseThrow(), startUs);
        state.open = Optional.empty();
        for (Gap gap : state.before) {
            if (gap.toUs().orElseThrow() > startUs) {
                close(gap, startUs);
            }
        }
        state.before.clear();
    }

    /** As {@link org.nxvms.platform.api.archive.FootageSink#gap}. */
    synchronized void gap(StreamId stream, long fromUs, GapCause cause, String detail) {
        State state = state(stream);
        if (state.open.isPresent()) {
            Gap open = state.open.get();
            first(state, fromUs);
            if (says(open, cause, detail)) {
                return;
            }
            long at = Math.max(fromUs, open.fromUs());
            close(open, at).ifPresent(ended -> keepBefore(state, ended));
            open(stream, state, at, cause, detail);
        } else {
            long from = Math.max(fromUs, state.lastEndUs);
            if (first(state, from)) {
                explainStart(stream, state);
            } else {
                explainHole(stream, state, from);
            }
            open(stream, state, from, cause, detail);
        }
    }

    /** Details of a fault change from try to try; of what nobody wants they say who decided it. */
    private static boolean says(Gap open, GapCause cause, String detail) {
        return open.cause() == cause
                && (!UNWANTED.contains(cause) || open.detail().equals(GapJournal.detail(detail)));
    }

    private static void keepBefore(State state, Gap ended) {
        if (state.before.size() == BEFORE_MAX) {
            state.before.remove(0);
        }
        state.before.add(ended);
    }

    /** An earlier process's footage ended here; told by repair and by the index, in any order and at any time. */
    synchronized void previousEnd(StreamId stream, long endUs) {
        State state = state(stream);
        if (!isOurs(state, endUs)) {
            state.down.footageTo(endUs);
            explainStart(stream, state);
        }
    }

    /** An earlier process had put footage into the past up to here: it does not say where footage ended. Told as that. */
    synchronized void previousPast(StreamId stream, long endUs) {
        State state = state(stream);
        if (!isOurs(state, endUs)) {
            state.down.pastTo(endUs);
            explainStart(stream, state);
        }
    }

    private static boolean isOurs(State state, long endUs) {
        return state.firstUs != NEVER && endUs > state.firstUs;
    }

    /** An earlier process left this gap open, and no footage followed it. */
    synchronized void restore(Gap gap) {
        State state = state(gap.stream());
        if (state.open.filter(open -> open.id().equals(gap.id())).isPresent()) {
            return;
        }
        if (state.firstUs == NEVER && state.open.isEmpty()) {
            state.open = Optional.of(gap);
        } else {
            close(gap, state.firstUs == NEVER ? gap.fromUs() : state.firstUs);
        }
        state.restored = Optional.of(gap);
        explainStart(gap.stream(), state);
    }

    /** The server stops: what is recorded now is down from here. */
    synchronized void shutdown(long nowUs) {
        for (Map.Entry<StreamId, State> entry : states.entrySet()) {
            State state = entry.getValue();
            boolean wanted = state.firstUs != NEVER
                    && state.open.filter(gap -> UNWANTED.contains(gap.cause())).isEmpty();
            if (wanted) {
                long end = state.open.isPresent() || state.lastEndUs == NEVER ? nowUs : state.lastEndUs;
                gap(entry.getKey(), end, GapCause.SERVER_DOWN, DETAIL_DOWN);
            }
        }
    }

    /** Footage was removed by policy: its time becomes, or grows, a gap that says so. */
    synchronized void removed(StreamId stream, long fromUs, long toUs, Optional<Gap> known) {
        State state = state(stream);
        Optional<Gap> before = state.retention.isPresent() ? state.retention : known;
        Gap gap = before.filter(last -> touches(last, fromUs))
                .map(last -> new Gap(
                        last.id(),
                        stream,
                        Math.min(last.fromUs(), fromUs),
                        OptionalLong.of(Math.max(toUs, last.toUs().orElse(toUs))),
                        last.cause(),
                        last.detail()))
                .orElseGet(() -> new Gap(
                        UUID.randomUUID(),
                        stream,
                        fromUs,
                        OptionalLong.of(toUs),
                        GapCause.DELETED_BY_RETENTION,
                        "older than the retention allows, or the oldest on a full volume"));
        state.retention = Optional.of(gap);
        sink.save(gap);
    }

    /** A person removed footage: its time becomes, or grows, a gap that says so. */
    synchronized void deleted(Gap gap) {
        sink.save(gap);
    }

    /** Footage is on a volume that was taken out of use: its time becomes, or grows, a gap that says so. */
    synchronized void outOfReach(Gap gap) {
        sink.note(gap);
    }

    /** It is in use again, and the gap never was one. */
    synchronized void inReach(Gap gap) {
        sink.forget(gap);
    }

    /** {@return whether what was said before is written; who has much to say waits for that} */
    boolean keepsUp() {
        return sink.keepsUp();
    }

    /**
     * Footage was put into the past: what was said to be missing there is not. What is left of a gap keeps its cause, and its
     * id or one that is made from it, so that this may be told again.
     *
     * @param known the gaps that lie there; those that are open stay
     */
    synchronized void filled(StreamId stream, long fromUs, long toUs, List<Gap> known) {
        State state = state(stream);
        for (Gap gap : known) {
            long endUs = gap.toUs().orElse(fromUs);
            if (endUs <= fromUs || gap.fromUs() >= toUs) {
                continue;
            }
            List<Gap> left = new ArrayList<>();
            boolean before = fromUs - gap.fromUs() >= GAP_US_MIN;
            if (endUs - toUs >= GAP_US_MIN) {
                UUID id = before ? restId(gap, toUs) : gap.id();
                left.add(new Gap(id, stream, toUs, OptionalLong.of(endUs), gap.cause(), gap.detail()));
            } else if (!before) {
                sink.drop(gap);
            }
            if (before) {
                left.add(new Gap(gap.id(), stream, gap.fromUs(), OptionalLong.of(fromUs), gap.cause(), gap.detail()));
            }
            left.forEach(sink::save);
            state.down.filled(gap, left);
        }
    }

    private static UUID restId(Gap gap, long fromUs) {
        return UUID.nameUUIDFromBytes(
                ("nxvms-gap-rest/" + gap.id() + "/" + fromUs).getBytes(StandardCharsets.US_ASCII));
    }

    /** Footage that had been taken turned out not to be there. */
    synchronized void lost(StreamId stream, long fromUs, long toUs, GapCause cause, String detail) {
        if (toUs - fromUs >= GAP_US_MIN) {
            sink.save(new Gap(UUID.randomUUID(), stream, fromUs, OptionalLong.of(toUs), cause, detail));
        }
    }

    /** What an earlier process may have said to be missing is not. */
    synchronized void none(Gap gap) {
        sink.drop(gap);
    }

    /** What is missing of an earlier process's footage is known with its end. */
    synchronized void explained(Gap gap) {
        sink.save(gap);
    }

    /**
     * Does a step that only queues, unless a gap changed before; {@return whether it was done}
     *
     * @param isUnchanged asked while none can change
     */
    synchronized boolean isDoneUnchanged(BooleanSupplier isUnchanged, Runnable step) {
        boolean unchanged = isUnchanged.getAsBoolean();
        if (unchanged) {
            step.run();
        }
        return unchanged;
    }

    /** {@return whether the ledger must be told of an earlier retention gap before {@link #removed}} */
    synchronized boolean knowsRetention(StreamId stream) {
        return state(stream).retention.isPresent();
    }

    /** {@return open gaps of a stream and those that the index may not know yet} */
    synchronized List<Gap> open(StreamId stream) {
        List<Gap> gaps = new ArrayList<>();
        Optional.ofNullable(states.get(stream)).flatMap(state -> state.open).ifPresent(gaps::add);
        return gaps;
    }

    /** {@return the open gaps of all streams} */
    synchronized List<Gap> open() {
        return states.values().stream().flatMap(state -> state.open.stream()).toList();
    }

    private static boolean touches(Gap gap, long fromUs) {
        long to = gap.toUs().orElse(Long.MIN_VALUE);
        return fromUs >= gap.fromUs() - UNEXPLAINED_US_MIN && fromUs <= to + UNEXPLAINED_US_MIN;
    }

    private State state(StreamId stream) {
        return states.computeIfAbsent(stream, unknown -> new State());
    }

    private static boolean first(State state, long us) {
        if (state.firstUs != NEVER) {
            return false;
        }
        state.firstUs = us;
        return true;
    }

    /** Nobody said anything between the last footage and now. */
    private void explainHole(StreamId stream, State state, long toUs) {
        long from = state.lastEndUs == NEVER ? toUs : state.lastEndUs;
        if (toUs - from > UNEXPLAINED_US_MIN) {
            sink.save(new Gap(
                    UUID.randomUUID(), stream, from, OptionalLong.of(toUs), GapCause.SERVER_DOWN, "no recorder ran"));
        }
    }

    private void open(StreamId stream, State state, long fromUs, GapCause cause, String detail) {
        Gap gap = new Gap(UUID.randomUUID(), stream, fromUs, OptionalLong.empty(), cause, GapJournal.detail(detail));
        state.open = Optional.of(gap);
        sink.save(gap);
    }

    /** {@return the gap with its end; empty when it is none} */
    private Optional<Gap> close(Gap gap, long toUs) {
        if (toUs - gap.fromUs() < GAP_US_MIN) {
            sink.drop(gap);
            return Optional.empty();
        }
        Gap ended = new Gap(gap.id(), gap.stream(), gap.fromUs(), OptionalLong.of(toUs), gap.cause(), gap.detail());
        sink.save(ended);
        return Optional.of(ended);
    }

    /** A gap that was left open stands behind the last footage, and gaps follow each other without a hole. */
    private void explainStart(StreamId stream, State state) {
        if (state.firstUs != NEVER) {
            state.down.explain(stream, state.firstUs, state.restored.isPresent(), sink);
        }
    }
}
