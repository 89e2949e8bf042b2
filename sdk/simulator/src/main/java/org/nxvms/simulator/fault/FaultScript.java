// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Faults of one camera by the clock: each is set so long after the script began and cleared again so long after that.
 * Immutable.
 *
 * @param steps in any order
 * @param repeatMs the script begins again after so long; 0: it ends with its last step
 */
public record FaultScript(List<Step> steps, long repeatMs) {
    public static final FaultScript NONE = new FaultScript(List.of(), 0);
    /** More than anybody writes; bounds what a camera keeps. */
    public static final int STEPS_MAX = 1000;

    private static final long TIME_MAX_MS = 31L * 86_400_000;

    /**
     * @param atMs after the script's beginning
     * @param forMs how long the fault stays; 0: until something else clears it
     */
    public record Step(long atMs, Fault fault, long forMs) {
        public Step {
            requireTime("atMs", atMs);
            requireTime("forMs", forMs);
        }

        private long endMs() {
            return atMs + forMs;
        }
    }

    /** One thing to do: set a fault, or clear it. */
    public record Action(long atMs, Fault fault, boolean set) {}

    public FaultScript {
        steps = List.copyOf(steps);
        requireTime("repeatMs", repeatMs);
        if (steps.size() > STEPS_MAX) {
            throw new BadInputException("steps", "there are " + steps.size(), "give at most " + STEPS_MAX);
        }
        for (Step step : steps) {
            if (repeatMs > 0 && step.endMs() > repeatMs) {
                throw new BadInputException(
                        "repeatMs",
                        "the script begins again after " + repeatMs + " ms, but " + step.fault() + " lasts until "
                                + step.endMs(),
                        "give more, or 0 for a script that runs once");
            }
        }
        requireNoOverlap(steps);
    }

    private static void requireTime(String field, long ms) {
        if (ms < 0 || ms > TIME_MAX_MS) {
            throw new BadInputException(field, ms + " is out of range", "give milliseconds in 0.." + TIME_MAX_MS);
        }
    }

    /** Two steps of one kind at a time would end each other, which nobody means. */
    private static void requireNoOverlap(List<Step> steps) {
        List<Step> sorted = new ArrayList<>(steps);
        sorted.sort(Comparator.comparing((Step step) -> step.fault().kind()).thenComparingLong(Step::atMs));
        for (int i = 1; i < sorted.size(); i++) {
            Step before = sorted.get(i - 1);
            Step step = sorted.get(i);
            if (before.fault().kind() == step.fault().kind() && step.atMs() < before.endMs()) {
                throw new BadInputException(
                        "steps",
                        step.fault() + " begins at " + step.atMs() + " ms while " + before.fault() + " lasts until "
                                + before.endMs(),
                        "let the one end before the other begins");
            }
        }
    }

    /** {@return what to do, in order; a fault that ends when another of its kind begins is cleared first} */
    public List<Action> actions() {
        List<Action> actions = new ArrayList<>();
        for (Step step : steps) {
            actions.add(new Action(step.atMs(), step.fault(), true));
            if (step.forMs() > 0) {
                actions.add(new Action(step.endMs(), step.fault(), false));
            }
        }
        actions.sort(Comparator.comparingLong(Action::atMs).thenComparing(Action::set));
        return List.copyOf(actions);
    }
}
