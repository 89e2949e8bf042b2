// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.time.Instant;

/**
 * Something that is so or not so at a device, or that happened there.
 *
 * @param part which one of its kind, from 0 on
 * @param active of a pulse always true
 * @param at by the device's own clock
 */
public record DeviceState(Kind kind, int part, boolean active, Instant at) {
    /** What it is. */
    public enum Kind {
        /** Something moves in the picture; a state. */
        MOTION,
        /** A digital port is active; a state. */
        PORT,
        /** A switch that programs set; a state. */
        VIRTUAL_INPUT,
        /** Something that happens and has no end. */
        PULSE
    }

    /** Whether it can be asked for, since it holds until it ends. */
    public boolean stateful() {
        return kind != Kind.PULSE;
    }
}
