// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/** Writes text into pictures of one size: at their lower left, white on a ground that is darkened. One thread. */
final class Lettering {
    /** So many lines have room in a picture. */
    private static final int LINES_OF_HEIGHT = 30;

    private static final int CELL_HEIGHT_MIN = 12;
    private static final int CELL_HEIGHT_MAX = 96;
    /** What the picture keeps of its difference from black beneath the text. */
    private static final int DARKENED = 4;

    private static final int BLACK = 16;
    private static final int WHITE = 235;
    private static final int COLOURLESS = 128;

    private final Glyphs glyphs;
    private final int width;
    private final int height;
    private final int cellHeight;
    private final int cellWidth;
    private final Map<Integer, byte[]> cells = new HashMap<>();
    private byte[] row = {};

    /** Of pictures of that many pixels, both even. */
    Lettering(Glyphs glyphs, int width, int height) {
        this.glyphs = glyphs;
        this.width = width;
        this.height = height;
        int fitting = Math.min(CELL_HEIGHT_MAX, Math.max(CELL_HEIGHT_MIN, height / LINES_OF_HEIGHT));
        this.cellHeight = Math.min(fitting, height);
        this.cellWidth = glyphs.width(cellHeight);
    }

    /** What covers the ground, 0..255 a sample, row by row. */
    private record Sheet(int width, int height, byte[] cover) {}

    /** Writes it; what does not fit into the picture is left out. */
    void write(String text, Plane luma, Plane blue, Plane red) {
        List<int[]> lines = lines(text);
        if (lines.isEmpty()) {
            return;
        }
        Sheet sheet = sheet(lines);
        int top = height - sheet.height();
        for (int y = 0; y < sheet.height(); y++) {
            luma.read(top + y, sheet.width(), row = room(sheet.width()));
            for (int x = 0; x < sheet.width(); x++) {
                int ground = BLACK + Math.max(0, (row[x] & 0xFF) - BLACK) / DARKENED;
                int cover = sheet.cover()[y * sheet.width() + x] & 0xFF;
                row[x] = (byte) (ground + (WHITE - ground) * cover / 255);
            }
            luma.write(top + y, sheet.width(), row);
        }
        for (Plane colour : List.of(blue, red)) {
            for (int y = 0; y < sheet.height() / 2; y++) {
                colour.read(top / 2 + y, sheet.width() / 2, row);
                for (int x = 0; x < sheet.width() / 2; x++) {
                    row[x] = (byte) (COLOURLESS + ((row[x] & 0xFF) - COLOURLESS) / DARKENED);
                }
                colour.write(top / 2 + y, sheet.width() / 2, row);
            }
        }
    }

    /** A plane of a picture. */
    record Plane(BytePointer samples, int stride) {
        void read(int y, int count, byte[] into) {
            samples.position((long) y * stride).get(into, 0, count);
        }

        void write(int y, int count, byte[] from) {
            samples.position((long) y * stride).put(from, 0, count);
        }
    }

    private byte[] room(int count) {
        return row.length < count ? new byte[count] : row;
    }

    /** {@return the text as lines that fit, each of its characters} */
    private List<int[]> lines(String text) {
        int columns = Math.max(1, width / cellWidth - 1);
        int linesMax = Math.max(1, height / 2 / cellHeight);
        List<int[]> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            int[] left = line.strip().codePoints().toArray();
            while (left.length > 0 && lines.size() < linesMax) {
                int end = end(left, columns);
                lines.add(Arrays.copyOf(left, end));
                int next = end < left.length && left[end] == ' ' ? end + 1 : end;
                left = Arrays.copyOfRange(left, next, left.length);
            }
        }
        return lines;
    }

    /** {@return where a line is broken: between words, if that leaves half of it} */
    private static int end(int[] line, int columns) {
        if (line.length <= columns) {
            return line.length;
        }
        for (int i = columns; i > columns / 2; i--) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return columns;
    }

    private Sheet sheet(List<int[]> lines) {
        int columns = lines.stream().mapToInt(line -> line.length).max().orElse(0) + 1;
        int sheetWidth = Math.min(width, columns * cellWidth + 1 & ~1);
        int sheetHeight = Math.min(height, lines.size() * cellHeight + 1 & ~1);
        byte[] cover = new byte[sheetWidth * sheetHeight];
        for (int line = 0; line < lines.size(); line++) {
            for (int column = 0; column < lines.get(line).length; column++) {
                byte[] cell = cells.computeIfAbsent(lines.get(line)[column], one -> glyphs.cell(one, cellHeight));
                int left = cellWidth / 2 + column * cellWidth;
                int wide = Math.min(cellWidth, sheetWidth - left);
                for (int y = 0; y < cellHeight && wide > 0 && line * cellHeight + y < sheetHeight; y++) {
                    System.arraycopy(cell, y * cellWidth, cover, (line * cellHeight + y) * sheetWidth + left, wide);
                }
            }
        }
        return new Sheet(sheetWidth, sheetHeight, cover);
    }
}
