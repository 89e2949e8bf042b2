// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Who moves which camera. Whoever moved one last is not disturbed by somebody of a lower priority for ten seconds; of equal
 * priority the newer wish counts. Any thread.
 */
final class PtzTurns {
    /** Of 409. For the OpenAPI document. */
    static final String MEANING = "Somebody who goes before the caller moves the camera; see Retry-After";

    private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    /** One a camera that is being moved: those whose time is over go at the next look. */
    private final Map<UUID, Turn> turns = new HashMap<>();

    private record Turn(UUID user, String name, int priority, long untilNs) {}

    PtzTurns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException 409 while somebody of a higher priority moves the camera */
    void take(UUID camera, Caller caller) {
        UUID user = caller.user().id();
        int priority = caller.ptzPriority(camera);
        long now = nanoTime.getAsLong();
        Turn before;
        synchronized (turns) {
            turns.values().removeIf(turn -> turn.untilNs() - now <= 0);
            before = turns.get(camera);
            if (before == null || before.user().equals(user) || before.priority() <= priority) {
                turns.put(camera, new Turn(user, caller.getName(), priority, now + HOLD_NS));
                return;
            }
        }
        int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(before.untilNs() - now) + 1;
        throw Problem.conflict("The camera is being moved by " + before.name() + ", who goes before you. Try again in "
                        + seconds + " s.")
                .withRetryAfter(seconds)
                .exception();
    }
}
