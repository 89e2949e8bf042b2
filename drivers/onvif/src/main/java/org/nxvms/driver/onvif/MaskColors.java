// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.driver.spi.PrivacyMasks;

/**
 * Colours of masks (tt:Color, tt:ColorOptions): of RGB, or of YCbCr, which is meant where nothing is said; both in 0..255.
 *
 * @param any whether the device takes each colour
 * @param listed those that it takes else, as {@code #rrggbb}
 */
record MaskColors(boolean any, List<String> listed) {
    private static final String SPACE = "Colorspace";
    private static final String RGB = "http://www.onvif.org/ver10/colorspace/RGB";
    private static final String YCBCR = "http://www.onvif.org/ver10/colorspace/YCbCr";
    private static final double MIDDLE = 128;
    private static final int BYTE_MAX = 255;

    static MaskColors of(XmlNode options) {
        Optional<XmlNode> told = options.find("Color");
        List<String> listed = told.stream()
                .flatMap(each -> each.all("ColorList").stream())
                .flatMap(each -> color(each).stream())
                .distinct()
                .limit(PrivacyMasks.Options.COLORS_MAX)
                .toList();
        return new MaskColors(listed.isEmpty() && space(options).isPresent(), listed);
    }

    /** {@return the space in which a device takes any colour}; ranges that are not those of bytes are left alone. */
    private static Optional<String> space(XmlNode options) {
        return options.find("Color").stream()
                .flatMap(each -> each.all("ColorspaceRange").stream())
                .filter(each -> each.text("X", "Max").matches("255(\\.0*)?"))
                .map(each -> each.text(SPACE))
                .filter(each -> each.equals(RGB) || each.equals(YCBCR))
                .findFirst();
    }

    /** {@return a colour that a device tells; empty for one of a space that is not known} */
    static Optional<String> color(XmlNode told) {
        Optional<Double> x = MaskForm.number(told.attribute("X"));
        Optional<Double> y = MaskForm.number(told.attribute("Y"));
        Optional<Double> z = MaskForm.number(told.attribute("Z"));
        String space = told.attribute(SPACE);
        if (x.isEmpty() || y.isEmpty() || z.isEmpty()) {
            return Optional.empty();
        }
        if (space.equals(RGB)) {
            return Optional.of(text(x.get(), y.get(), z.get()));
        }
        double blue = y.get() - MIDDLE;
        double red = z.get() - MIDDLE;
        return space.isEmpty() || space.equals(YCBCR)
                ? Optional.of(text(
                        x.get() + 1.402 * red, x.get() - 0.344_136 * blue - 0.714_136 * red, x.get() + 1.772 * blue))
                : Optional.empty();
    }

    private static String text(double red, double green, double blue) {
        return String.format(Locale.ROOT, "#%02x%02x%02x", byteOf(red), byteOf(green), byteOf(blue));
    }

    private static int byteOf(double value) {
        return (int) Math.max(0, Math.min(BYTE_MAX, Math.round(value)));
    }

    /** {@return the element of a colour}: the very one that the device lists, where it does. @param options of masks */
    static String element(String color, XmlNode options) {
        Optional<XmlNode> listed = options.find("Color").stream()
                .flatMap(each -> each.all("ColorList").stream())
                .filter(each -> color(each).equals(Optional.of(color)))
                .findFirst();
        if (listed.isPresent()) {
            XmlNode its = listed.get();
            return element(its.attribute("X"), its.attribute("Y"), its.attribute("Z"), its.attribute(SPACE));
        }
        int rgb = Integer.parseInt(color.substring(1), 16);
        int red = rgb >> 16;
        int green = rgb >> 8 & BYTE_MAX;
        int blue = rgb & BYTE_MAX;
        if (space(options).filter(RGB::equals).isPresent()) {
            return element(red, green, blue, RGB);
        }
        return element(
                number(0.299 * red + 0.587 * green + 0.114 * blue),
                number(MIDDLE - 0.168_736 * red - 0.331_264 * green + 0.5 * blue),
                number(MIDDLE + 0.5 * red - 0.418_688 * green - 0.081_312 * blue),
                YCBCR);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", Math.min(BYTE_MAX, value));
    }

    private static String element(Object x, Object y, Object z, String space) {
        return "<o:Color X=\"" + SoapText.escaped(x.toString()) + "\" Y=\"" + SoapText.escaped(y.toString()) + "\" Z=\""
                + SoapText.escaped(z.toString()) + "\""
                + (space.isEmpty() ? "" : " Colorspace=\"" + SoapText.escaped(space) + "\"") + "/>";
    }
}
