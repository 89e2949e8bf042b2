// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

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
 * @since 0.1
 */
public record TranscodeRequest(
        String name,
        TrackFormat picture,
        int heightMax,
        int kilobits,
        int keySeconds,
        Optional<TrackFormat> sound,
        long fromTimestamp) {
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

    public TranscodeRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(picture, "picture");
        Objects.requireNonNull(sound, "sound");
        if (!picture.isVideo() || heightMax < 0 || kilobits < 0 || keySeconds < 1 || keySeconds > 10) {
            throw new IllegalArgumentException("not a picture that can be encoded anew: " + picture + ", " + heightMax
                    + " high, " + kilobits + " kbit/s, a key frame each " + keySeconds + " s");
        }
    }
}
