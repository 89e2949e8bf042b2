// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.nio.ByteBuffer;

/**
 * An access unit of a fragment.
 *
 * @param track from 0
 * @param decodeTime in the track's timescale, as the two that follow
 * @param data its bytes, from position to limit
 */
public record Sample(int track, long decodeTime, long presentationTime, long duration, boolean key, ByteBuffer data) {
    /** {@return the same as the access unit of another track} */
    public Sample onTrack(int other) {
        return new Sample(other, decodeTime, presentationTime, duration, key, data);
    }
}
