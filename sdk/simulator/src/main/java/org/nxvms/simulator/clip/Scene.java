// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Draws frame {@code n} of the loop: a textured yard with moving figures, sensor noise, clock and frame strip.
 *
 * <p>Every motion has a whole number of periods in a loop, so that the last frame leads into the first. The texture and
 * the noise are there to make an encoder work as hard as a real lens and sensor do. Drawing is a function of the frame
 * number, the view and what is hidden alone (fixed seed).
 */
final class Scene {
    private static final int FIGURES = 7;
    private static final int NOISE_SIZE = 1 << 16;

    private final Picture background;
    private final Picture picture;
    private final ClipSpec spec;
    private final int rendition;
    private final byte[] noise = new byte[NOISE_SIZE * 2];
    private final byte[] whole;

    Scene(ClipSpec spec, int rendition) {
        this.spec = spec;
        this.rendition = rendition;
        ClipSpec.Rendition size = rendition == FrameStrip.RENDITION_MAIN ? spec.main() : spec.sub();
        background = new Picture(size.width(), size.height());
        picture = new Picture(size.width(), size.height());
        whole = new byte[size.width() * size.height()];
        paintBackground(new Random(20261122));
        Random random = new Random(7);
        for (int i = 0; i < NOISE_SIZE; i++) {
            noise[i] = (byte) Math.max(-9, Math.min(9, Math.round(random.nextGaussian() * 2.2)));
            noise[i + NOISE_SIZE] = noise[i];
        }
    }

    /** Draws one frame; the returned picture is reused by the next call. */
    Picture draw(int frame) {
        return draw(frame, View.WHOLE, List.of());
    }

    /** As {@link #draw(int)}, for a camera that looks elsewhere, or hides something: clock, names and frame strip stay where they are. */
    Picture draw(int frame, View view, List<Cover> covers) {
        System.arraycopy(background.u, 0, picture.u, 0, picture.u.length);
        System.arraycopy(background.v, 0, picture.v, 0, picture.v.length);
        System.arraycopy(background.y, 0, picture.y, 0, picture.y.length);
        double turn = frame / (double) spec.frameCount();
        for (int i = 0; i < FIGURES; i++) {
            figure(i, turn);
        }
        if (!view.isWhole()) {
            see(view, picture.y, picture.width, picture.height);
            see(view, picture.u, picture.width / 2, picture.height / 2);
            see(view, picture.v, picture.width / 2, picture.height / 2);
        }
        addNoise(frame);
        covers.forEach(cover -> cover.paint(picture));
        label(frame);
        FrameStrip.paint(picture.y, picture.width, picture.height, frame, rendition);
        greyAroundStrip();
        return picture;
    }

    private void see(View view, byte[] plane, int width, int height) {
        System.arraycopy(plane, 0, whole, 0, width * height);
        int[] columns = lines(view.right(), view.nearer(), width);
        int[] rows = lines(view.down(), view.nearer(), height);
        for (int y = 0; y < height; y++) {
            int from = rows[y] * width;
            int to = y * width;
            for (int x = 0; x < width; x++) {
                plane[to + x] = whole[from + columns[x]];
            }
        }
    }

    /** {@return which line of the scene is seen at each of the picture} */
    private static int[] lines(double aside, double nearer, int count) {
        int[] lines = new int[count];
        for (int i = 0; i < count; i++) {
            double at = aside + 0.5 + ((i + 0.5) / count - 0.5) / nearer;
            lines[i] = Math.floorMod((int) Math.floor(at * count), count);
        }
        return lines;
    }

    private void paintBackground(Random random) {
        int width = background.width;
        int height = background.height;
        double[][] coarse = lattice(random, 24);
        double[][] fine = lattice(random, 160);
        for (int y = 0; y < height; y++) {
            double row = y / (double) height;
            for (int x = 0; x < width; x++) {
                double column = x / (double) width;
                double value = row < 0.35 ? 170 - 60 * row : 96 + 40 * (row - 0.35);
                value += 26 * sample(coarse, column, row) + (row < 0.35 ? 3 : 16) * sample(fine, column, row);
                background.y[y * width + x] = (byte) clamp(value);
            }
        }
        for (int y = 0; y < height / 2; y++) {
            double row = y * 2 / (double) height;
            for (int x = 0; x < width / 2; x++) {
                int index = y * (width / 2) + x;
                background.u[index] = (byte) (row < 0.35 ? 142 : 122);
                background.v[index] = (byte) (row < 0.35 ? 118 : 130);
            }
        }
    }

