// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

/** Extends 32 bit RTP timestamps to 64 bits. Steps of up to half the range, forward or back, are followed. */
public final class TimestampUnwrapper {
    private boolean started;
    private long last;

    /** {@return the timestamp without wrap-around; the first one is returned as it is} */
    public long unwrap(long timestamp32) {
        if (!started) {
            started = true;
            last = timestamp32 & 0xFFFF_FFFFL;
        } else {
            last += (int) (timestamp32 - last);
        }
        return last;
    }
}
