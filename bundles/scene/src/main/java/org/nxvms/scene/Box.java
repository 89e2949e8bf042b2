// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.util.Locale;

/** A rectangle in the picture, as fractions of it from its upper left corner: 0..1. */
record Box(double x, double y, double width, double height) {
    /** {@return a rectangle of ONVIF's, whose origin is the middle and which reaches from -1 to 1, upwards} Cut at the edges. */
    static Box of(double left, double top, double right, double bottom) {
        double x = inside((Math.min(left, right) + 1) / 2);
        double y = inside((1 - Math.max(top, bottom)) / 2);
        return new Box(x, y, inside((Math.max(left, right) + 1) / 2) - x, inside((1 - Math.min(top, bottom)) / 2) - y);
    }

    private static double inside(double fraction) {
        return Math.max(0, Math.min(1, fraction));
    }

    /** {@return it in thousandths}: {@code 250,500,100,80}. */
    String thousandths() {
        return String.format(Locale.ROOT, "%.0f,%.0f,%.0f,%.0f", x * 1000, y * 1000, width * 1000, height * 1000);
    }
}