    private static double[][] lattice(Random random, int size) {
        double[][] values = new double[size + 1][size + 1];
        for (double[] row : values) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextDouble() * 2 - 1;
            }
        }
        return values;
    }

    private static double sample(double[][] lattice, double column, double row) {
        int size = lattice.length - 1;
        double x = column * size;
        double y = row * size;
        int x0 = (int) x;
        int y0 = (int) y;
        double top = lattice[y0][x0] + (lattice[y0][x0 + 1] - lattice[y0][x0]) * (x - x0);
        double bottom = lattice[y0 + 1][x0] + (lattice[y0 + 1][x0 + 1] - lattice[y0 + 1][x0]) * (x - x0);
        return top + (bottom - top) * (y - y0);
    }

    /** Figures walk left and right on lanes, each lane at its own pace; nearer ones are larger. */
    private void figure(int index, double turn) {
        int rounds = 1 + index % 3 * Math.max(1, spec.seconds() / 15);
        double angle = 2 * Math.PI * (rounds * turn + index / (double) FIGURES);
        double size = 0.05 + 0.018 * index;
        int h = (int) (picture.height * size * 2);
        int w = (int) (picture.height * size);
        int cx = (int) (picture.width * (0.5 + 0.44 * Math.sin(angle)));
        int cy = (int) (picture.height * (0.38 + 0.075 * index + 0.012 * Math.sin(angle * 5)));
        for (int y = Math.max(0, cy - h / 2); y < Math.min(picture.height, cy + h / 2); y++) {
            double relative = (y - cy) / (h / 2.0);
            int half = (int) (w / 2.0 * Math.sqrt(1 - relative * relative));
            int x0 = Math.max(0, cx - half);
            int x1 = Math.min(picture.width, cx + half);
            for (int x = x0; x < x1; x++) {
                boolean stripe = ((x - cx + 4096) * 6 / Math.max(1, w) + (y - cy + 4096) * 8 / Math.max(1, h)) % 2 == 0;
                picture.y[y * picture.width + x] = (byte) (stripe ? 60 + 22 * index : 48 + 10 * index);
            }
            tint(y, x0, x1, index);
        }
    }

    private void tint(int y, int x0, int x1, int index) {
        if (x1 > x0) {
            int row = y / 2 * (picture.width / 2);
            java.util.Arrays.fill(picture.u, row + x0 / 2, row + x1 / 2, (byte) (90 + index * 37 % 90));
            java.util.Arrays.fill(picture.v, row + x0 / 2, row + x1 / 2, (byte) (80 + index * 53 % 110));
        }
    }

    private void addNoise(int frame) {
        byte[] luma = picture.y;
        int offset = 0;
        for (int y = 0; y < picture.height; y++) {
            offset = (int) ((frame * 7919L + y * 104_729L + (long) y * frame * 31) & (NOISE_SIZE - 1));
            int row = y * picture.width;
            for (int x = 0; x < picture.width; x++) {
                luma[row + x] += noise[offset + x];
            }
        }
    }

    private void label(int frame) {
        int dot = Math.max(1, picture.height / 180);
        int line = (Glyphs.HEIGHT + 3) * dot;
        int left = picture.width / 10;
        int top = picture.height * 5 / 45;
        long ms = spec.startMs(frame);
        String clock = String.format(Locale.ROOT, "%02d:%02d.%03d", ms / 60_000, ms / 1000 % 60, ms % 1000);
        text(left, top, dot, "TIME " + clock);
        text(left, top + line, dot, String.format(Locale.ROOT, "FRAME %05d", frame));
        String name = rendition == FrameStrip.RENDITION_MAIN ? "MAIN" : "SUB";
        text(left, top + 2 * line, dot, "SIM " + name + " " + picture.width + "X" + picture.height);
    }

    private void text(int left, int top, int dot, String text) {
        Glyphs.draw(picture.y, picture.width, picture.height, left, top, dot, text);
        grey(left, top, (text.length() * Glyphs.ADVANCE + 1) * dot, (Glyphs.HEIGHT + 2) * dot);
    }

    private void greyAroundStrip() {
        int top = picture.height * 2 / 45;
        grey(picture.width / 10, top, picture.width * 8 / 10, picture.height * 4 / 45 - top);
    }

    private void grey(int left, int top, int width, int height) {
        int stride = picture.width / 2;
        for (int y = top / 2; y < Math.min(picture.height, top + height) / 2; y++) {
            int from = y * stride + left / 2;
            int to = y * stride + Math.min(picture.width, left + width) / 2;
            java.util.Arrays.fill(picture.u, from, to, (byte) 128);
            java.util.Arrays.fill(picture.v, from, to, (byte) 128);
        }
    }

    /** Leaves room for the noise on both sides, so that adding it needs no check for overflow. */
    private static int clamp(double value) {
        return (int) Math.max(26, Math.min(225, value));
    }
}
