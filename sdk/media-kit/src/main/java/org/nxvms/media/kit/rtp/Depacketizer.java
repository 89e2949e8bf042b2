// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Turns the RTP packets of one payload type into access units. Packets come in order; the caller follows sequence numbers
 * with {@link SequenceTracker} and drops late ones. Nothing is allocated per packet. One thread at a time.
 */
public interface Depacketizer {
    /**
     * Takes one packet.
     *
     * @param in holds the packet; its position is left alone
     * @param packet header of the packet, parsed from {@code in}
     * @param lost packets missing before this one
     */
    void accept(ByteBuffer in, RtpHeader packet, int lost);

    /** {@return access units given up because packets were missing, broken or too large} */
    long dropped();

    /** {@return how the stream deviates from its payload format so far, as {@link PayloadQuirk#bit}s; allocates nothing} */
    default int quirks() {
        return 0;
    }

    /**
     * The first packet follows, without a loss, on the last one of a unit that another depacketizer of the same source put
     * together: pictures may be taken before a key frame. To be called before the first packet.
     */
    default void goOn() {}

    /** Ends the source: an access unit whose end was not seen is dropped. */
    void close();
}
