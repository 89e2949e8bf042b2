// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.Objects;

/**
 * What a clip is made of. Two equal specs give the same clip, so a cached one is reused.
 *
 * @param main the large picture
 * @param sub the small picture of the same scene; its frame {@code n} shows the same moment as main's frame {@code n}
 * @param fps pictures per second of both, 1..60, a divisor of 90000 so that a frame lasts whole ticks of RTP
 * @param gopFrames distance of two key frames in frames; the loop is a whole number of them
 * @param seconds length of the loop, 1..120
 */
public record ClipSpec(Rendition main, Rendition sub, int fps, int gopFrames, int seconds) {
    /** What a usual camera sends: 1080p25 at 4 Mbit/s and 360p25 at 500 kbit/s, a key frame every 2 s, 30 s long. */
    public static final ClipSpec STANDARD =
            new ClipSpec(new Rendition(1920, 1080, 4_000_000), new Rendition(640, 360, 500_000), 25, 50, 30);

    /** For unit tests: made in about a second, a key frame every second, 4 s long. */
    public static final ClipSpec SMALL =
            new ClipSpec(new Rendition(640, 360, 800_000), new Rendition(320, 180, 250_000), 25, 25, 4);

    /** A camera of which the small stream is meant for walls: 720p15 at 2 Mbit/s and 360p15 at 500 kbit/s, a key frame every 2 s. */
    public static final ClipSpec CALM =
            new ClipSpec(new Rendition(1280, 720, 2_000_000), new Rendition(640, 360, 500_000), 15, 30, 30);

    private static final int RTP_TICKS = 90_000;
    private static final int FRAMES_MAX = 1 << FrameStrip.NUMBER_BITS;

    /**
     * One encoded size.
     *
     * @param width in pixels, a multiple of 16, 160..3840
     * @param height in pixels, even, 90..2160
     * @param bitrateBps mean bits per second the encoder aims at
     */
    public record Rendition(int width, int height, int bitrateBps) {
        public Rendition {
            require(width % 16 == 0 && width >= 160 && width <= 3840, "width must be a multiple of 16 in 160..3840");
            require(height % 2 == 0 && height >= 90 && height <= 2160, "height must be even in 90..2160");
            require(bitrateBps >= 50_000 && bitrateBps <= 50_000_000, "bitrateBps must be in 50000..50000000");
        }
    }

    public ClipSpec {
        Objects.requireNonNull(main, "main");
        Objects.requireNonNull(sub, "sub");
        require(fps >= 1 && fps <= 60 && RTP_TICKS % fps == 0, "fps must be a divisor of 90000 in 1..60");
        require(seconds >= 1 && seconds <= 120, "seconds must be in 1..120");
        require(gopFrames >= 1, "gopFrames must be at least 1");
        require((seconds * fps) % gopFrames == 0, "seconds * fps must be a multiple of gopFrames");
        require(seconds * fps <= FRAMES_MAX, "the frame strip counts to " + FRAMES_MAX + " frames only");
    }

    /** Frames in one loop; the frame strip counts from 0 to one less. */
    public int frameCount() {
        return seconds * fps;
    }

    /** {@return when a frame is shown, in milliseconds from the beginning of frame 0 on} */
    public long startMs(long frame) {
        return Math.floorDiv(frame * 1000, fps);
    }

    /** {@return which frame is shown at a moment}; the other way round than {@link #startMs}. */
    public long frameAt(long ms) {
        return Math.floorDiv(ms * fps + fps - 1, 1000);
    }

    /** The same clip with another length. */
    public ClipSpec withSeconds(int newSeconds) {
        return new ClipSpec(main, sub, fps, gopFrames, newSeconds);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException("clip: " + message);
        }
    }
}
