// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.export;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.nxvms.media.StreamRole;

/**
 * What somebody wants to take away: one stream of each of some cameras in a half-open stretch of time.
 *
 * @param cameraIds 1..{@link #CAMERAS_MAX}, each once
 * @param fromUs microseconds since 1970, UTC
 * @param cut where footage begins and ends; of form {@code CHUNKS} always {@code KEY_FRAME}
 * @param reason for people, at most {@link #REASON_CHARS_MAX} characters, may be empty
 * @param burnIn into pictures; of form {@code CHUNKS} nothing
 * @param sound whether the cameras' sound is taken along; of form {@code CHUNKS} always
 */
public record ExportOrder(
        List<UUID> cameraIds,
        StreamRole role,
        long fromUs,
        long toUs,
        Form form,
        Cut cut,
        String reason,
        BurnIn burnIn,
        boolean sound) {
    /** Cameras of one incident; several packages can cover more. */
    public static final int CAMERAS_MAX = 64;

    public static final int REASON_CHARS_MAX = 500;

    /** With pictures as they were recorded. */
    public ExportOrder(
            List<UUID> cameraIds, StreamRole role, long fromUs, long toUs, Form form, Cut cut, String reason) {
        this(cameraIds, role, fromUs, toUs, form, cut, reason, BurnIn.NONE, true);
    }

    public ExportOrder {
        cameraIds = List.copyOf(new LinkedHashSet<>(cameraIds));
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(cut, "cut");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(burnIn, "burnIn");
        if (cameraIds.isEmpty() || cameraIds.size() > CAMERAS_MAX || toUs <= fromUs) {
            throw new IllegalArgumentException("an export needs 1.." + CAMERAS_MAX + " cameras and from < to; it has "
                    + cameraIds.size() + ", " + fromUs + ", " + toUs);
        }
        if (cut == Cut.EXACT && form == Form.CHUNKS) {
            throw new IllegalArgumentException("the archive's own files are not cut");
        }
        if (!burnIn.isNone() && form == Form.CHUNKS) {
            throw new IllegalArgumentException("nothing is burned into the archive's own files");
        }
        if (!sound && form == Form.CHUNKS) {
            throw new IllegalArgumentException("the archive's own files have the sound they were recorded with");
        }
        List<UUID> known = cameraIds;
        if (burnIn.masks().stream().anyMatch(mask -> !known.contains(mask.cameraId()))) {
            throw new IllegalArgumentException("a mask of a camera that is not exported");
        }
    }

    /** Where footage begins and ends; more may follow, a {@code switch} needs a default branch. */
    public enum Cut {
        /** At the key frame at or before the range's beginning, and with the fragment in which it ends: all is copied. */
        KEY_FRAME,
        /** At the first and behind the last picture of the range: what must be for that is encoded anew. */
        EXACT
    }

    /** How footage is put into a package; more may follow, a {@code switch} needs a default branch. */
    public enum Form {
        /** One MP4 file a stretch of one format, its pictures copied as they are. */
        MP4,
        /** As MP4, but Matroska. */
        MKV,
        /** The archive's own files, whole. */
        CHUNKS
    }
}
