// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.Codec;

/** How a service writes a video encoder. What cannot be understood is left out; a field that is left out is not offered. */
abstract class EncoderForm {
    /** What a device may take that tells no range: some do not (Media has none for the bit rate but in an extension). */
    static final Range ANY_BITRATE = new Range(1, 1_000_000);

    static final Range ANY_FRAME_RATE = new Range(0.1, 240);

    /** Of a configuration; those of devices have a few thousand. */
    static final int SAID_BACK_CHARS_MAX = 256 << 10;

    private static final String NUMBER = "-?\\d{1,9}(\\.\\d{1,20})?([eE][+-]?\\d)?";

    /** {@return what a configuration says; empty where its codec or its picture is none that we know} */
    abstract Optional<EncoderSettings> settings(XmlNode configuration);

    /** {@return what an answer offers} @param configuration of now, which shows what the device has at all */
    abstract List<EncoderOptions> options(XmlNode answer, XmlNode configuration);

    /** {@return the content of {@code SetVideoEncoderConfiguration}}: as the device told it, but for what is wanted. */
    abstract String change(XmlNode configuration, EncoderSettings wanted) throws DriverException;

    static Optional<Codec> codec(String encoding) {
        return switch (encoding.toUpperCase(Locale.ROOT)) {
            case "H264" -> Optional.of(Codec.H264);
            case "H265" -> Optional.of(Codec.HEVC);
            case "JPEG" -> Optional.of(Codec.MJPEG);
            default -> Optional.empty();
        };
    }

    static String encoding(Codec codec) {
        return switch (codec) {
            case HEVC -> "H265";
            case MJPEG -> "JPEG";
            default -> codec.name();
        };
    }

    static Optional<Double> number(String text) {
        return text.matches(NUMBER) ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    static Optional<Double> positive(String text) {
        return number(text).filter(value -> value > 0);
    }

    static Optional<Integer> whole(String text) {
        return positive(text).map(Double::intValue).filter(value -> value > 0);
    }

    static Optional<String> word(String text) {
        return Optional.of(text).filter(word -> word.matches("[\\w. -]{1," + VideoEncoders.CHARS_MAX + "}"));
    }

    static Optional<Range> range(Optional<Double> min, Optional<Double> max) {
        return min.isPresent() && max.isPresent() && min.get() <= max.get()
                ? Optional.of(new Range(min.get(), max.get()))
                : Optional.empty();
    }

    /** {@return the range of an element with {@code Min} and {@code Max}} */
    static Optional<Range> range(XmlNode of, String name) {
        return of.find(name).flatMap(node -> range(number(node.text("Min")), number(node.text("Max"))));
    }

    static Optional<Resolution> resolution(XmlNode of) {
        Optional<Integer> width = whole(of.text("Width"));
        Optional<Integer> height = whole(of.text("Height"));
        return width.filter(each -> each <= 32_768).isPresent()
                        && height.filter(each -> each <= 32_768).isPresent()
                ? Optional.of(new Resolution(width.get(), height.get()))
                : Optional.empty();
    }

    static List<Resolution> resolutions(Stream<XmlNode> parents) {
        return parents.flatMap(parent -> parent.all("ResolutionsAvailable").stream())
                .flatMap(each -> resolution(each).stream())
                .distinct()
                .limit(EncoderOptions.VALUES_MAX)
                .toList();
    }

    static String resolution(EncoderSettings wanted) {
        return "<tt:Resolution>" + element("Width", wanted.resolution().width())
                + element("Height", wanted.resolution().height()) + "</tt:Resolution>";
    }

    static String element(String name, Object value) {
        return "<tt:" + name + ">" + SoapText.escaped(value.toString()) + "</tt:" + name + ">";
    }

    /** {@return an element with a value that is wanted, else that of now, else none} */
    static String element(String name, Optional<?> wanted, String now) {
        return wanted.isPresent() ? element(name, wanted.get()) : now.isEmpty() ? "" : element(name, now);
    }

    /** {@return parts that a device told, as it told them} */
    static String kept(XmlNode configuration, List<String> names) throws DriverException {
        StringBuilder xml = new StringBuilder();
        for (String name : names) {
            for (XmlNode part : configuration.all(name)) {
                part.write(xml, SAID_BACK_CHARS_MAX);
            }
        }
        return xml.toString();
    }

    /** {@return all parts that a device told but for these} */
    static String others(XmlNode configuration, List<String> known) throws DriverException {
        StringBuilder xml = new StringBuilder();
        for (XmlNode part : configuration.children()) {
            if (!known.contains(part.name())) {
                part.write(xml, SAID_BACK_CHARS_MAX);
            }
        }
        return xml.toString();
    }
}
