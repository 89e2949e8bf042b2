// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

/**
 * Where a camera's times are on the server's time line: two moments that both know, and a straight line through them. Where
 * a clock ran too fast meanwhile, the error is spread over all of the time between.
 *
 * @param deviceFromUs by the camera's clock
 * @param fromUs by the server's, the same moment
 * @param deviceToUs by the camera's clock
 * @param toUs by the server's, the same moment
 */
public record Places(long deviceFromUs, long fromUs, long deviceToUs, long toUs) {
    /** Two clocks that run apart: cameras' crystals by 100 ppm at most, and the network's delay is not the same each time. */
    private static final long APART_US = 2_000_000;

    private static final long APART_PPM = 500;

    public Places {
        if (deviceToUs <= deviceFromUs || toUs <= fromUs) {
            throw new IllegalArgumentException("two moments in their order are needed");
        }
    }

    /** {@return the line of clocks that differ by the same all the time} */
    public static Places by(long offsetUs, long fromUs, long toUs) {
        return new Places(fromUs + offsetUs, fromUs, toUs + offsetUs, toUs);
    }

    /** {@return the same line, from a later moment on, by the server's clock} */
    public Places from(long wallUs) {
        return new Places(deviceUs(wallUs), wallUs, deviceToUs, toUs);
    }

    /** {@return whether one clock can have been set between the two moments} */
    public boolean isJump() {
        long apart = Math.abs((deviceToUs - deviceFromUs) - (toUs - fromUs));
        return apart > APART_US + (toUs - fromUs) / 1_000_000 * APART_PPM;
    }

    /** {@return the server's time of a moment by the camera's} */
    public long wallUs(long deviceUs) {
        double share = (double) (deviceUs - deviceFromUs) / (deviceToUs - deviceFromUs);
        return fromUs + Math.round(share * (toUs - fromUs));
    }

    /** {@return the camera's time of a moment by the server's} */
    public long deviceUs(long wallUs) {
        double share = (double) (wallUs - fromUs) / (toUs - fromUs);
        return deviceFromUs + Math.round(share * (deviceToUs - deviceFromUs));
    }
}
