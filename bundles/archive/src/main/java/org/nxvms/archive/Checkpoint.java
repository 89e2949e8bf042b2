// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a server signs when it seals a chunk (docs/design/archive.md, "Integrity"): which chunk this is, where it stands in
 * its run, and what its bytes hash to.
 *
 * @param path of the chunk on its volume; names camera, stream, run and number
 * @param previousRoot root of the chunk before it in the run, zeros for the first
 * @param root root of its hash chain
 * @param footageBytes length of the file up to the end of its last fragment
 * @param flags {@link #CONTINUED}, {@link #REPAIRED}
 */
record Checkpoint(
        String path,
        byte[] previousRoot,
        byte[] root,
        long startUs,
        long endUs,
        int fragments,
        long footageBytes,
        int flags) {
    /** The run goes on in another chunk: who takes that one away is found out. */
    static final int CONTINUED = 1;
    /** Sealed after a crash; whether the run went on is not known. */
    static final int REPAIRED = 2;

    private static final String DOMAIN = "nxvms-checkpoint-1\n";

    /** {@return the bytes that are signed} */
    byte[] message() {
        byte[] name = (DOMAIN + path + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 2 * HashChain.HASH_BYTES + 3 * 8 + 2 * 4)
                .put(name)
                .put(previousRoot)
                .put(root)
                .putLong(startUs)
                .putLong(endUs)
                .putLong(footageBytes)
                .putInt(fragments)
                .putInt(flags)
                .array();
    }
}
