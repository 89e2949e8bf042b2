// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * SHA-256 (FIPS 180-4) of two messages over the same bytes, by the processor's own instructions: these wait for one another, so that
 * two at once cost what one does. For whoever hashes a file and its pieces. Any thread.
 */
@ProviderType
public interface PairedSha256 {
    int BLOCK_BYTES = 64;
    int STATE_BYTES = 32;

    /** What a buffer of states has room for; the first two states are used. */
    int STATES_BYTES = 4 * STATE_BYTES;

    /**
     * Advances two messages by the same blocks. Blocks on disk when it is first called.
     *
     * @param states direct, of {@link #STATES_BYTES}: eight words of each message, in the machine's order; changed
     * @param blocks direct; neither its position nor its limit counts
     * @param from the byte of it at which the first block begins
     * @param count how many blocks, at least one
     * @return false when nothing was done: on this machine there is no such way, or the arguments make no sense
     */
    boolean advance(ByteBuffer states, ByteBuffer blocks, int from, int count);
}
