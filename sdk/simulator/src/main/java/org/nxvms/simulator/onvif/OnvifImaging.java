// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.http.HttpAnswer;
import org.w3c.dom.Element;

/** The Imaging service of the one video source. The picture does not change by it. Thread-safe. */
final class OnvifImaging {
    private static final int PERCENT_MAX = 100;
    private static final List<String> PERCENTS = List.of("Brightness", "ColorSaturation", "Contrast", "Sharpness");

    /** What can be chosen, by the path of its element in the settings. */
    private static final Map<String, List<String>> CHOICES = choices();

    private final Device device;
    private final Map<String, String> values = new LinkedHashMap<>();

    OnvifImaging(Device device) {
        this.device = device;
        PERCENTS.forEach(name -> values.put(name, "50"));
        CHOICES.forEach((name, choices) -> values.put(name, choices.get(0)));
    }

    private static Map<String, List<String>> choices() {
        Map<String, List<String>> choices = new LinkedHashMap<>();
        choices.put("Exposure/Mode", List.of("AUTO", "MANUAL"));
        choices.put("Focus/AutoFocusMode", List.of("AUTO", "MANUAL"));
        choices.put("IrCutFilter", List.of("AUTO", "ON", "OFF"));
        choices.put("WideDynamicRange/Mode", List.of("OFF", "ON"));
        return choices;
    }

    HttpAnswer answer(SoapRequest request) {
        if (!request.text("VideoSourceToken").equals(OnvifMedia.VIDEO_SOURCE)) {
            return Soap.fault("There is no such video source.", "InvalidArgVal", "NoSource");
        }
        return switch (request.name()) {
            case "GetImagingSettings" -> settings();
            case "GetOptions" -> options();
            case "SetImagingSettings" -> change(request);
            case "GetMoveOptions" ->
                Soap.answer(
                        "<timg:GetMoveOptionsResponse><timg:MoveOptions><tt:Continuous><tt:Speed><tt:Min>-1</tt:Min>"
                                + "<tt:Max>1</tt:Max></tt:Speed></tt:Continuous></timg:MoveOptions></timg:GetMoveOptionsResponse>");
            case "Move" -> {
                device.optics().focus();
                yield Soap.done("timg", "Move");
            }
            case "Stop" -> Soap.done("timg", "Stop");
            default -> Soap.missing("There is no operation " + request.name() + " in the imaging service.");
        };
    }

    private synchronized HttpAnswer settings() {
        StringBuilder xml = new StringBuilder("<timg:GetImagingSettingsResponse><timg:ImagingSettings>");
        percent(xml, "Brightness");
        percent(xml, "ColorSaturation");
        percent(xml, "Contrast");
        mode(xml, "Exposure", "Mode");
        mode(xml, "Focus", "AutoFocusMode");
        xml.append("<tt:IrCutFilter>").append(values.get("IrCutFilter")).append("</tt:IrCutFilter>");
        percent(xml, "Sharpness");
        mode(xml, "WideDynamicRange", "Mode");
        return Soap.answer(xml.append("</timg:ImagingSettings></timg:GetImagingSettingsResponse>")
                .toString());
    }

    private void percent(StringBuilder xml, String name) {
        xml.append("<tt:")
                .append(name)
                .append('>')
                .append(values.get(name))
                .append("</tt:")
                .append(name)
                .append('>');
    }

    private void mode(StringBuilder xml, String group, String name) {
        xml.append("<tt:").append(group).append("><tt:").append(name).append('>');
        xml.append(values.get(group + "/" + name));
        xml.append("</tt:").append(name).append("></tt:").append(group).append('>');
    }

    private static HttpAnswer options() {
        String range = "<tt:Min>0</tt:Min><tt:Max>" + PERCENT_MAX + "</tt:Max></tt:";
        return Soap.answer("<timg:GetOptionsResponse><timg:ImagingOptions><tt:Brightness>" + range
                + "Brightness><tt:ColorSaturation>" + range + "ColorSaturation><tt:Contrast>" + range + "Contrast>"
                + "<tt:Exposure>" + all("Mode", "Exposure/Mode") + "</tt:Exposure><tt:Focus>"
                + all("AutoFocusModes", "Focus/AutoFocusMode") + "</tt:Focus>" + all("IrCutFilterModes", "IrCutFilter")
                + "<tt:Sharpness>" + range + "Sharpness><tt:WideDynamicRange>" + all("Mode", "WideDynamicRange/Mode")
                + "</tt:WideDynamicRange></timg:ImagingOptions></timg:GetOptionsResponse>");
    }

    private static String all(String element, String choices) {
        StringBuilder xml = new StringBuilder();
        CHOICES.get(choices).forEach(choice -> xml.append("<tt:" + element + ">" + choice + "</tt:" + element + ">"));
        return xml.toString();
    }

    /** All or nothing. */
    private synchronized HttpAnswer change(SoapRequest request) {
        Map<String, String> changes = new LinkedHashMap<>();
        for (String name : PERCENTS) {
            find(request, name).ifPresent(text -> changes.put(name, text));
        }
        for (String path : CHOICES.keySet()) {
            find(request, path).ifPresent(text -> changes.put(path, text));
        }
        for (Map.Entry<String, String> change : changes.entrySet()) {
            List<String> choices = CHOICES.get(change.getKey());
            if (choices == null ? !isPercent(change.getValue()) : !choices.contains(change.getValue())) {
                return Soap.fault(change.getKey() + " does not take this value.", "InvalidArgVal", "SettingsInvalid");
            }
        }
        values.putAll(changes);
        return Soap.done("timg", "SetImagingSettings");
    }

    private static Optional<String> find(SoapRequest request, String path) {
        return request.find("ImagingSettings")
                .flatMap(settings -> SoapRequest.find(settings, path.split("/")))
                .map(Element::getTextContent)
                .map(String::strip);
    }

    private static boolean isPercent(String text) {
        try {
            double value = Double.parseDouble(text);
            return value >= 0 && value <= PERCENT_MAX;
        } catch (NumberFormatException none) {
            return false;
        }
    }
}
