// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

/** From which change on a search says that something moves. */
final class Sensitivity {
    static final int MIN = 1;
    static final int MAX = 100;

    /** At the highest a quarter of a cell is enough, and twice as much each {@link #DOUBLES} below. */
    private static final double LEAST_CELLS = 0.25;

    private static final double DOUBLES = 16.5;
    /** In a small box what fills so much of it is enough. */
    private static final double SHARE = 0.3;

    private Sensitivity() {}

    /** {@return how many cells must change: 2 of 2304 at 50, 16 at 1} */
    static double cells(int sensitivity, Cells cells) {
        double wanted = LEAST_CELLS * Math.pow(2, (MAX - sensitivity) / DOUBLES);
        return Math.min(wanted, Math.max(LEAST_CELLS, SHARE * cells.count()));
    }
}
