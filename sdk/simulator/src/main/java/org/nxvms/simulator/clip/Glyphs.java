// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.Arrays;
import java.util.Locale;

/** A 5x7 dot font for burnt-in text, so that drawing needs no font of the machine. */
final class Glyphs {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;
    /** One dot of space between characters. */
    static final int ADVANCE = WIDTH + 1;

    private static final String CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:./-";

    /** Seven rows of five dots per character, top row first, five bits a row. */
    private static final String[] DOTS = {
        "0E11131519110E", "040C040404040E", "0E11010204081F", "1F02040201110E", "02060A121F0202",
        "1F101E0101110E", "0608101E11110E", "1F010204080808", "0E11110E11110E", "0E11110F01020C",
        "0E11111F111111", "1E11111E11111E", "0E11101010110E", "1C12111111121C", "1F10101E10101F",
        "1F10101E101010", "0E11101711110F", "1111111F111111", "0E04040404040E", "0702020202120C",
        "11121418141211", "1010101010101F", "111B1515111111", "11111915131111", "0E11111111110E",
        "1E11111E101010", "0E11111115120D", "1E11111E141211", "0F10100E01011E", "1F040404040404",
        "1111111111110E", "11111111110A04", "1111111515150A", "11110A040A1111", "1111110A040404",
        "1F01020408101F", "000C0C000C0C00", "00000000000C0C", "00010204081000", "0000001F000000"
    };

    private Glyphs() {}

    /** Draws text in white on a black box whose corner is at {@code left, top}; parts outside are cut off. */
    static void draw(byte[] luma, int width, int height, int left, int top, int dot, String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        int boxWidth = (upper.length() * ADVANCE + 1) * dot;
        box(luma, width, height, new int[] {left, top, boxWidth, (HEIGHT + 2) * dot}, (byte) 16);
        for (int i = 0; i < upper.length(); i++) {
            int index = CHARACTERS.indexOf(upper.charAt(i));
            if (index >= 0) {
                glyph(luma, width, height, left + (1 + i * ADVANCE) * dot, top + dot, dot, DOTS[index]);
            }
        }
    }

    private static void glyph(byte[] luma, int width, int height, int left, int top, int dot, String dots) {
        for (int row = 0; row < HEIGHT; row++) {
            int bits = Integer.parseInt(dots, row * 2, row * 2 + 2, 16);
            for (int column = 0; column < WIDTH; column++) {
                if ((bits >> (WIDTH - 1 - column) & 1) == 1) {
                    int[] area = {left + column * dot, top + row * dot, dot, dot};
                    box(luma, width, height, area, (byte) 235);
                }
            }
        }
    }

    /** Fills {@code area} = left, top, width, height. */
    static void box(byte[] luma, int width, int height, int[] area, byte value) {
        int x0 = Math.max(0, area[0]);
        int x1 = Math.min(width, area[0] + area[2]);
        int y1 = Math.min(height, area[1] + area[3]);
        for (int y = Math.max(0, area[1]); y < y1 && x0 < x1; y++) {
            Arrays.fill(luma, y * width + x0, y * width + x1, value);
        }
    }
}
