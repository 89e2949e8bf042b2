// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;

/**
 * Some access units of a segment that follow each other: {@code prft moof mdat}, of one that begins with a key frame twice, the key frame
 * by itself first. Immutable.
 *
 * @param bytes shared, so senders take {@link ByteBuffer#duplicate()}
 * @param durationUs of its pictures, or of its sound when there are none
 * @param independent whether a viewer can begin somewhere in it
 * @param keyBytes of the key frame that it begins with, boxes included; 0 when it does not begin with one
 */
record Part(ByteBuffer bytes, long durationUs, boolean independent, int keyBytes) {
    int size() {
        return bytes.remaining();
    }
}
