// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.worker.Polygon.Point;

/** The motion mask of a camera. */
@Entity
@Table(name = "motion_mask")
public class MotionMaskRow {
    private static final String NEXT = "\n";

    @Id
    @Column(name = "camera_id")
    private String cameraId;

    private long version;
    private String content;

    /** For JPA. */
    protected MotionMaskRow() {}

    MotionMaskRow(UUID cameraId, MotionMask mask) {
        this.cameraId = cameraId.toString();
        take(mask);
    }

    final void take(MotionMask mask) {
        version = mask.version();
        content = mask.areas().stream().map(MotionMaskRow::text).collect(Collectors.joining(NEXT));
    }

    private static String text(MotionMask.Area area) {
        return area.points().stream().map(point -> point.x() + "," + point.y()).collect(Collectors.joining(" "));
    }

    long version() {
        return version;
    }

    MotionMask mask() {
        return new MotionMask(version, content.lines().map(MotionMaskRow::area).toList());
    }

    private static MotionMask.Area area(String line) {
        return new MotionMask.Area(Arrays.stream(line.split(" "))
                .map(point -> point.split(","))
                .map(point -> new Point(Double.parseDouble(point[0]), Double.parseDouble(point[1])))
                .toList());
    }
}
