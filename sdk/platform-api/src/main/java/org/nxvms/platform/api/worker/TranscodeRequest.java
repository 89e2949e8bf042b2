// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.media.TrackFormat;

/**
 * What is to be made of which pictures.
 *
 * @param name in the log, a few words without secrets
 * @param picture H.264, H.265 or MJPEG, as in the stream hub
 * @param heightMax higher pictures are scaled down, keeping their shape; 0 for as they are
 * @param kilobits bits per second in thousands; 0 for what suits the size
 * @param keySeconds at least so often a key frame, 1..10
 * @param sound AAC or G.711 that becomes Opus
 * @param fromTimestamp pictures shown before it are decoded, since others need them, and not encoded
 * @param masks filled in every picture before it is encoded, at most {@link #MASKS_MAX}
 * @since 0.1
 */
public record TranscodeRequest(
        String name,
        TrackFormat picture,
        int heightMax,
        int kilobits,
        int keySeconds,
        Optional<TrackFormat> sound,
        long fromTimestamp,
        List<Polygon> masks) {
    public static final int MASKS_MAX = 16;

    /** All pictures. */
    public TranscodeRequest(
            String name,
            TrackFormat picture,
            int heightMax,
            int kilobits,
            int keySeconds,
            Optional<TrackFormat> sound) {
        this(name, picture, heightMax, kilobits, keySeconds, sound, Long.MIN_VALUE);
    }

    /** Without masks. */
    public TranscodeRequest(
            String name,
            TrackFormat picture,
            int heightMax,
            int kilobits,
            int keySeconds,
            Optional<TrackFormat> sound,
            long fromTimestamp) {
        this(name, picture, heightMax, kilobits, keySeconds, sound, fromTimestamp, List.of());
    }

    public TranscodeRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(picture, "picture");
        Objects.requireNonNull(sound, "sound");
        masks = List.copyOf(masks);
        if (masks.size() > MASKS_MAX) {
            throw new IllegalArgumentException("at most " + MASKS_MAX + " masks, not " + masks.size());
        }
        if (!picture.isVideo() || heightMax < 0 || kilobits < 0 || keySeconds < 1 || keySeconds > 10) {
            throw new IllegalArgumentException("not a picture that can be encoded anew: " + picture + ", " + heightMax
                    + " high, " + kilobits + " kbit/s, a key frame each " + keySeconds + " s");
        }
    }
}
