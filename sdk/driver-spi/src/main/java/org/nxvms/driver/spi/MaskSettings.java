// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.EncoderSettings.Difference;

/**
 * One privacy mask: where it is and how it hides what is there.
 *
 * @param points its corners, the last joined to the first, {@value #POINTS_MIN}..{@value #POINTS_MAX}
 * @param color as {@code #rrggbb}, of {@link Kind#COLOR}; empty: as the device likes, or as it is
 * @param on whether it hides now; one that is off keeps its place
 * @since 1.9
 */
public record MaskSettings(List<Point> points, Kind kind, Optional<String> color, boolean on) {
    /** Names of the fields, in problems and differences. */
    public static final String POINTS = "points";

    public static final String KIND = "kind";
    public static final String COLOR = "color";
    public static final String ON = "on";

    public static final int POINTS_MIN = 3;
    /** More no device takes. */
    public static final int POINTS_MAX = 64;

    /** A pixel of a small picture, in heights and widths: cameras round to pixels, of whichever picture they reckon in. */
    private static final double PIXEL = 1.0 / 360;
    /** Of the mask's own width and height: of a small one a pixel is much. */
    private static final double SHARE_MAX = 0.05;

    /** Of 255, in each of red, green and blue. */
    private static final int SAME_COLOR = 4;

    /** How it hides. The receiver of one has a default branch. */
    public enum Kind {
        /** A plain colour. */
        COLOR,
        /** A coarse mosaic. */
        PIXELATED,
        /** Without details. */
        BLURRED,
        /** Something of the device's own. Is told, never asked for. */
        OTHER;

        /** {@return its name outside: {@code color}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A corner, in parts of the picture.
     *
     * @param x 0 (left) to 1 (right)
     * @param y 0 (top) to 1 (bottom)
     */
    public record Point(double x, double y) {
        public Point {
            if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
                throw new IllegalArgumentException("a point lies in 0..1, not at " + x + ", " + y);
            }
        }

        private boolean isAt(Point other, Point slack) {
            return Math.abs(x - other.x) <= slack.x && Math.abs(y - other.y) <= slack.y;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f %.3f", x, y);
        }
    }

    public MaskSettings {
        points = List.copyOf(points);
        Objects.requireNonNull(kind, "kind");
        color = color.map(text -> text.toLowerCase(Locale.ROOT));
        if (points.size() < POINTS_MIN || points.size() > POINTS_MAX) {
            throw new IllegalArgumentException("a mask has " + POINTS_MIN + ".." + POINTS_MAX + " points");
        }
        if (color.filter(text -> !isColor(text)).isPresent()) {
            throw new IllegalArgumentException("a colour is #rrggbb");
        }
    }

    /** {@return whether a text is {@code #rrggbb}, in lower case} */
    public static boolean isColor(String text) {
        return text.matches("#[0-9a-f]{6}");
    }

    /** {@return whether its corners are the four of an upright rectangle, one after the other} */
    public boolean isRectangle() {
        if (points.size() != 4) {
            return false;
        }
        Point slack = slack();
        boolean level = Math.abs(points.get(0).y() - points.get(1).y()) <= slack.y();
        for (int i = 0; i < 4; i++) {
            Point one = points.get(i);
            Point next = points.get((i + 1) % 4);
            double dx = Math.abs(one.x() - next.x());
            double dy = Math.abs(one.y() - next.y());
            boolean along =
                    level == (i % 2 == 0) ? dy <= slack.y() && dx > slack.x() : dx <= slack.x() && dy > slack.y();
            if (!along) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether it is so narrow or so low that a device may round it to nothing} */
    boolean isTooSmall() {
        Point extent = extent();
        return extent.x() < PIXEL || extent.y() < PIXEL;
    }

    /** {@return how wide and how high it is} */
    private Point extent() {
        DoubleSummaryStatistics x = points.stream().mapToDouble(Point::x).summaryStatistics();
        DoubleSummaryStatistics y = points.stream().mapToDouble(Point::y).summaryStatistics();
        return new Point(x.getMax() - x.getMin(), y.getMax() - y.getMin());
    }

    /** {@return by how much a corner may be off and still is where it was wanted} */
    private Point slack() {
        Point extent = extent();
        return new Point(Math.min(PIXEL, extent.x() * SHARE_MAX), Math.min(PIXEL, extent.y() * SHARE_MAX));
    }

    /** {@return what is given, as text by the field's name, in the order of the fields} */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(POINTS, points.stream().map(Point::toString).collect(Collectors.joining(", ")));
        values.put(KIND, kind.word());
        color.ifPresent(text -> values.put(COLOR, text));
        values.put(ON, String.valueOf(on));
        return values;
    }

    /**
     * {@return where a device is otherwise than these say} A colour that is empty here is as it likes; corners may be told from
     * any of them on, either way round, and be off by a pixel of a picture of 360 lines, and by no more than a twentieth of the
     * mask; colours by what conversion between RGB and YCbCr rounds.
     */
    public List<Difference> differences(MaskSettings got) {
        Map<String, String> told = got.values();
        List<Difference> differences = new ArrayList<>();
        values().forEach((field, value) -> {
            String its = told.getOrDefault(field, "");
            boolean same =
                    switch (field) {
                        case POINTS -> isWithin(got);
                        case COLOR -> isAlike(value, its);
                        default -> its.equals(value);
                    };
            if (!same) {
                differences.add(new Difference(field, value, its));
            }
        });
        return List.copyOf(differences);
    }

    private static boolean isAlike(String wanted, String got) {
        boolean alike = !got.isEmpty();
        for (int at = 1; at < wanted.length() && alike; at += 2) {
            int one = Integer.parseInt(wanted.substring(at, at + 2), 16);
            int other = Integer.parseInt(got.substring(at, at + 2), 16);
            alike = Math.abs(one - other) <= SAME_COLOR;
        }
        return alike;
    }

    private boolean isWithin(MaskSettings got) {
        List<Point> other = new ArrayList<>(got.points);
        boolean same = isTurned(other);
        Collections.reverse(other);
        return same || isTurned(other);
    }

    private boolean isTurned(List<Point> other) {
        int count = points.size();
        Point slack = slack();
        for (int from = 0; from < count && other.size() == count; from++) {
            int at = 0;
            while (at < count && points.get(at).isAt(other.get((from + at) % count), slack)) {
                at++;
            }
            if (at == count) {
                return true;
            }
        }
        return false;
    }
}
