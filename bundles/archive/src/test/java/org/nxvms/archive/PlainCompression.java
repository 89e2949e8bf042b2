// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import org.nxvms.test.kit.PlainSha256;

/** Lanes of SHA-256 for machines that have no native one; and what was asked of it. */
final class PlainCompression implements Sha256Lanes.Compression {
    volatile int lanesMost;
    /** From now on it refuses. */
    volatile boolean refuses;

    @Override
    public boolean compress(
            int lanes,
            ByteBuffer states,
            ByteBuffer b0,
            int from0,
            ByteBuffer b1,
            int from1,
            ByteBuffer b2,
            int from2,
            ByteBuffer b3,
            int from3,
            int blocks) {
        if (refuses) {
            return false;
        }
        lanesMost = Math.max(lanesMost, lanes);
        ByteBuffer[] buffers = {b0, b1, b2, b3};
        int[] from = {from0, from1, from2, from3};
        for (int l = 0; l < lanes; l++) {
            for (int block = 0; block < blocks; block++) {
                PlainSha256.compress(states, l * Sha256Lanes.STATE_BYTES, buffers[l], from[l] + 64 * block);
            }
        }
        return true;
    }
}
