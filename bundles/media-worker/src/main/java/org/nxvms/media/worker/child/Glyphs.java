// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The shapes of characters, each in a cell of the same size: this process has no fonts. They are those of DejaVu Sans Mono Bold,
 * made by {@code GlyphSheet} among the tests; glyphs.LICENSE.txt is their licence. One thread.
 */
final class Glyphs {
    static final String SHEET = "glyphs.bin";
    private static final int UNKNOWN = 0xFFFD;
    private static final int OPAQUE = 15;

    private final int width;
    private final int height;
    private final Map<Integer, byte[]> cells = new HashMap<>();

    private Glyphs(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** Reads the sheet: width and height of a cell (1 each), number of characters (2), each character (2), each one's cell, half a byte a sample. */
    static Glyphs read() throws IOException {
        try (InputStream sheet = Glyphs.class.getResourceAsStream(SHEET)) {
            if (sheet == null) {
                throw new IOException(SHEET + " is missing");
            }
            DataInputStream in = new DataInputStream(new GZIPInputStream(sheet));
            Glyphs glyphs = new Glyphs(in.readUnsignedByte(), in.readUnsignedByte());
            int[] characters = new int[in.readUnsignedShort()];
            for (int i = 0; i < characters.length; i++) {
                characters[i] = in.readUnsignedShort();
            }
            for (int character : characters) {
                byte[] cell = new byte[glyphs.width * glyphs.height / 2];
                in.readFully(cell);
                glyphs.cells.put(character, cell);
            }
            return glyphs;
        }
    }

    boolean has(int character) {
        return cells.containsKey(character);
    }

    /** {@return how wide a cell of that height is} */
    int width(int cellHeight) {
        return Math.max(1, Math.round((float) cellHeight * width / height));
    }

    /** {@return how much of each sample of a cell of that height the character covers, 0..255, row by row} */
    byte[] cell(int character, int cellHeight) {
        byte[] cell = cells.getOrDefault(character, cells.get(UNKNOWN));
        int cellWidth = width(cellHeight);
        byte[] scaled = new byte[cellWidth * cellHeight];
        for (int y = 0; y < cellHeight; y++) {
            for (int x = 0; x < cellWidth; x++) {
                scaled[y * cellWidth + x] = (byte) mean(
                        cell,
                        (double) x * width / cellWidth,
                        (double) (x + 1) * width / cellWidth,
                        (double) y * height / cellHeight,
                        (double) (y + 1) * height / cellHeight);
            }
        }
        return scaled;
    }

    /** {@return the mean over a part of a cell, 0..255} */
    private int mean(byte[] cell, double left, double right, double top, double bottom) {
        double sum = 0;
        for (int y = (int) top; y < bottom && y < height; y++) {
            double tall = Math.min(bottom, y + 1.0) - Math.max(top, y);
            for (int x = (int) left; x < right && x < width; x++) {
                double wide = Math.min(right, x + 1.0) - Math.max(left, x);
                int at = y * width + x;
                sum += tall * wide * (cell[at / 2] >> (at % 2 == 0 ? 4 : 0) & OPAQUE);
            }
        }
        return (int) Math.min(255, Math.round(sum * 255 / OPAQUE / (right - left) / (bottom - top)));
    }
}
