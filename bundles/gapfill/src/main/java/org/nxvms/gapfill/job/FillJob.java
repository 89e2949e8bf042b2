// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A wish to fill what is missing of a camera's main stream in a range of time, and how far it is.
 *
 * @param by who asked for it; empty when the rule did
 * @param detail why it failed, or what stays missing; may be empty
 * @param missingUs what was missing when it began
 * @param filledUs how much of that has footage now
 * @param pictures how many pictures were put there
 * @param placed how their place was found; empty until then
 */
public record FillJob(
        UUID id,
        UUID camera,
        long fromUs,
        long toUs,
        Optional<String> by,
        Instant created,
        Optional<Instant> finished,
        State state,
        String detail,
        long missingUs,
        long filledUs,
        long pictures,
        Optional<Placed> placed) {
    /** How far it is. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    /** How the place of the pictures was found. */
    public enum Placed {
        /** By pictures that the archive has beside the gap: to the picture. */
        BY_PICTURES,
        /** By what the camera says its time is: to a second or two, so that at the edges pictures may be there twice or not. */
        BY_CLOCK
    }

    static FillJob waiting(UUID camera, long fromUs, long toUs, Optional<String> by, Instant now) {
        return new FillJob(
                UUID.randomUUID(),
                camera,
                fromUs,
                toUs,
                by,
                now,
                Optional.empty(),
                State.WAITING,
                "",
                0,
                0,
                0,
                Optional.empty());
    }

    FillJob with(State now, String why, Optional<Instant> at) {
        return new FillJob(id, camera, fromUs, toUs, by, created, at, now, why, missingUs, filledUs, pictures, placed);
    }

    FillJob upTo(long us) {
        return new FillJob(
                id, camera, fromUs, us, by, created, finished, state, detail, missingUs, filledUs, pictures, placed);
    }

    /** Of a job whose tries are counted together. */
    FillJob with(Filling.Sum sum) {
        return new FillJob(
                id,
                camera,
                fromUs,
                toUs,
                by,
                created,
                finished,
                state,
                detail,
                Math.max(missingUs, sum.missingUs() + filledUs),
                filledUs + sum.filledUs(),
                pictures + sum.pictures(),
                sum.placed().or(() -> placed));
    }

    boolean isOver() {
        return state == State.DONE || state == State.FAILED;
    }
}
