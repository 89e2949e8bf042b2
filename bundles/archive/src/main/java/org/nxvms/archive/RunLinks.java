// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Whether the chunks of each run follow each other without a missing or exchanged one. Told of chunks in any order, as
 * they are found on the volumes; keeps the ends of unbroken stretches only, so that a run of a year is two chunks here.
 * One thread.
 */
final class RunLinks {
    /** Whether a missing chunk is accounted for: removed by retention or a user, or not sealed yet. */
    interface Known {
        /** {@return whether all footage between these moments was removed for a recorded reason} */
        boolean removed(ChunkName near, long fromUs, long toUs);

        /** {@return whether somebody else had the chunk of this number just then, so that it was passed by} */
        boolean wasInWork(UUID runId, int sequence);

        /** {@return whether the chunk of this number exists somewhere, e.g. still open} */
        boolean exists(UUID runId, int sequence);
    }

    /** A chunk as a link: what it continues, and what continues it. */
    record Link(ChunkName name, byte[] previousRoot, byte[] root, long startUs, long endUs, int flags) {
        boolean isFollowedBy(Link next) {
            boolean repaired = (flags & Checkpoint.REPAIRED) != 0;
            return repaired || Arrays.equals(root, next.previousRoot());
        }
    }

    private static final class Stretch {
        Link first;
        Link last;

        Stretch(Link only) {
            first = only;
            last = only;
        }
    }

    private final Map<UUID, List<Stretch>> runs = new HashMap<>();
    private final BiConsumer<String, String> problem;

    /** @param problem told kind and example of each */
    RunLinks(BiConsumer<String, String> problem) {
        this.problem = problem;
    }

    void add(Link link) {
        List<Stretch> stretches = runs.computeIfAbsent(link.name().runId(), none -> new ArrayList<>(1));
        for (Stretch stretch : stretches) {
            int sequence = link.name().sequence();
            if (sequence == stretch.last.name().sequence() + 1) {
                join(stretch.last, link);
                stretch.last = link;
                return;
            }
            if (sequence >= stretch.first.name().sequence()
                    && sequence <= stretch.last.name().sequence()) {
                // The same chunk on another volume: a copy, or one that is being moved.
                return;
            }
        }
        stretches.add(new Stretch(link));
    }

    private void join(Link before, Link after) {
        if (!before.isFollowedBy(after)) {
            problem.accept(
                    "chunk does not follow its predecessor",
                    after.name().path() + " continues another chunk than "
                            + before.name().path() + ": one of them was exchanged or altered");
        }
    }

    /** All chunks were told: says what is missing between and behind them. */
    void finish(Known known) {
        for (List<Stretch> stretches : runs.values()) {
            stretches.sort(
                    Comparator.comparingInt(stretch -> stretch.first.name().sequence()));
            Link before = null;
            for (Stretch stretch : stretches) {
                begin(before, stretch.first, known);
                before = stretch.last;
            }
            end(before, known);
        }
    }

    private void begin(Link before, Link first, Known known) {
        int sequence = first.name().sequence();
        int expected = before == null ? 0 : before.name().sequence() + 1;
        if (sequence == expected) {
            if (before != null) {
                join(before, first);
            }
            return;
        }
        long fromUs = before == null ? first.startUs() - 1 : before.endUs();
        boolean allInWork = IntStream.range(expected, sequence)
                .allMatch(number -> known.wasInWork(first.name().runId(), number));
        if (!allInWork && !known.removed(first.name(), fromUs, first.startUs())) {
            problem.accept(
                    "chunk missing from its run",
                    "numbers " + expected + ".." + (sequence - 1) + " before "
                            + first.name().path());
        }
    }

    private void end(Link last, Known known) {
        if ((last.flags() & Checkpoint.CONTINUED) != 0
                && !known.exists(last.name().runId(), last.name().sequence() + 1)
                && !known.removed(last.name(), last.endUs(), last.endUs() + 1)) {
            problem.accept(
                    "chunk missing from its run",
                    "number " + (last.name().sequence() + 1) + " behind "
                            + last.name().path());
        }
    }
}
