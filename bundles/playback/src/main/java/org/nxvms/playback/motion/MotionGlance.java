// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.worker.LumaPictures;

/** Somebody looks at a stretch of a timeline: what moves there is found out while that is asked for, again and again. */
final class MotionGlance implements MotionJob {
    final UUID camera;
    final long fromUs;
    final long toUs;
    private volatile long untilNs;
    private volatile boolean over;
    private Deque<Segment> pieces;
    private SegmentMotion known = SegmentMotion.UNKNOWN;

    MotionGlance(UUID camera, long fromUs, long toUs, long untilNs) {
        this.camera = camera;
        this.fromUs = fromUs;
        this.toUs = toUs;
        this.untilNs = untilNs;
    }

    boolean isOf(UUID otherCamera, long otherFromUs, long otherToUs) {
        return camera.equals(otherCamera) && fromUs == otherFromUs && toUs == otherToUs;
    }

    void until(long newUntilNs) {
        untilNs = newUntilNs;
    }

    boolean isOverAt(long nowNs) {
        return over || untilNs - nowNs <= 0;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void go(Archive archive, LumaPictures worker, MotionReader reader) throws DriverException {
        if (pieces == null) {
            pieces = new ArrayDeque<>(Pieces.of(archive, camera, fromUs, toUs));
        }
        Segment next = pieces.peek();
        if (next == null) {
            over = true;
            return;
        }
        MotionReader.Further further = reader.further(archive, worker, next, known);
        known = further.motion();
        if (!further.more()) {
            pieces.poll();
            known = SegmentMotion.UNKNOWN;
        }
    }

    @Override
    public void giveUp(String why) {
        over = true;
    }
}
