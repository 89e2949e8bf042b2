// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Encoders.Choices;
import org.nxvms.simulator.device.Encoders.Setup;
import org.nxvms.simulator.device.Encoders.Size;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.rtsp.Camera;
import org.w3c.dom.Element;

/** Video encoders, {@code encoder_main} and {@code encoder_sub}, by Media (5.5) and by Media2 (5.4). */
final class OnvifEncoders {
    private static final String TOKEN = "encoder_";
    static final String MULTICAST =
            """
            <tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>\
            <tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>""";

    private final Device device;

    OnvifEncoders(Device device) {
        this.device = device;
    }

    static boolean isAbout(SoapRequest request) {
        return request.name().contains("VideoEncoderConfiguration");
    }

    /** {@return the answer to an operation of either service} */
    HttpAnswer answer(SoapRequest request, boolean media2) {
        String prefix = media2 ? "tr2:" : "trt:";
        String token = request.text("ConfigurationToken");
        return switch (request.name()) {
            case "GetVideoEncoderConfigurations" ->
                !token.isEmpty() && role(token).isEmpty()
                        ? none()
                        : answer(
                                request,
                                prefix,
                                List.of("main", "sub").stream()
                                        .filter(name -> token.isEmpty() || token.equals(TOKEN + name))
                                        .map(name -> configuration(prefix + "Configurations", name, media2))
                                        .collect(Collectors.joining()));
            case "GetVideoEncoderConfiguration" ->
                media2 || role(token).isEmpty()
                        ? none()
                        : answer(
                                request,
                                prefix,
                                configuration(prefix + "Configuration", token.substring(TOKEN.length()), false));
            case "GetVideoEncoderConfigurationOptions" -> {
                String profile = request.text("ProfileToken");
                Optional<Camera.Role> role = token.isEmpty() ? OnvifMedia.role(profile) : role(token);
                // Who names neither is told what is true of all.
                yield role.isEmpty() && !(token + profile).isEmpty()
                        ? none()
                        : answer(request, prefix, options(role.orElse(Camera.Role.SUB), media2));
            }
            case "SetVideoEncoderConfiguration" -> set(request, prefix, media2);
            default -> Soap.missing("There is no operation " + request.name() + " in the media service.");
        };
    }

    private static HttpAnswer answer(SoapRequest request, String prefix, String content) {
        String name = prefix + request.name() + "Response";
        return Soap.answer("<" + name + ">" + content + "</" + name + ">");
    }

    private static HttpAnswer none() {
        return Soap.fault("There is no such configuration.", "InvalidArgVal", "NoConfig");
    }

    private static Optional<Camera.Role> role(String token) {
        return token.startsWith(TOKEN) ? OnvifMedia.role(token.substring(TOKEN.length())) : Optional.empty();
    }

    /** {@return one configuration} @param name of the stream */
    String configuration(String element, String name, boolean media2) {
        Setup now = device.encoders().now(OnvifMedia.role(name).orElseThrow());
        String head = "<tt:Name>" + name + "</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>"
                + size("tt:Resolution", now.size());
        String quality = "<tt:Quality>" + now.quality() + "</tt:Quality>";
        if (media2) {
            return "<%1$s token=\"%2$s\" GovLength=\"%3$d\" Profile=\"%4$s\">"
                            .formatted(element, TOKEN + name, now.gopFrames(), now.profile())
                    + head
                    + "<tt:RateControl ConstantBitRate=\"" + now.constant() + "\"><tt:FrameRateLimit>" + now.fps()
                    + "</tt:FrameRateLimit><tt:BitrateLimit>" + now.kbps() + "</tt:BitrateLimit></tt:RateControl>"
                    + MULTICAST + quality + "</" + element + ">";
        }
        return "<" + element + " token=\"" + TOKEN + name + "\">" + head + quality
                + "<tt:RateControl><tt:FrameRateLimit>" + (int) now.fps()
                + "</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>" + now.kbps()
                + "</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>" + now.gopFrames()
                + "</tt:GovLength><tt:H264Profile>" + now.profile() + "</tt:H264Profile></tt:H264>" + MULTICAST
                + "<tt:SessionTimeout>PT60S</tt:SessionTimeout></" + element + ">";
    }

