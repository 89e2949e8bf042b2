// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

/** One picture in YUV 4:2:0, planes without padding. */
final class Picture {
    final int width;
    final int height;
    final byte[] y;
    final byte[] u;
    final byte[] v;

    Picture(int width, int height) {
        this.width = width;
        this.height = height;
        this.y = new byte[width * height];
        this.u = new byte[width / 2 * (height / 2)];
        this.v = new byte[u.length];
    }
}
