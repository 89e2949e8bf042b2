// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures of a clip as JPEG, drawn as they were before they were encoded. Thread-safe; one picture at a time. */
public final class Stills {
    private final ClipSpec spec;
    private Scene main;
    private Scene sub;

    public Stills(ClipSpec spec) {
        this.spec = spec;
    }

    /** {@return a JPEG of the size of main or sub; takes some tens of milliseconds} */
    public synchronized byte[] jpeg(boolean ofMain, int frame, View view, List<Cover> covers) throws IOException {
        if (ofMain && main == null) {
            main = new Scene(spec, FrameStrip.RENDITION_MAIN);
        } else if (!ofMain && sub == null) {
            sub = new Scene(spec, FrameStrip.RENDITION_SUB);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 18);
        if (!ImageIO.write(toRgb((ofMain ? main : sub).draw(frame, view, covers)), "jpeg", out)) {
            throw new IOException("this JDK has no JPEG encoder; use one with the module java.desktop");
        }
        return out.toByteArray();
    }

    /** BT.601, of limited range. */
    private static BufferedImage toRgb(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width, picture.height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[picture.width];
        for (int line = 0; line < picture.height; line++) {
            for (int x = 0; x < picture.width; x++) {
                int chroma = line / 2 * (picture.width / 2) + x / 2;
                double luma = 1.164 * ((picture.y[line * picture.width + x] & 0xff) - 16);
                int u = (picture.u[chroma] & 0xff) - 128;
                int v = (picture.v[chroma] & 0xff) - 128;
                row[x] = byteOf(luma + 1.596 * v) << 16
                        | byteOf(luma - 0.392 * u - 0.813 * v) << 8
                        | byteOf(luma + 2.017 * u);
            }
            image.setRGB(0, line, picture.width, 1, row, 0, picture.width);
        }
        return image;
    }

    private static int byteOf(double value) {
        return (int) Math.max(0, Math.min(255, value + 0.5));
    }
}
