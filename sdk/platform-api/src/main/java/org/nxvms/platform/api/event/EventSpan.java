// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When an event happened, in microseconds of wall time (UTC, since 1970).
 *
 * @param endUs where it ends: the start for a pulse, empty while a state lasts
 * @param endReason how a state's end became known; empty for a pulse and while it lasts
 */
public record EventSpan(Form form, long startUs, OptionalLong endUs, Optional<EndReason> endReason) {
    /** Of a moment or of a stretch. */
    public enum Form {
        PULSE,
        STATE
    }

    /** How the end of a state became known; more may follow, a {@code switch} needs a default branch. */
    public enum EndReason {
        /** The source said so. */
        OVER,
        /** The source fell silent: nobody said in time that the state still holds. The end is when that was noticed. */
        LAPSED,
        /** The server started and nobody said that the state still holds. The end is when that was noticed. */
        SOURCE_GONE
    }

    public EventSpan {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(endUs, "endUs");
        Objects.requireNonNull(endReason, "endReason");
        if (endUs.isPresent() && endUs.getAsLong() < startUs) {
            throw new IllegalArgumentException(
                    "an event ends after its start " + startUs + ", not at " + endUs.getAsLong());
        }
        boolean fits = form == Form.PULSE
                ? endUs.equals(OptionalLong.of(startUs)) && endReason.isEmpty()
                : endUs.isPresent() == endReason.isPresent();
        if (!fits) {
            throw new IllegalArgumentException(
                    "a pulse ends where it starts and has no end reason, a state has an end reason with its end: "
                            + form + " " + startUs + " " + endUs + " " + endReason);
        }
    }

    public static EventSpan pulse(long atUs) {
        return new EventSpan(Form.PULSE, atUs, OptionalLong.of(atUs), Optional.empty());
    }

    public static EventSpan open(long startUs) {
        return new EventSpan(Form.STATE, startUs, OptionalLong.empty(), Optional.empty());
    }

    /** The same state with its end; never before its start. */
    public EventSpan ended(long atUs, EndReason reason) {
        return new EventSpan(Form.STATE, startUs, OptionalLong.of(Math.max(startUs, atUs)), Optional.of(reason));
    }

    /** {@return whether it is a state that still lasts} */
    public boolean lasts() {
        return endUs.isEmpty();
    }
}
