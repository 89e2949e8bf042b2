// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** Motion JPEG: each packet is one whole image, its size stands in its frame header (ITU-T T.81 B.2.2). */
final class JpegPictures implements Pictures {
    private static final int SOI = 0xFFD8;
    private static final int SOF0 = 0xC0;
    private static final int SOF15 = 0xCF;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOS = 0xDA;

    private final Size size = new Size();
    private int width;
    private int height;
    private boolean changed;

    @Override
    public void configure(byte[] configuration) {
        // Each image brings its own.
    }

    @Override
    public boolean take(ByteBuffer packet, UnitBytes out) {
        return readSize(packet) && out.append(packet);
    }

    /** Walks the segments up to the frame header. {@return whether there is one} */
    private boolean readSize(ByteBuffer in) {
        int at = in.position();
        int end = in.limit();
        if (end - at < 4 || (in.getShort(at) & 0xFFFF) != SOI) {
            return false;
        }
        at += 2;
        while (end - at >= 9 && (in.get(at) & 0xFF) == 0xFF) {
            int marker = in.get(at + 1) & 0xFF;
            if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
                return size(in.getShort(at + 7) & 0xFFFF, in.getShort(at + 5) & 0xFFFF);
            }
            if (marker == SOS) {
                return false;
            }
            // A fill byte, or a segment with its length.
            at += marker == 0xFF ? 1 : 2 + Math.max(2, in.getShort(at + 2) & 0xFFFF);
        }
        return false;
    }

    private boolean size(int newWidth, int newHeight) {
        if (newWidth == 0 || newHeight == 0) {
            return false;
        }
        changed |= newWidth != width || newHeight != height;
        width = newWidth;
        height = newHeight;
        return true;
    }

    @Override
    public boolean key() {
        return true;
    }

    @Override
    public boolean formatChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    @Override
    public FormatSource format() {
        return size;
    }

    /** The size of the pictures as a format. */
    private final class Size implements FormatSource {
        @Override
        public boolean complete() {
            return width > 0;
        }

        @Override
        public TrackFormat format() throws NalException {
            if (!complete()) {
                throw new NalException("no JPEG picture yet");
            }
            return TrackFormats.mjpeg(width, height);
        }
    }
}
