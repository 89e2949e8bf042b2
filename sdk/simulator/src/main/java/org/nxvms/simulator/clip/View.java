// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

/**
 * What of the scene is seen. Beyond a side the scene goes on at the other one.
 *
 * @param right how far the middle lies to the right of the scene's, in its widths
 * @param down how far below it, in its heights
 * @param nearer how many times everything is brought nearer, 1..
 */
public record View(double right, double down, double nearer) {
    public static final View WHOLE = new View(0, 0, 1);

    public boolean isWhole() {
        return right == 0 && down == 0 && nearer == 1;
    }

    public View {
        if (!(nearer >= 1)) {
            throw new IllegalArgumentException("nothing is brought farther away than it is: " + nearer);
        }
    }
}
