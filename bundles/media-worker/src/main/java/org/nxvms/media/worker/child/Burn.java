// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.nxvms.media.worker.wire.MaskArea;

/** Hides parts of pictures of YUV 4:2:0 and writes text into them, before they are encoded. One thread. */
final class Burn {
    private static final int BLACK = 16;
    private static final int COLOURLESS = 128;
    /** Pictures that are decoded later than others that are shown before are far fewer. */
    private static final int CAPTIONS_MAX = 256;

    private final List<MaskArea> masks;
    private final TreeMap<Long, String> captions = new TreeMap<>();
    private MaskRows.Planes filled;
    private Glyphs glyphs;
    private Lettering lettering;
    private int width;
    private int height;

    Burn(List<MaskArea> masks) {
        this.masks = masks;
    }

    void caption(long timestamp, String text) {
        captions.put(timestamp, text);
        if (captions.size() > CAPTIONS_MAX) {
            captions.pollFirstEntry();
        }
    }

    /** Pictures have that many pixels from now on. */
    void size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        filled = masks.isEmpty() ? null : MaskRows.of(masks, width, height);
        lettering = null;
    }

    /** Changes a picture of the size that was said. */
    void into(AVFrame picture, long timestamp) throws Recoder.Unusable {
        if (filled != null) {
            filled.luma().fill(picture.data(0), picture.linesize(0), BLACK);
            filled.chroma().fill(picture.data(1), picture.linesize(1), COLOURLESS);
            filled.chroma().fill(picture.data(2), picture.linesize(2), COLOURLESS);
        }
        // A decoder that guesses a time guesses one between those it was told.
        Map.Entry<Long, String> caption = captions.floorEntry(timestamp);
        if (caption == null) {
            caption = captions.firstEntry();
        }
        if (caption != null) {
            captions.headMap(caption.getKey()).clear();
            lettering()
                    .write(
                            caption.getValue(),
                            new Lettering.Plane(picture.data(0), picture.linesize(0)),
                            new Lettering.Plane(picture.data(1), picture.linesize(1)),
                            new Lettering.Plane(picture.data(2), picture.linesize(2)));
        }
    }

    private Lettering lettering() throws Recoder.Unusable {
        if (lettering == null) {
            try {
                glyphs = glyphs == null ? Glyphs.read() : glyphs;
            } catch (IOException unreadable) {
                throw new Recoder.Unusable("no text can be written into pictures: " + unreadable.getMessage());
            }
            lettering = new Lettering(glyphs, width, height);
        }
        return lettering;
    }
}
