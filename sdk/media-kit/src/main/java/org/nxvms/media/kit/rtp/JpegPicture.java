// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * The size of a Motion JPEG stream's pictures. Packets tell it in blocks of eight pixels and at most 2040 (RFC 2435 3.1.5); the
 * session description may tell it exactly, which counts as long as the packets do not contradict. One thread at a time.
 */
public final class JpegPicture implements FormatSource {
    private static final int BLOCK = 8;

    private final int announcedWidth;
    private final int announcedHeight;
    private int width;
    private int height;

    /**
     * @param announcedWidth as the session description says, 0 when it does not
     * @param announcedHeight as the session description says, 0 when it does not
     */
    public JpegPicture(int announcedWidth, int announcedHeight) {
        this.announcedWidth = announcedWidth;
        this.announcedHeight = announcedHeight;
    }

    @Override
    public boolean complete() {
        return width > 0 && height > 0;
    }

    @Override
    public TrackFormat format() throws NalException {
        if (!complete()) {
            throw new NalException("no JPEG picture yet");
        }
        return TrackFormats.mjpeg(width, height);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Takes the size out of a packet, in blocks; 0 means that it is told elsewhere. {@return whether the size changed} */
    boolean offerBlocks(int blocksX, int blocksY) {
        boolean announced = announcedWidth > 0
                && announcedHeight > 0
                && agrees(blocksX, announcedWidth)
                && agrees(blocksY, announcedHeight);
        return announced ? offer(announcedWidth, announcedHeight) : offer(blocksX * BLOCK, blocksY * BLOCK);
    }

    /** Takes an exact size. {@return whether the size changed} */
    boolean offer(int newWidth, int newHeight) {
        boolean changed = newWidth != width || newHeight != height;
        width = newWidth;
        height = newHeight;
        return changed;
    }

    private static boolean agrees(int blocks, int pixels) {
        return blocks == 0 || blocks == (pixels + BLOCK - 1) / BLOCK;
    }
}
