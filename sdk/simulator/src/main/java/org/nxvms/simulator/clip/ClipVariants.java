// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scene of a clip, encoded otherwise than the clip itself: what a camera sends whose encoder has been set. Picture
 * {@code k} of a variant shows what picture {@code k * every} of the clip shows, and its number. Thread-safe; one is made at a
 * time, the last few are kept.
 */
public final class ClipVariants {
    /** Of the standard clip one takes some 15 MB. */
    private static final int KEPT_MAX = 4;

    /**
     * How the scene is encoded.
     *
     * @param main which of the two renditions it stands for, in its frame strip
     * @param every shows each so many-th picture of the clip, 1..; a divisor of their number
     * @param gopFrames distance of two key frames, in its own pictures; the first of the loop is always one
     * @param constant whether the encoder keeps to the bit rate in each moment, or to an even quality
     * @param profile {@code Baseline}, {@code Main} or {@code High}
     * @param covers what it hides
     */
    public record Variant(
            boolean main,
            ClipSpec.Rendition size,
            int every,
            int gopFrames,
            boolean constant,
            String profile,
            List<Cover> covers) {
        public Variant {
            covers = List.copyOf(covers);
            if (every < 1 || gopFrames < 1) {
                throw new IllegalArgumentException("a variant shows pictures, and key frames among them");
            }
        }
    }

    private final ClipSpec spec;
    private final Map<Variant, Clip.Video> kept = new LinkedHashMap<>();

    public ClipVariants(ClipSpec spec) {
        this.spec = spec;
    }

    /** {@return the pictures of one loop}; takes as long as making the clip does, in part. */
    public synchronized Clip.Video of(Variant variant) throws ClipException {
        Clip.Video known = kept.remove(variant);
        Clip.Video video = known != null ? known : ClipGenerator.encode(spec, variant);
        kept.put(variant, video);
        if (kept.size() > KEPT_MAX) {
            kept.remove(kept.keySet().iterator().next());
        }
        return video;
    }
}
