// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.rtp.JpegTables;

/**
 * Motion JPEG: each packet is one whole image, its size stands in its frame header (ITU-T T.81 B.2.2). Cameras at USB leave out
 * the Huffman tables where they are the usual ones (T.81 K.3), as their standard and AVI have it; these are put in, since
 * browsers and most programs show nothing without.
 */
final class JpegPictures implements Pictures {
    private static final int SOI = 0xFFD8;
    private static final int SOF0 = 0xC0;
    private static final int SOF15 = 0xCF;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOS = 0xDA;

    private static final int ABSENT = -1;

    private final Size size = new Size();
    private final ByteBuffer tables = JpegTables.huffmanTables();
    /** Where the tables of the image at hand are missing. */
    private int tablesAt;

    private int width;
    private int height;
    private boolean changed;

    @Override
    public void configure(byte[] configuration) {
        // Each image brings its own.
    }

    @Override
    public boolean take(ByteBuffer packet, UnitBytes out) {
        if (!read(packet)) {
            return false;
        }
        if (tablesAt == ABSENT) {
            return out.append(packet);
        }
        int end = packet.limit();
        tables.rewind();
        boolean whole = out.append(packet.limit(tablesAt)) && out.append(tables);
        packet.limit(end);
        return whole && out.append(packet);
    }

    /** Walks the segments up to the first scan. {@return whether there is a frame header} */
    private boolean read(ByteBuffer in) {
        tablesAt = ABSENT;
        boolean framed = false;
        boolean tabled = false;
        int at = in.position();
        int end = in.limit();
        if (end - at < 4 || (in.getShort(at) & 0xFFFF) != SOI) {
            return false;
        }
        at += 2;
        while (end - at >= 4 && (in.get(at) & 0xFF) == 0xFF) {
            int marker = in.get(at + 1) & 0xFF;
            if (marker == SOS) {
                tablesAt = framed && !tabled ? at : ABSENT;
                return framed;
            }
            tabled |= marker == DHT || marker == DAC;
            if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
                if (end - at < 9 || !size(in.getShort(at + 7) & 0xFFFF, in.getShort(at + 5) & 0xFFFF)) {
                    return false;
                }
                framed = true;
            }
            // A fill byte, or a segment with its length.
            at += marker == 0xFF ? 1 : 2 + Math.max(2, in.getShort(at + 2) & 0xFFFF);
        }
        return framed;
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
