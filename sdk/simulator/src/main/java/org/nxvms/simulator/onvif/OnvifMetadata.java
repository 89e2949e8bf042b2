// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.SceneData;
import org.w3c.dom.Element;

/**
 * The one metadata configuration of a device, and which profiles have it, by Media (5.2, 5.11) and by Media2 (5.2). Of the
 * configuration nothing can be changed but whether it tells of objects; whoever sets it sends the rest back as it was told.
 */
final class OnvifMetadata {
    private static final String TOKEN = "metadata_1";
    private static final String TOPIC = "tns1:RuleEngine//.";
    /** In the order of the schema (onvif.xsd, MetadataConfiguration). */
    private static final List<String> PARTS =
            List.of("Name", "UseCount", "Events", "Analytics", "Multicast", "SessionTimeout");

    private final Device device;

    OnvifMetadata(Device device) {
        this.device = device;
    }

    static boolean isAbout(SoapRequest request) {
        return request.name().contains("MetadataConfiguration")
                || request.name().matches("(Add|Remove)Configuration");
    }

    private SceneData scene() {
        return device.camera().scene();
    }

    /** {@return the answer to an operation of either service} */
    HttpAnswer answer(SoapRequest request, boolean media2) {
        String prefix = media2 ? "tr2:" : "trt:";
        return switch ((media2 ? "2 " : "1 ") + request.name()) {
            case "2 GetMetadataConfigurations",
                    "1 GetMetadataConfigurations",
                    "1 GetCompatibleMetadataConfigurations" -> configurations(request, prefix);
            case "1 GetMetadataConfiguration" ->
                scene().isAble() && request.text("ConfigurationToken").equals(TOKEN)
                        ? answer(request, prefix, configuration(prefix + "Configuration"))
                        : none();
            case "2 SetMetadataConfiguration", "1 SetMetadataConfiguration" -> set(request, prefix);
            case "1 AddMetadataConfiguration" -> put(request, prefix, request.text("ConfigurationToken"), true);
            case "1 RemoveMetadataConfiguration" -> put(request, prefix, TOKEN, false);
            case "2 AddConfiguration" ->
                isOfMetadata(request) ? put(request, prefix, request.text("Configuration", "Token"), true) : fixed();
            case "2 RemoveConfiguration" -> isOfMetadata(request) ? put(request, prefix, TOKEN, false) : fixed();
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

    private static HttpAnswer fixed() {
        return Soap.fault("Nothing of a profile can be changed but its metadata.", "Action", "ConfigurationConflict");
    }

    private static boolean isOfMetadata(SoapRequest request) {
        return SoapRequest.children(request.operation()).stream()
                                .filter(child -> "Configuration".equals(child.getLocalName()))
                                .count()
                        == 1
                && request.text("Configuration", "Type").equals("Metadata");
    }

    private HttpAnswer configurations(SoapRequest request, String prefix) {
        String profile = request.text("ProfileToken");
        String token = request.text("ConfigurationToken");
        if (!profile.isEmpty() && OnvifMedia.role(profile).isEmpty()) {
            return OnvifMedia.noProfile();
        }
        if (!token.isEmpty() && !(scene().isAble() && token.equals(TOKEN))) {
            return none();
        }
        return answer(request, prefix, scene().isAble() ? configuration(prefix + "Configurations") : "");
    }

    /** {@return what a profile holds of it; nothing where the profile has none} */
    String configuration(String element, String profile) {
        return scene().isCarriedBy(OnvifMedia.role(profile).orElseThrow()) ? configuration(element) : "";
    }

    private String configuration(String element) {
        long uses =
                Arrays.stream(Camera.Role.values()).filter(scene()::isCarriedBy).count();
        return "<" + element + " token=\"" + TOKEN + "\"><tt:Name>Metadata</tt:Name><tt:UseCount>" + uses
                + "</tt:UseCount><tt:Events><tt:Filter><wsnt:TopicExpression"
                + " Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">" + TOPIC
                + "</wsnt:TopicExpression></tt:Filter></tt:Events><tt:Analytics>" + scene().hasObjects()
                + "</tt:Analytics>" + OnvifEncoders.MULTICAST + "<tt:SessionTimeout>PT60S</tt:SessionTimeout></"
                + element + ">";
    }

    private HttpAnswer put(SoapRequest request, String prefix, String token, boolean carried) {
        Optional<Camera.Role> role = OnvifMedia.role(request.text("ProfileToken"));
        if (role.isEmpty()) {
            return OnvifMedia.noProfile();
        }
        if (!scene().isAble() || !token.equals(TOKEN)) {
            return none();
        }
        if (device.faults().has(FaultKind.METADATA_REFUSED)) {
            return Soap.fault("Metadata cannot be sent with this resolution.", "Action", "ConfigurationConflict");
        }
        if (!device.faults().has(FaultKind.METADATA_KEEPS)) {
            scene().carry(role.get(), carried);
        }
        return answer(request, prefix, "");
    }

    private HttpAnswer set(SoapRequest request, String prefix) {
        Optional<Element> wanted = request.find("Configuration")
                .filter(each -> scene().isAble() && each.getAttribute("token").equals(TOKEN));
        if (wanted.isEmpty()) {
            return none();
        }
        List<String> parts = SoapRequest.children(wanted.get()).stream()
                .map(Element::getLocalName)
                .toList();
        String objects = text(wanted.get(), "Analytics");
        if (!parts.equals(PARTS) || !objects.matches("true|false|0|1") || !hasItsTopic(wanted.get())) {
            return Soap.fault(
                    "Nothing of the configuration can be changed but Analytics.", "InvalidArgVal", "ConfigModify");
        }
        if (!device.faults().has(FaultKind.METADATA_KEEPS)) {
            scene().tellObjects(objects.equals("true") || objects.equals("1"));
        }
        return answer(request, prefix, "");
    }

    /** Whether the topic is still the one that was told: its prefix may be another, the namespace of it may not. */
    private static boolean hasItsTopic(Element wanted) {
        return SoapRequest.find(wanted, "Events", "Filter", "TopicExpression")
                .filter(topic -> {
                    String[] parts = topic.getTextContent().strip().split(":", 2);
                    return parts.length == 2
                            && "http://www.onvif.org/ver10/topics".equals(topic.lookupNamespaceURI(parts[0]))
                            && TOPIC.endsWith(":" + parts[1]);
                })
                .isPresent();
    }

    private static String text(Element of, String... path) {
        return SoapRequest.find(of, path)
                .map(found -> found.getTextContent().strip())
                .orElse("");
    }
}
