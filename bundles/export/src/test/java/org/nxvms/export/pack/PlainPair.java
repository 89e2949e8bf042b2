// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.nio.ByteBuffer;
import org.nxvms.platform.api.archive.PairedSha256;
import org.nxvms.test.kit.PlainSha256;

/** Pairs of SHA-256 for machines that have no native one. */
public final class PlainPair implements PairedSha256 {
    @Override
    public boolean advance(ByteBuffer states, ByteBuffer blocks, int from, int count) {
        for (int block = 0; block < count; block++) {
            PlainSha256.compress(states, 0, blocks, from + BLOCK_BYTES * block);
            PlainSha256.compress(states, STATE_BYTES, blocks, from + BLOCK_BYTES * block);
        }
        return true;
    }
}
