// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;

/**
 * A stream to encode anew; its pictures follow as {@link FrameType#UNIT}.
 *
 * @param codec FFmpeg's name
 * @param configuration extradata
 * @param frameRateMilli thousandths of a picture per second, 0 when unknown
 * @param heightMax higher pictures are scaled down; 0 for as they are
 * @param kilobits bits per second in thousands; 0 for what suits the size
 */
public record TranscodeOrder(
        String codec, byte[] configuration, int frameRateMilli, int heightMax, int kilobits, int keySeconds) {
    public byte[] toBytes() {
        return new Body()
                .text(codec)
                .bytes(configuration)
                .number(frameRateMilli)
                .number(heightMax)
                .number(kilobits)
                .number(keySeconds)
                .toBytes();
    }

    public static TranscodeOrder read(ByteBuffer in) throws WireException {
        return new TranscodeOrder(
                Body.text(in),
                Body.bytes(in, TrackFacts.CONFIGURATION_BYTES_MAX),
                Body.number(in),
                Body.number(in),
                Body.number(in),
                Body.number(in));
    }
}
