// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;

/**
 * A picture to make a JPEG of.
 *
 * @param number told back with the answer
 * @param codec FFmpeg's name
 * @param configuration extradata
 * @param widthMax a wider picture is scaled down
 * @param picture one access unit
 */
public record StillOrder(int number, String codec, byte[] configuration, int widthMax, byte[] picture) {
    public byte[] toBytes() {
        return new Body()
                .number(number)
                .text(codec)
                .bytes(configuration)
                .number(widthMax)
                .bytes(picture)
                .toBytes();
    }

    public static StillOrder read(ByteBuffer in) throws WireException {
        return new StillOrder(
                Body.number(in),
                Body.text(in),
                Body.bytes(in, TrackFacts.CONFIGURATION_BYTES_MAX),
                Body.number(in),
                Body.bytes(in, FrameType.BODY_BYTES_MAX));
    }
}
