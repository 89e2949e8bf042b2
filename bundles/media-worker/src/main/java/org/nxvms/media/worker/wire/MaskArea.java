// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of each picture that is filled.
 *
 * @param corners each within 0..1, the last joined to the first
 */
public record MaskArea(List<Corner> corners) {
    /** Of 0..1; the largest picture has 8192 pixels. */
    private static final int MILLIONTHS = 1_000_000;

    private static final int AREAS_MAX = 64;
    private static final int CORNERS_MIN = 3;
    private static final int CORNERS_MAX = 64;

    public MaskArea {
        corners = List.copyOf(corners);
    }

    /** A point of it. */
    public record Corner(double x, double y) {}

    static void writeList(List<MaskArea> areas, Body body) {
        body.number(areas.size());
        for (MaskArea area : areas) {
            body.number(area.corners().size());
            for (Corner corner : area.corners()) {
                body.number((int) Math.round(corner.x() * MILLIONTHS))
                        .number((int) Math.round(corner.y() * MILLIONTHS));
            }
        }
    }

    static List<MaskArea> readList(ByteBuffer in) throws WireException {
        int count = Body.number(in);
        if (count < 0 || count > AREAS_MAX) {
            throw new WireException(count + " masks");
        }
        List<MaskArea> areas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            areas.add(read(in));
        }
        return areas;
    }

    private static MaskArea read(ByteBuffer in) throws WireException {
        int count = Body.number(in);
        if (count < CORNERS_MIN || count > CORNERS_MAX) {
            throw new WireException("a mask of " + count + " corners");
        }
        List<Corner> corners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            corners.add(new Corner(within(in), within(in)));
        }
        return new MaskArea(corners);
    }

    private static double within(ByteBuffer in) throws WireException {
        int millionths = Body.number(in);
        if (millionths < 0 || millionths > MILLIONTHS) {
            throw new WireException("a mask that lies outside its picture");
        }
        return (double) millionths / MILLIONTHS;
    }
}
