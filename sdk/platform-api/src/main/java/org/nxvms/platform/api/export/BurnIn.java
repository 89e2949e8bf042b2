// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.export;

import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.TranscodeRequest;

/**
 * What is burned into the pictures of an export: text at their lower left, and masks that hide parts of them. Pictures with
 * anything burned in are encoded anew. Immutable.
 *
 * @param text at most {@link #TEXT_CHARS_MAX} characters in one line; empty for none
 * @param time whether the time of each picture is written
 * @param user whether it is written who ordered the export
 * @param zone of the time
 * @param masks at most {@link #MASKS_MAX}, of one camera at most {@link TranscodeRequest#MASKS_MAX}
 */
public record BurnIn(String text, boolean time, boolean user, ZoneId zone, List<Mask> masks) {
    public static final int TEXT_CHARS_MAX = 100;
    /** A package of sixteen cameras, each with four. */
    public static final int MASKS_MAX = 64;

    public static final BurnIn NONE = new BurnIn("", false, false, ZoneId.of("Z"), List.of());

    public BurnIn {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(zone, "zone");
        masks = List.copyOf(masks);
        if (text.length() > TEXT_CHARS_MAX || masks.size() > MASKS_MAX) {
            throw new IllegalArgumentException("at most " + TEXT_CHARS_MAX + " characters and " + MASKS_MAX
                    + " masks are burned in, not " + text.length() + " and " + masks.size());
        }
    }

    /** A part of a camera's pictures that nobody may see. */
    public record Mask(UUID cameraId, Polygon area) {
        public Mask {
            Objects.requireNonNull(cameraId, "cameraId");
            Objects.requireNonNull(area, "area");
        }
    }

    /** {@return whether something is written} */
    public boolean hasText() {
        return time || user || !text.isEmpty();
    }

    /** {@return what is hidden of a camera} */
    public List<Polygon> masksOf(UUID cameraId) {
        return masks.stream()
                .filter(mask -> mask.cameraId().equals(cameraId))
                .map(Mask::area)
                .toList();
    }

    /** {@return whether a camera's pictures are changed} */
    public boolean concerns(UUID cameraId) {
        return hasText() || !masksOf(cameraId).isEmpty();
    }

    public boolean isNone() {
        return !hasText() && masks.isEmpty();
    }
}
