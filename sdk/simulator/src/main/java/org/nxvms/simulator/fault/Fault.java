// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

/**
 * A kind of misbehaviour and how much of it.
 *
 * @param value in the kind's unit; 0 for a kind without one
 */
public record Fault(FaultKind kind, long value) {
    public Fault {
        if (kind.unit().isEmpty()) {
            if (value != 0) {
                throw new BadInputException("value", "fault " + kind.id() + " takes no value", "leave it out");
            }
        } else if (value < kind.min() || value > kind.max()) {
            throw new BadInputException(
                    "value",
                    "fault " + kind.id() + ": " + value + " is out of range",
                    "give " + kind.unit() + " in " + kind.min() + ".." + kind.max());
        }
    }

    /** Reads {@code kind} or {@code kind=value}. */
    public static Fault parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return FaultKind.of(text).fault();
        }
        FaultKind kind = FaultKind.of(text.substring(0, equals));
        try {
            return kind.fault(Long.parseLong(text.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    "value",
                    "'" + text.substring(equals + 1) + "' is not a whole number, in '" + text + "'",
                    "write " + kind.fault());
        }
    }

    @Override
    public String toString() {
        return kind.unit().isEmpty() ? kind.id() : kind.id() + "=" + value;
    }
}
