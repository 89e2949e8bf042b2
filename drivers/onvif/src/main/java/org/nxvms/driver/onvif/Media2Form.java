// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.media.Codec;

/** VideoEncoder2Configuration and its options, one for each codec (Media2 5.4; types in onvif.xsd). */
final class Media2Form extends EncoderForm {
    private static final List<String> KNOWN =
            List.of("Name", "UseCount", "Encoding", "Resolution", "RateControl", "Multicast", "Quality");
    /** What is kept whatever is changed. */
    private static final List<String> KEPT_ATTRIBUTES =
            List.of("token", "GuaranteedFrameRate", "Signed", "SecureStreamingProtocolAlgorithm");

    private static final List<String> CODEC_ATTRIBUTES = List.of("AnchorFrameDistance");

    @Override
    Optional<EncoderSettings> settings(XmlNode told) {
        Optional<XmlNode> rate = told.find("RateControl");
        return codec(told.text("Encoding")).flatMap(codec -> told.find("Resolution")
                .flatMap(EncoderForm::resolution)
                .map(resolution -> new EncoderSettings(
                        codec,
                        resolution,
                        rate.flatMap(node -> positive(node.text("FrameRateLimit"))),
                        rate.flatMap(node -> whole(node.text("BitrateLimit"))),
                        rate.map(node -> node.attribute("ConstantBitRate"))
                                .filter(text -> !text.isEmpty())
                                .map(Media2Form::isTrue),
                        number(told.text("Quality")),
                        whole(told.attribute("GovLength")),
                        word(told.attribute("Profile")))));
    }

    @Override
    List<EncoderOptions> options(XmlNode answer, XmlNode told) {
        boolean rated = told.find("RateControl").isPresent();
        Map<Codec, EncoderOptions> byCodec = new LinkedHashMap<>();
        answer.all("Options")
                .forEach(each -> option(each, rated).ifPresent(one -> byCodec.putIfAbsent(one.codec(), one)));
        return List.copyOf(byCodec.values());
    }

    private static Optional<EncoderOptions> option(XmlNode node, boolean rated) {
        List<EncoderSettings.Resolution> resolutions = resolutions(Stream.of(node));
        List<Double> rates = numbers(node.attribute("FrameRatesSupported"))
                .filter(rate -> rate > 0)
                .distinct()
                .toList();
        Optional<Range> rate = rates.isEmpty()
                ? Optional.of(ANY_FRAME_RATE).filter(any -> rated)
                : Optional.of(new Range(
                        rates.stream().min(Double::compare).orElseThrow(),
                        rates.stream().max(Double::compare).orElseThrow()));
        List<Double> group = numbers(node.attribute("GovLengthRange")).toList();
        return codec(node.text("Encoding"))
                .filter(codec -> !resolutions.isEmpty())
                .map(codec -> new EncoderOptions(
                        codec,
                        resolutions,
                        rate,
                        rates,
                        range(node, "BitrateRange")
                                .or(() -> Optional.of(ANY_BITRATE).filter(any -> rated)),
                        isTrue(node.attribute("ConstantBitRateSupported")),
                        range(node, "QualityRange"),
                        group.size() < 2
                                ? Optional.empty()
                                : range(Optional.of(group.get(0)), Optional.of(group.get(group.size() - 1))),
                        words(node.attribute("ProfilesSupported"))));
    }

    private static Stream<Double> numbers(String list) {
        return Arrays.stream(list.strip().split("\\s+"))
                .flatMap(text -> number(text).stream())
                .limit(EncoderOptions.VALUES_MAX);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.strip().split("\\s+"))
                .flatMap(text -> word(text).stream())
                .distinct()
                .limit(EncoderOptions.VALUES_MAX)
                .toList();
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    @Override
    String change(XmlNode told, EncoderSettings wanted) throws DriverException {
        boolean sameCodec = codec(told.text("Encoding")).equals(Optional.of(wanted.codec()));
        StringBuilder xml = new StringBuilder("<o:Configuration");
        KEPT_ATTRIBUTES.forEach(name -> attribute(xml, name, told.attribute(name)));
        attribute(xml, "GovLength", wanted.keyFrameInterval().map(String::valueOf), sameCodec, told);
        attribute(xml, "Profile", wanted.profile(), sameCodec, told);
        if (sameCodec) {
            CODEC_ATTRIBUTES.forEach(name -> attribute(xml, name, told.attribute(name)));
        }
        return xml.append('>')
                .append(kept(told, List.of("Name", "UseCount")))
                .append(element("Encoding", encoding(wanted.codec())))
                .append(resolution(wanted))
                .append(rateControl(told, wanted))
                .append(kept(told, List.of("Multicast")))
                .append(element("Quality", wanted.quality().map(EncoderSettings::text), told.text("Quality")))
                .append(others(told, KNOWN))
                .append("</o:Configuration>")
                .toString();
    }

    private static void attribute(
            StringBuilder xml, String name, Optional<String> wanted, boolean sameCodec, XmlNode told) {
        attribute(xml, name, wanted.orElse(sameCodec ? told.attribute(name) : ""));
    }

    private static void attribute(StringBuilder xml, String name, String value) {
        if (!value.isEmpty()) {
            xml.append(' ')
                    .append(name)
                    .append("=\"")
                    .append(SoapText.escaped(value))
                    .append('"');
        }
    }

    private static String rateControl(XmlNode told, EncoderSettings wanted) throws DriverException {
        Optional<XmlNode> now = told.find("RateControl");
        String limits = element(
                        "FrameRateLimit",
                        wanted.frameRate().map(EncoderSettings::text),
                        now.map(node -> node.text("FrameRateLimit")).orElse(""))
                + element(
                        "BitrateLimit",
                        wanted.bitrateKbps(),
                        now.map(node -> node.text("BitrateLimit")).orElse(""));
        if (limits.isEmpty()) {
            return "";
        }
        String constant = wanted.constantBitrate()
                .map(String::valueOf)
                .or(() -> now.map(node -> node.attribute("ConstantBitRate")))
                .orElse("");
        // A mean that the device had for another limit says nothing for this one.
        String mean =
                wanted.bitrateKbps().isPresent() || now.isEmpty() ? "" : kept(now.get(), List.of("AverageBitRate"));
        return "<tt:RateControl" + (constant.isEmpty() ? "" : " ConstantBitRate=\"" + SoapText.escaped(constant) + '"')
                + ">" + limits + mean + "</tt:RateControl>";
    }
}
