// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.ArrayList;
import java.util.Collections;
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

    /** Corners are where they were wanted when they are no further off, in widths and heights: a few pixels. */
    private static final double SAME = 0.005;

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

        private boolean isAt(Point other) {
            return Math.abs(x - other.x) <= SAME && Math.abs(y - other.y) <= SAME;
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
        boolean level = Math.abs(points.get(0).y() - points.get(1).y()) <= SAME;
        for (int i = 0; i < 4; i++) {
            Point one = points.get(i);
            Point next = points.get((i + 1) % 4);
            boolean across = level == (i % 2 == 0);
            double off = across ? one.y() - next.y() : one.x() - next.x();
            double length = across ? one.x() - next.x() : one.y() - next.y();
            if (Math.abs(off) > SAME || Math.abs(length) <= SAME) {
                return false;
            }
        }
        return true;
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
     * any of them on, either way round, and be a few pixels off, colours by
     * what conversion between RGB and YCbCr rounds.
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
        for (int from = 0; from < count && other.size() == count; from++) {
            int at = 0;
            while (at < count && points.get(at).isAt(other.get((from + at) % count))) {
                at++;
            }
            if (at == count) {
                return true;
            }
        }
        return false;
    }
}
