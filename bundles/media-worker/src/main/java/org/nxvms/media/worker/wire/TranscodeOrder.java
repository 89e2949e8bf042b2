// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A stream to encode anew; its pictures follow as {@link FrameType#UNIT} of track 0, its sound as track 1.
 *
 * @param codec FFmpeg's name
 * @param configuration extradata
 * @param frameRateMilli thousandths of a picture per second, 0 when unknown
 * @param heightMax higher pictures are scaled down; 0 for as they are
 * @param kilobits bits per second in thousands; 0 for what suits the size
 * @param sound to be encoded as Opus
 * @param fromTimestamp pictures before it are decoded only
 * @param masks filled in every picture
 */
public record TranscodeOrder(
        String codec,
        byte[] configuration,
        int frameRateMilli,
        int heightMax,
        int kilobits,
        int keySeconds,
        Optional<Sound> sound,
        long fromTimestamp,
        List<MaskArea> masks) {
    public TranscodeOrder {
        masks = List.copyOf(masks);
    }

    /** As {@link TranscodeOrder}, of the sound. */
    public record Sound(String codec, byte[] configuration, int clockRate, int channels) {}

    public byte[] toBytes() {
        Body body = new Body()
                .text(codec)
                .bytes(configuration)
                .number(frameRateMilli)
                .number(heightMax)
                .number(kilobits)
                .number(keySeconds)
                .flag(sound.isPresent());
        sound.ifPresent(of -> body.text(of.codec())
                .bytes(of.configuration())
                .number(of.clockRate())
                .number(of.channels()));
        body.whole(fromTimestamp);
        MaskArea.writeList(masks, body);
        return body.toBytes();
    }

    public static TranscodeOrder read(ByteBuffer in) throws WireException {
        String codec = Body.text(in);
        byte[] configuration = Body.bytes(in, TrackFacts.CONFIGURATION_BYTES_MAX);
        int frameRateMilli = Body.number(in);
        int heightMax = Body.number(in);
        int kilobits = Body.number(in);
        int keySeconds = Body.number(in);
        Optional<Sound> sound = Body.flag(in)
                ? Optional.of(new Sound(
                        Body.text(in),
                        Body.bytes(in, TrackFacts.CONFIGURATION_BYTES_MAX),
                        Body.number(in),
                        Body.number(in)))
                : Optional.empty();
        return new TranscodeOrder(
                codec,
                configuration,
                frameRateMilli,
                heightMax,
                kilobits,
                keySeconds,
                sound,
                Body.whole(in),
                MaskArea.readList(in));
    }
}
