// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.List;

/**
 * An encoded loop: two renditions of the same scene and its sound.
 *
 * <p>Sound loops by itself after {@link Tones#LOOP_SECONDS} seconds, which is a whole number of AAC frames; a loop of
 * full video seconds is not. The arrays are shared: nobody writes to them.
 */
public record Clip(ClipSpec spec, Video main, Video sub, Audio aac) {
    /** One H.264 rendition; access units in Annex B form, each key frame with its parameter sets. */
    public record Video(int width, int height, List<AccessUnit> accessUnits) {
        public Video {
            accessUnits = List.copyOf(accessUnits);
        }

        /** Mean bits per second over the loop. */
        public long bitrateBps(int fps) {
            long bytes =
                    accessUnits.stream().mapToLong(unit -> unit.annexB().length).sum();
            return bytes * 8 * fps / accessUnits.size();
        }
    }

    /** One coded picture. */
    public record AccessUnit(byte[] annexB, boolean key) {}

    /** AAC-LC, mono, {@link Tones#AAC_RATE} Hz; the loop is seamless. */
    public record Audio(byte[] specificConfig, List<byte[]> frames) {
        public Audio {
            frames = List.copyOf(frames);
        }
    }
}
