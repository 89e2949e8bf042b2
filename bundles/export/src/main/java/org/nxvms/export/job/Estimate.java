// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.ExportOrder;

/**
 * About how much an order is. Blocks for a look-up a camera.
 *
 * @param bytes of the package
 * @param footageBytes that it is made of
 * @param heard cameras whose sound is taken along
 * @param segments files of the archive that are concerned, at most one more than {@link #SEGMENTS_MAX}
 */
public record Estimate(long bytes, long footageBytes, Set<UUID> heard, int segments) {
    /** Of one package: two months of a camera, a day of sixty-four. */
    public static final int SEGMENTS_MAX = PackageRun.SEGMENTS_MAX;

    public Estimate {
        heard = Set.copyOf(heard);
    }

    public static Estimate of(Archive archive, ExportOrder order) {
        long bytes = 0;
        long footageBytes = 0;
        int count = 0;
        Set<UUID> heard = new HashSet<>();
        for (UUID camera : order.cameraIds()) {
            List<Segment> segments = CameraPart.segments(
                    archive, new StreamId(camera, order.role()), order.fromUs(), order.toUs(), SEGMENTS_MAX - count);
            count += segments.size();
            for (Segment segment : segments) {
                long share = share(segment, order);
                footageBytes += share;
                bytes += order.burnIn().concerns(camera) ? (long) (share * BurnedFormat.factor(segment)) : share;
                if (order.sound() && segment.hasAudio()) {
                    heard.add(camera);
                }
            }
            if (count > SEGMENTS_MAX) {
                break;
            }
        }
        return new Estimate(bytes, footageBytes, heard, count);
    }

    private static long share(Segment segment, ExportOrder order) {
        long lengthUs = segment.endUs() - segment.startUs();
        if (order.form() == ExportOrder.Form.CHUNKS || lengthUs <= 0) {
            return segment.sizeBytes();
        }
        long withinUs = Math.min(segment.endUs(), order.toUs()) - Math.max(segment.startUs(), order.fromUs());
        return (long) (segment.sizeBytes() * (double) Math.max(0, withinUs) / lengthUs);
    }
}