    private static String size(String element, Size size) {
        return "<" + element + "><tt:Width>" + size.width() + "</tt:Width><tt:Height>" + size.height()
                + "</tt:Height></" + element + ">";
    }

    private static String range(String element, Object min, Object max) {
        return "<" + element + "><tt:Min>" + min + "</tt:Min><tt:Max>" + max + "</tt:Max></" + element + ">";
    }

    private String options(Camera.Role role, boolean media2) {
        Choices choices = device.encoders().choices(role);
        String sizes = choices.sizes().stream()
                .map(each -> size("tt:ResolutionsAvailable", each))
                .collect(Collectors.joining());
        String bits = range("tt:BitrateRange", choices.kbpsMin(), choices.kbpsMax());
        if (media2) {
            String rates = choices.rates().stream().map(String::valueOf).collect(Collectors.joining(" "));
            return "<tr2:Options GovLengthRange=\"1 %d\" FrameRatesSupported=\"%s\" ProfilesSupported=\"%s\""
                            .formatted(choices.gopMax(), rates, String.join(" ", choices.profiles()))
                    + " ConstantBitRateSupported=\"true\"><tt:Encoding>H264</tt:Encoding>"
                    + range("tt:QualityRange", 0.0, choices.qualityMax()) + sizes + bits + "</tr2:Options>";
        }
        int slowest = (int) choices.rates().get(choices.rates().size() - 1).doubleValue();
        String h264 = sizes
                + range("tt:GovLengthRange", 1, choices.gopMax())
                + range("tt:FrameRateRange", slowest, (int)
                        choices.rates().get(0).doubleValue())
                + range("tt:EncodingIntervalRange", 1, 1)
                + choices.profiles().stream()
                        .map(each -> "<tt:H264ProfilesSupported>" + each + "</tt:H264ProfilesSupported>")
                        .collect(Collectors.joining());
        return "<trt:Options>" + range("tt:QualityRange", 0, (int) choices.qualityMax()) + "<tt:H264>" + h264
                + "</tt:H264><tt:Extension><tt:H264>" + h264 + bits + "</tt:H264></tt:Extension></trt:Options>";
    }

    private HttpAnswer set(SoapRequest request, String prefix, boolean media2) {
        Optional<Element> wanted = request.find("Configuration");
        Optional<Camera.Role> role = wanted.flatMap(each -> role(each.getAttribute("token")));
        if (role.isEmpty()) {
            return none();
        }
        Optional<Setup> setup = setup(wanted.get(), device.encoders().now(role.get()), media2);
        Optional<String> refused = setup.isEmpty()
                ? Optional.of("A part of the configuration is missing, or is none.")
                : device.encoders().set(role.get(), setup.get());
        return refused.map(why -> Soap.fault(why, "InvalidArgVal", "ConfigModify"))
                .orElseGet(() -> answer(request, prefix, ""));
    }

    /** {@return what a configuration asks for; empty for what the schema would not let pass, or another codec} */
    private static Optional<Setup> setup(Element wanted, Setup now, boolean media2) {
        try {
            if (!text(wanted, "Encoding").equals("H264")) {
                return Optional.empty();
            }
            String constant = SoapRequest.find(wanted, "RateControl")
                    .map(rate -> rate.getAttribute("ConstantBitRate"))
                    .orElse("");
            String group = media2 ? wanted.getAttribute("GovLength") : text(wanted, "H264", "GovLength");
            String profile = media2 ? wanted.getAttribute("Profile") : text(wanted, "H264", "H264Profile");
            return Optional.of(new Setup(
                    new Size(
                            Integer.parseInt(text(wanted, "Resolution", "Width")),
                            Integer.parseInt(text(wanted, "Resolution", "Height"))),
                    Double.parseDouble(text(wanted, "RateControl", "FrameRateLimit")),
                    Integer.parseInt(text(wanted, "RateControl", "BitrateLimit")),
                    constant.isEmpty() ? now.constant() : constant.equals("true") || constant.equals("1"),
                    Double.parseDouble(text(wanted, "Quality")),
                    group.isEmpty() ? now.gopFrames() : Integer.parseInt(group),
                    profile.isEmpty() ? now.profile() : profile));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static String text(Element of, String... path) {
        return SoapRequest.find(of, path)
                .map(found -> found.getTextContent().strip())
                .orElse("");
    }
}
