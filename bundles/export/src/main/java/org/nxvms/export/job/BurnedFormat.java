// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.List;
import java.util.Locale;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.archive.Segment;

/**
 * Footage that is encoded anew, and how large that becomes.
 *
 * @param format as it was recorded
 * @param heightMax higher pictures no encoder takes; 0 when these are not
 * @param kilobits per second of what comes of it
 */
record BurnedFormat(StreamFormat format, int heightMax, int kilobits) {
    /** Of H.264 level 5.2, which is as much as the encoder knows (ITU-T H.264 table A-1, MaxFS). */
    private static final int BLOCKS_MAX = 36_864;

    private static final int BLOCK = 16;
    private static final int KILOBITS_MIN = 500;
    private static final int KILOBITS_MAX = 20_000;

    /** @param segments of the range; how many bits they have on the average counts */
    static BurnedFormat of(StreamFormat format, String initId, List<Segment> segments) {
        double bits = 0;
        double us = 1;
        double factor = 1;
        for (Segment segment : segments) {
            if (segment.initId().equals(initId)) {
                bits += segment.sizeBytes() * 8.0;
                us += Math.max(0, segment.endUs() - segment.startUs());
                factor = factor(segment);
            }
        }
        long kilobits = Math.round(bits * 1_000 / us * factor);
        return new BurnedFormat(format, heightMax(format.tracks().get(0)), (int)
                Math.max(KILOBITS_MIN, Math.min(KILOBITS_MAX, kilobits)));
    }

    /** {@return how many bytes come of one} What two encoders lose one behind the other, the second makes good with bits. */
    static double factor(Segment segment) {
        boolean eachAlone = segment.codecs().toLowerCase(Locale.ROOT).startsWith("mp4v.6c");
        return eachAlone ? 0.5 : 2;
    }

    private static int heightMax(TrackFormat picture) {
        if (blocks(picture.width(), picture.height()) <= BLOCKS_MAX) {
            return 0;
        }
        int height = picture.height() / BLOCK * BLOCK;
        while (blocks((int) ((long) picture.width() * height / picture.height()), height) > BLOCKS_MAX) {
            height -= BLOCK;
        }
        return height;
    }

    private static int blocks(int width, int height) {
        return (width + BLOCK - 1) / BLOCK * ((height + BLOCK - 1) / BLOCK);
    }
}
