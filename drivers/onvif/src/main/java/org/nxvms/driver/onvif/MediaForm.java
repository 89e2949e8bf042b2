// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.media.Codec;

/**
 * VideoEncoderConfiguration and its options (Media 5.5; types in onvif.xsd), of devices without Media2: JPEG and H.264, frame
 * rates in whole numbers. A range of bit rates stands in an extension, beside what it repeats.
 */
final class MediaForm extends EncoderForm {
    private static final List<String> KNOWN = List.of(
            "Name",
            "UseCount",
            "Encoding",
            "Resolution",
            "Quality",
            "RateControl",
            "MPEG4",
            "H264",
            "Multicast",
            "SessionTimeout");

    @Override
    Optional<EncoderSettings> settings(XmlNode told) {
        Optional<Codec> codec = codec(told.text("Encoding"));
        Optional<XmlNode> rate = told.find("RateControl");
        Optional<XmlNode> h264 = told.find("H264").filter(node -> codec.equals(Optional.of(Codec.H264)));
        return codec.flatMap(its -> told.find("Resolution")
                .flatMap(EncoderForm::resolution)
                .map(resolution -> new EncoderSettings(
                        its,
                        resolution,
                        rate.flatMap(node -> positive(node.text("FrameRateLimit"))),
                        rate.flatMap(node -> whole(node.text("BitrateLimit"))),
                        Optional.empty(),
                        number(told.text("Quality")),
                        h264.flatMap(node -> whole(node.text("GovLength"))),
                        h264.flatMap(node -> word(node.text("H264Profile"))))));
    }

    @Override
    List<EncoderOptions> options(XmlNode answer, XmlNode told) {
        boolean rated = told.find("RateControl").isPresent();
        Optional<XmlNode> all = answer.find("Options");
        List<EncoderOptions> options = new ArrayList<>();
        for (Codec codec : all.isPresent() ? List.of(Codec.H264, Codec.MJPEG) : List.<Codec>of()) {
            option(all.get(), codec, rated).ifPresent(options::add);
        }
        return options;
    }

    private static Optional<EncoderOptions> option(XmlNode all, Codec codec, boolean rated) {
        String name = encoding(codec);
        List<XmlNode> parts = Stream.of(all.find(name), all.find("Extension", name))
                .flatMap(Optional::stream)
                .toList();
        List<EncoderSettings.Resolution> resolutions = resolutions(parts.stream());
        return resolutions.isEmpty()
                ? Optional.empty()
                : Optional.of(new EncoderOptions(
                        codec,
                        resolutions,
                        first(parts, "FrameRateRange")
                                .or(() -> Optional.of(ANY_FRAME_RATE).filter(any -> rated)),
                        List.of(),
                        first(parts, "BitrateRange")
                                .or(() -> Optional.of(ANY_BITRATE).filter(any -> rated)),
                        false,
                        range(all, "QualityRange"),
                        codec == Codec.H264 ? first(parts, "GovLengthRange") : Optional.empty(),
                        codec == Codec.H264 ? profiles(parts) : List.of()));
    }

    private static Optional<Range> first(List<XmlNode> parts, String name) {
        return parts.stream().flatMap(part -> range(part, name).stream()).findFirst();
    }

    private static List<String> profiles(List<XmlNode> parts) {
        return parts.stream()
                .flatMap(part -> part.all("H264ProfilesSupported").stream())
                .flatMap(node -> word(node.text()).stream())
                .distinct()
                .limit(EncoderOptions.VALUES_MAX)
                .toList();
    }

    @Override
    String change(XmlNode told, EncoderSettings wanted) throws DriverException {
        return "<o:Configuration token=\"" + SoapText.escaped(told.attribute("token")) + "\">"
                + kept(told, List.of("Name", "UseCount"))
                + element("Encoding", encoding(wanted.codec()))
                + resolution(wanted)
                + element("Quality", wanted.quality().map(EncoderSettings::text), told.text("Quality"))
                + rateControl(told, wanted)
                + (wanted.codec() == Codec.H264 ? h264(told, wanted) : "")
                + kept(told, List.of("Multicast", "SessionTimeout"))
                + others(told, KNOWN)
                + "</o:Configuration><o:ForcePersistence>true</o:ForcePersistence>";
    }

    private static String rateControl(XmlNode told, EncoderSettings wanted) {
        Optional<XmlNode> now = told.find("RateControl");
        String rate = element(
                "FrameRateLimit",
                // It takes whole numbers: a limit that is asked for is not exceeded.
                wanted.frameRate().map(value -> Math.max(1, (int) Math.floor(value))),
                now.map(node -> node.text("FrameRateLimit")).orElse(""));
        String bits = element(
                "BitrateLimit",
                wanted.bitrateKbps(),
                now.map(node -> node.text("BitrateLimit")).orElse(""));
        String every = now.map(node -> node.text("EncodingInterval"))
                .filter(text -> !text.isEmpty())
                .orElse("1");
        return rate.isEmpty() && bits.isEmpty()
                ? ""
                : "<tt:RateControl>" + rate + element("EncodingInterval", every) + bits + "</tt:RateControl>";
    }

    private static String h264(XmlNode told, EncoderSettings wanted) {
        String xml = element("GovLength", wanted.keyFrameInterval(), told.text("H264", "GovLength"))
                + element("H264Profile", wanted.profile(), told.text("H264", "H264Profile"));
        return xml.isEmpty() ? "" : "<tt:H264>" + xml + "</tt:H264>";
    }
}
