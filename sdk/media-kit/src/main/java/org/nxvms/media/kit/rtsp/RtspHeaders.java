// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Header lines in order; names are compared without case (RFC 2326 4.2). Immutable. */
public final class RtspHeaders {
    /** One line. */
    public record Line(String name, String value) {}

    /** More lines than any camera sends. */
    public static final int LINES_MAX = 64;

    public static final RtspHeaders EMPTY = new RtspHeaders(List.of());

    private final List<Line> lines;

    public RtspHeaders(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    public static RtspHeaders of(String name, String value) {
        return EMPTY.with(name, value);
    }

    /** {@return these lines and one more; line breaks within the value become spaces} */
    public RtspHeaders with(String name, String value) {
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(name, value.replace('\r', ' ').replace('\n', ' ')));
        return new RtspHeaders(more);
    }

    /** {@return the first line of this name} */
    public Optional<String> first(String name) {
        for (Line line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return Optional.of(line.value());
            }
        }
        return Optional.empty();
    }

    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Line::value)
                .toList();
    }

    /** {@return a number, or {@code otherwise} when missing or not a number of at most nine digits} */
    public int number(String name, int otherwise) {
        String text = first(name).orElse("").trim();
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return otherwise;
        }
        return Integer.parseInt(text);
    }

    public List<Line> lines() {
        return lines;
    }

    void append(StringBuilder out) {
        lines.forEach(line ->
                out.append(line.name()).append(": ").append(line.value()).append("\r\n"));
    }

    /** For people: credentials are masked. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Line line : lines) {
            boolean secret = line.name().toLowerCase(Locale.ROOT).contains("auth");
            out.append(out.isEmpty() ? "" : ", ").append(line.name()).append(": ");
            out.append(secret ? "***" : line.value());
        }
        return out.toString();
    }
}
