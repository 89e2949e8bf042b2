// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

/**
 * Time that is wanted.
 *
 * @param fromUs wall time, microseconds since 1970
 * @param untilUs exclusive; {@link #OPEN} while nobody has said when it ends
 */
record Window(long fromUs, long untilUs) {
    static final long OPEN = Long.MAX_VALUE;

    boolean isOver(long nowUs) {
        return untilUs <= nowUs;
    }

    /** {@return both, where they touch; else the other} */
    Window and(Window other) {
        return other.fromUs <= untilUs && fromUs <= other.untilUs
                ? new Window(Math.min(fromUs, other.fromUs), Math.max(untilUs, other.untilUs))
                : other;
    }
}
