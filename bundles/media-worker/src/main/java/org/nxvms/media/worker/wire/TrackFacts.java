// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A track as FFmpeg describes it.
 *
 * @param codec FFmpeg's name
 * @param frameRateMilli thousandths of a picture per second, 0 when unknown
 * @param configuration extradata
 */
public record TrackFacts(
        String codec,
        boolean video,
        int clockRate,
        int width,
        int height,
        int frameRateMilli,
        int channels,
        byte[] configuration) {
    /** Parameter sets and Opus headers are far below. */
    public static final int CONFIGURATION_BYTES_MAX = 64 << 10;

    private static final int TRACKS_MAX = 8;

    public void write(Body body) {
        body.text(codec)
                .flag(video)
                .number(clockRate)
                .number(width)
                .number(height)
                .number(frameRateMilli)
                .number(channels)
                .bytes(configuration);
    }

    public static TrackFacts read(ByteBuffer in) throws WireException {
        return new TrackFacts(
                Body.text(in),
                Body.flag(in),
                Body.number(in),
                Body.number(in),
                Body.number(in),
                Body.number(in),
                Body.number(in),
                Body.bytes(in, CONFIGURATION_BYTES_MAX));
    }

    public static byte[] list(List<TrackFacts> tracks) {
        Body body = new Body().number(tracks.size());
        tracks.forEach(track -> track.write(body));
        return body.toBytes();
    }

    public static List<TrackFacts> readList(ByteBuffer in) throws WireException {
        int count = Body.number(in);
        if (count < 1 || count > TRACKS_MAX) {
            throw new WireException(count + " tracks");
        }
        List<TrackFacts> tracks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tracks.add(read(in));
        }
        return tracks;
    }
}
