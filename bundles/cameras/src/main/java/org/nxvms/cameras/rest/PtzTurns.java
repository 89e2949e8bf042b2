// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * Who moves which camera. Whoever moved one last is not disturbed by somebody of a lower priority for ten seconds; of equal
 * priority the newer wish counts. Any thread.
 */
final class PtzTurns {
    /** Of 409. For the OpenAPI document. */
    static final String MEANING = "Somebody who goes before the caller moves the camera; see Retry-After";

    private static final int SECONDS_HELD = 10;
    private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(SECONDS_HELD);

    private final LongSupplier nanoTime;
    /** One a camera that is being moved: those whose time is over go at the next look. */
    private final Map<UUID, Turn> turns = new HashMap<>();
    /** Whoever goes on with a camera, until it is moved by anybody else. */
    private final Map<UUID, Hold> holds = new HashMap<>();

    record Turn(UUID user, String name, int priority, long untilNs) {}

    /** Who moves a camera, or wants to. */
    record Mover(UUID user, String name, int priority) {}

    PtzTurns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Whose turn it is, as a caller sees it.
     *
     * @param by who moved the camera last, while that counts
     * @param own whether that is the caller
     * @param mayTake whether the caller may move the camera now
     * @param freeInSeconds when the turn is over if nothing more is done
     */
    @Schema(name = "PtzTurn")
    record Whose(
            @Schema(description = "User name; left out: nobody moves the camera") Optional<String> by,
            boolean own,
            @Schema(description = "Whether the caller may move it now, or take it over") boolean mayTake,
            OptionalInt freeInSeconds) {
        private static final Whose NOBODY = new Whose(Optional.empty(), false, true, OptionalInt.empty());
    }

    Whose whose(UUID camera, Caller caller) {
        int priority = caller.ptzPriority(camera);
        long now = nanoTime.getAsLong();
        Turn turn;
        synchronized (turns) {
            turn = turns.get(camera);
        }
        if (turn == null || turn.untilNs() - now <= 0) {
            return Whose.NOBODY;
        }
        boolean own = turn.user().equals(caller.user().id());
        return new Whose(
                Optional.of(turn.name()),
                own,
                own || turn.priority() <= priority,
                OptionalInt.of(secondsOf(turn, now)));
    }

    private static int secondsOf(Turn turn, long now) {
        return (int) TimeUnit.NANOSECONDS.toSeconds(turn.untilNs() - now) + 1;
    }

    /**
     * A turn that lasts for as long as its owner goes on with it, and ends as soon as anybody moves the camera; not by its time: what
     * is done with the camera may take longer than a turn.
     */
    final class Hold implements AutoCloseable {
        private final UUID camera;
        private final Turn mine;
        /** Guarded by turns. */
        private boolean disturbed;

        private Hold(UUID camera, Turn mine) {
            this.camera = camera;
            this.mine = mine;
        }

        /** Holds it for ten seconds more; {@return false when somebody, the same user too, has moved the camera meanwhile} */
        boolean goOn() {
            synchronized (turns) {
                if (!disturbed) {
                    long untilNs = nanoTime.getAsLong() + HOLD_NS;
                    turns.put(camera, new Turn(mine.user(), mine.name(), mine.priority(), untilNs));
                }
                return !disturbed;
            }
        }

        @Override
        public void close() {
            synchronized (turns) {
                holds.remove(camera, this);
            }
        }
    }

    /** {@return that somebody else's move came in between} */
    static ProblemException disturbed() {
        return Problem.conflict("The camera was moved meanwhile; nothing was changed. Try again when nobody moves it.")
                .withRetryAfter(SECONDS_HELD)
                .exception();
    }

    /** As {@link #take}, for something that takes longer than a move; to be closed when it is done. */
    Hold hold(UUID camera, Caller caller) {
        return hold(camera, mover(camera, caller));
    }

    Hold hold(UUID camera, Mover mover) {
        synchronized (turns) {
            Hold hold = new Hold(camera, take(camera, mover));
            holds.put(camera, hold);
            return hold;
        }
    }

    private static Mover mover(UUID camera, Caller caller) {
        return new Mover(caller.user().id(), caller.getName(), caller.ptzPriority(camera));
    }

    /** @throws ProblemException 409 while somebody of a higher priority moves the camera */
    Turn take(UUID camera, Caller caller) {
        return take(camera, mover(camera, caller));
    }

    Turn take(UUID camera, Mover mover) {
        long now = nanoTime.getAsLong();
        Turn before;
        synchronized (turns) {
            turns.values().removeIf(turn -> turn.untilNs() - now <= 0);
            before = turns.get(camera);
            if (before == null || before.user().equals(mover.user()) || before.priority() <= mover.priority()) {
                Turn turn = new Turn(mover.user(), mover.name(), mover.priority(), now + HOLD_NS);
                turns.put(camera, turn);
                Hold disturbed = holds.remove(camera);
                if (disturbed != null) {
                    disturbed.disturbed = true;
                }
                return turn;
            }
        }
        int seconds = secondsOf(before, now);
        throw Problem.conflict("The camera is being moved by " + before.name() + ", who goes before you. Try again in "
                        + seconds + " s.")
                .withRetryAfter(seconds)
                .exception();
    }
}
