// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Where a depacketizer puts an access unit: piece by piece, in place. Shaped like {@code StreamWriter} of the data plane,
 * so that one copy from the socket's buffer into the ring is all that happens. Called on the thread that feeds packets.
 */
public interface AccessUnitSink {
    /**
     * Starts an access unit.
     *
     * @param knownKey whether it is already known that decoding can start here; false may still turn out to be a key
     * @return false when there is nowhere to put it; it is then skipped
     */
    boolean begin(boolean knownKey);

    /**
     * Appends bytes at absolute positions of {@code source}, whose own position is left alone.
     *
     * @return false when the access unit became too large; it is then aborted
     */
    boolean append(ByteBuffer source, int offset, int length);

    /** Appends four bytes, big-endian; as {@link #append}. */
    boolean appendInt(int value);

    /** Appends one byte; as {@link #append}. */
    boolean appendByte(int value);

    /** {@return bytes appended so far} */
    int position();

    /** Overwrites four bytes, big-endian. */
    void putInt(int at, int value);

    /**
     * The access unit is whole.
     *
     * @param timestamp presentation time in ticks of the payload's clock, unwrapped
     * @param key whether decoding can start here
     * @param afterLoss whether access units before this one were lost
     */
    void commit(long timestamp, boolean key, boolean afterLoss);

    /** Drops what was begun. */
    void abort();

    /**
     * The depacketizer's parameter sets changed; called before the first access unit that uses them, never between
     * {@link #begin} and {@link #commit}.
     */
    void formatChanged();
}
