// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.util.Objects;

/**
 * What FFmpeg says of a track.
 *
 * @param codec FFmpeg's name, e.g. {@code h264}
 * @param video whether it is the video track; audio otherwise
 * @param clockRate ticks per second of its time stamps
 * @param width in pixels, 0 for audio or when unknown
 * @param height in pixels, 0 for audio or when unknown
 * @param frameRate pictures per second, 0 when unknown
 * @param channels of audio
 * @param configuration the codec's set-up data as the container has it, often empty
 */
public record SourceTrack(
        String codec,
        boolean video,
        int clockRate,
        int width,
        int height,
        double frameRate,
        int channels,
        byte[] configuration) {
    public SourceTrack {
        Objects.requireNonNull(codec, "codec");
        configuration = configuration.clone();
    }

    @Override
    public byte[] configuration() {
        return configuration.clone();
    }
}
