// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.MaskSettings.Kind;
import org.nxvms.driver.spi.MaskSettings.Point;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/** Privacy masks as Media2 writes them: coordinates -1..1 from the left and from the bottom. */
final class MaskForm {
    private static final List<String> KNOWN = List.of("ConfigurationToken", "Polygon", "Type", "Color", "Enabled");
    private static final int MAX_CHARS = 16_000;
    private static final int DIGITS_MAX = 24;
    private static final int UNTOLD = 0;

    private MaskForm() {}

    /** {@return what a device tells of its masks; empty where it has none} */
    static Optional<PrivacyMasks.Options> options(XmlNode told, Set<StreamRole> streams) {
        int masks = count(told.text("MaxMasks"));
        int points = count(told.text("MaxPoints"));
        boolean rectangle = isTrue(told.attribute("RectangleOnly"));
        List<Kind> kinds = told.all("Types").stream()
                .map(each -> kind(each.text()))
                .filter(kind -> kind != Kind.OTHER)
                .distinct()
                .toList();
        if (masks == UNTOLD || kinds.isEmpty()) {
            return Optional.empty();
        }
        MaskColors colors = MaskColors.of(told);
        return Optional.of(new PrivacyMasks.Options(
                Math.min(PrivacyMasks.MASKS_MAX, masks),
                // Who says too little of it takes rectangles at least.
                points < MaskSettings.POINTS_MIN ? 4 : Math.min(MaskSettings.POINTS_MAX, points),
                rectangle || points < MaskSettings.POINTS_MIN,
                kinds,
                colors.any(),
                colors.listed(),
                isTrue(told.attribute("SingleColorOnly")),
                streams));
    }

    private static int count(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : UNTOLD;
    }

    static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    private static Kind kind(String type) {
        for (Kind kind : List.of(Kind.COLOR, Kind.PIXELATED, Kind.BLURRED)) {
            if (kind.word().equalsIgnoreCase(type.strip())) {
                return kind;
            }
        }
        return Kind.OTHER;
    }

    /** {@return what a device tells of a mask; empty for what has no place in the picture} */
    static Optional<PrivacyMasks.Mask> mask(XmlNode told) {
        String token = told.attribute("token");
        List<Point> points = new ArrayList<>();
        told.find("Polygon").ifPresent(polygon -> polygon.all("Point")
                .forEach(each -> point(each).ifPresent(points::add)));
        boolean there = !token.isEmpty()
                && token.length() <= PrivacyMasks.CHARS_MAX
                && points.size() >= MaskSettings.POINTS_MIN
                && points.size() <= MaskSettings.POINTS_MAX;
        return there
                ? Optional.of(new PrivacyMasks.Mask(
                        token,
                        new MaskSettings(
                                points,
                                kind(told.text("Type")),
                                told.find("Color").flatMap(MaskColors::color),
                                isTrue(told.text("Enabled")))))
                : Optional.empty();
    }

    private static Optional<Point> point(XmlNode told) {
        Optional<Double> x = number(told.attribute("x"));
        Optional<Double> y = number(told.attribute("y"));
        return x.isPresent() && y.isPresent()
                ? Optional.of(new Point(within((x.get() + 1) / 2), within((1 - y.get()) / 2)))
                : Optional.empty();
    }

    /** What lies beyond a side hides nothing there. */
    private static double within(double part) {
        return Math.max(0, Math.min(1, part));
    }

    static Optional<Double> number(String text) {
        try {
            double number = text.length() <= DIGITS_MAX ? Double.parseDouble(text) : Double.NaN;
            return Optional.of(number).filter(Double::isFinite);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /**
     * {@return the element of a mask that is wanted}
     *
     * @param told the mask as it is; empty for a new one
     * @param source token of the configuration of the video source
     * @param options what the device told of its masks
     */
    static String mask(Optional<XmlNode> told, String source, MaskSettings wanted, XmlNode options)
            throws DriverException {
        String polygon = wanted.points().stream()
                .map(each -> String.format(
                        Locale.ROOT, "<tt:Point x=\"%.4f\" y=\"%.4f\"/>", each.x() * 2 - 1, 1 - each.y() * 2))
                .collect(Collectors.joining());
        String content = "<o:ConfigurationToken>" + SoapText.escaped(source) + "</o:ConfigurationToken><o:Polygon>"
                + polygon + "</o:Polygon><o:Type>" + type(told, wanted.kind()) + "</o:Type>"
                + (wanted.kind() == Kind.COLOR ? color(told, wanted, options) : "")
                + "<o:Enabled>" + wanted.on() + "</o:Enabled>"
                + (told.isPresent() ? EncoderForm.others(told.get(), KNOWN) : "");
        return told.isPresent() ? told.get().toXmlAs("o:Mask", content, MAX_CHARS) : "<o:Mask>" + content + "</o:Mask>";
    }

    /** One of the maker's own stays what the device calls it. */
    private static String type(Optional<XmlNode> told, Kind kind) {
        if (kind == Kind.OTHER && told.isPresent()) {
            return SoapText.escaped(told.get().text("Type"));
        }
        String word = kind.word();
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String color(Optional<XmlNode> told, MaskSettings wanted, XmlNode options) throws DriverException {
        return wanted.color().isPresent()
                ? MaskColors.element(wanted.color().get(), options)
                : told.isPresent() ? EncoderForm.kept(told.get(), List.of("Color")) : "";
    }
}
