// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;

/**
 * Some access units of a segment that follow each other: a fragment ({@code prft moof mdat}) of each track, of pictures that begin with a
 * key frame two, that picture by itself first. Immutable.
 *
 * @param bytes shared, so senders take {@link #of}
 * @param durationUs of its pictures, or of its sound when there are none
 * @param independent whether a viewer can begin somewhere in it
 * @param layout where in it is what
 */
record Part(ByteBuffer bytes, long durationUs, boolean independent, Layout layout) {
    /** Stands for a part without sound. */
    static final long NO_SOUND = Long.MIN_VALUE;

    /**
     * Where in a part is what, boxes included.
     *
     * @param keyBytes of the key frame that it begins with; 0 when it does not begin with one
     * @param leadBytes of the first track, the key frame included
     * @param soundBytes of the second track, which follows; 0 when there is nothing of it
     * @param soundTicks when that is first decoded, in its timescale, or {@link #NO_SOUND}
     */
    record Layout(int keyBytes, int leadBytes, int soundBytes, long soundTicks) {}

    int size() {
        return bytes.remaining();
    }

    /** {@return of the key frame that it begins with, boxes included; 0 when it does not begin with one} */
    int keyBytes() {
        return layout.keyBytes();
    }

    /** {@return the bytes of a track, perhaps none: a view of its own} */
    ByteBuffer of(Track track) {
        return switch (track) {
            case ALL -> bytes.duplicate();
            case PICTURES -> bytes.slice(0, layout.leadBytes());
            case SOUND -> bytes.slice(layout.leadBytes(), layout.soundBytes());
        };
    }

    /** {@return how many those are} */
    int size(Track track) {
        return switch (track) {
            case ALL -> size();
            case PICTURES -> layout.leadBytes();
            case SOUND -> layout.soundBytes();
        };
    }
}
