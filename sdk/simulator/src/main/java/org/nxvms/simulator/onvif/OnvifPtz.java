// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.device.PtzHead.Position;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.w3c.dom.Element;

/**
 * The PTZ service, in the generic spaces: pan and tilt -1..1, zoom 0..1, each over the whole range of the head; relative moves
 * also by the picture, from its middle (0) to its rims (1).
 */
final class OnvifPtz {
    static final String NODE = "node_1";

    private static final String SPACES = "http://www.onvif.org/ver10/tptz/";
    private static final String BY_PICTURE = SPACES + "PanTiltSpaces/TranslationSpaceFov";
    private static final String DEGREES = SPACES + "PanTiltSpaces/SphericalPositionSpaceDegrees";
    private static final Duration USUAL = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String NAME = "[^\\p{Cntrl}]{1,64}";

    private final Device device;

    OnvifPtz(Device device) {
        this.device = device;
    }

    /** A value that cannot be used. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;
    }

    HttpAnswer answer(SoapRequest request) {
        String name = request.name();
        boolean ofProfile = request.find("ProfileToken").isPresent();
        if (ofProfile && OnvifMedia.role(request.text("ProfileToken")).isEmpty()) {
            return OnvifMedia.noProfile();
        }
        try {
            return switch (name) {
                case "GetNodes" -> Soap.answer("<tptz:GetNodesResponse>" + node() + "</tptz:GetNodesResponse>");
                case "GetNode" -> Soap.answer("<tptz:GetNodeResponse>" + node() + "</tptz:GetNodeResponse>");
                case "GetConfigurations" ->
                    Soap.answer(
                            """
                            <tptz:GetConfigurationsResponse><tptz:PTZConfiguration token="%s"><tt:Name>PTZ</tt:Name>\
                            <tt:UseCount>2</tt:UseCount><tt:NodeToken>%s</tt:NodeToken></tptz:PTZConfiguration>\
                            </tptz:GetConfigurationsResponse>"""
                                    .formatted(OnvifMedia.PTZ_CONFIGURATION, NODE));
                case "GetConfigurationOptions" ->
                    Soap.answer(
                            "<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>" + spaces()
                                    + "</tt:Spaces><tt:PTZTimeout><tt:Min>PT1S</tt:Min><tt:Max>PT60S</tt:Max></tt:PTZTimeout>"
                                    + "</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>");
                case "GetStatus" -> status();
                case "ContinuousMove" -> move(request);
                case "AbsoluteMove" -> {
                    Position at = device.ptz().position();
                    device.ptz()
                            .moveTo(
                                    isInDegrees(request)
                                            ? inDegrees(request, at)
                                            : target(request, "Position", false, at));
                    yield Soap.done("tptz", name);
                }
                case "RelativeMove" -> {
                    if (isByPicture(request)) {
                        Optional<Element> aim = request.find("Translation", "PanTilt");
                        device.ptz().aim(value(aim, "x", -1, 0), value(aim, "y", -1, 0), 1);
                    } else {
                        Position at = device.ptz().position();
                        device.ptz().moveTo(target(request, "Translation", true, at));
                    }
                    yield Soap.done("tptz", name);
                }
                case "Stop" -> {
                    device.ptz().stop();
                    yield Soap.done("tptz", name);
                }
                case "GotoHomePosition" -> {
                    device.ptz().goHome();
                    yield Soap.done("tptz", name);
                }
                case "SetHomePosition" -> {
                    device.ptz().keepHome();
                    yield Soap.done("tptz", name);
                }
                case "SendAuxiliaryCommand" -> auxiliary(request.text("AuxiliaryData"));
                case "GetPresetTours" -> new OnvifTours(device.tours()).list();
                case "OperatePresetTour" -> new OnvifTours(device.tours()).operate(request);
                case "GetPresets" -> presets();
                case "SetPreset" -> keep(request);
                case "GotoPreset" -> {
                    Optional<PtzHead.Preset> preset = preset(request);
                    preset.ifPresent(found -> device.ptz().moveTo(found.position()));
                    yield preset.isPresent() ? Soap.done("tptz", name) : noPreset();
                }
                case "RemovePreset" -> {
                    Optional<PtzHead.Preset> preset = preset(request);
                    preset.ifPresent(found -> device.ptz().forget(found.name()));
                    yield preset.isPresent() ? Soap.done("tptz", name) : noPreset();
                }
                default -> Soap.missing("There is no operation " + name + " in the PTZ service.");
            };
        } catch (Wrong position) {
            return Soap.fault("A value is not in the range of its space.", "InvalidArgVal", "InvalidPosition");
        }
    }

    private static boolean isByPicture(SoapRequest request) {
        return request.find("Translation", "PanTilt")
                .filter(aim -> aim.getAttribute("space").equals(BY_PICTURE))
                .isPresent();
    }

    private boolean isInDegrees(SoapRequest request) {
        return device.faults().has(FaultKind.PTZ_DEGREES)
                && request.find("Position", "PanTilt")
                        .filter(to -> to.getAttribute("space").equals(DEGREES))
                        .isPresent();
    }

    private static Position inDegrees(SoapRequest request, Position at) throws Wrong {
        Optional<Element> to = request.find("Position", "PanTilt");
        return new Position(
                value(to, "x", PtzHead.MIN.pan(), PtzHead.MAX.pan(), at.pan()),
                value(to, "y", PtzHead.MIN.tilt(), PtzHead.MAX.tilt(), at.tilt()),
                zoomed(value(request.find("Position", "Zoom"), "x", 0, Double.NaN), at));
    }

    private static double zoomed(double part, Position at) {
        return Double.isNaN(part)
                ? at.zoom()
                : PtzHead.MIN.zoom() + part * span(PtzHead.MIN.zoom(), PtzHead.MAX.zoom());
    }

    private HttpAnswer auxiliary(String command) {
        switch (command) {
            case "tt:Wiper|On" -> device.optics().wipe();
            case "tt:IRLamp|On" -> device.optics().light(true);
            case "tt:IRLamp|Off" -> device.optics().light(false);
            default -> {
                return Soap.fault("There is no such command.", "InvalidArgVal", "CommandNotSupported");
            }
        }
        return Soap.answer("<tptz:SendAuxiliaryCommandResponse><tptz:AuxiliaryResponse>" + Soap.escaped(command)
                + "</tptz:AuxiliaryResponse></tptz:SendAuxiliaryCommandResponse>");
    }

    private static HttpAnswer noPreset() {
        return Soap.fault("There is no such preset.", "InvalidArgVal", "NoToken");
    }

    private Optional<PtzHead.Preset> preset(SoapRequest request) {
        String token = request.text("PresetToken");
        return device.ptz().presets().values().stream()
                .filter(preset -> token.equals(token(preset)))
                .findFirst();
    }

    private static String token(PtzHead.Preset preset) {
        return "preset_" + preset.number();
    }

    private HttpAnswer presets() {
        StringBuilder xml = new StringBuilder("<tptz:GetPresetsResponse>");
        device.ptz().presets().values().forEach(preset -> xml.append("<tptz:Preset token=\"")
                .append(token(preset))
                .append("\"><tt:Name>")
                .append(Soap.escaped(preset.name()))
                .append("</tt:Name></tptz:Preset>"));
        return Soap.answer(xml.append("</tptz:GetPresetsResponse>").toString());
    }

    private HttpAnswer keep(SoapRequest request) {
        String name = request.text("PresetName");
        if (!name.matches(NAME)) {
            return Soap.fault("A preset has a name of 1 to 64 characters.", "InvalidArgVal", "InvalidPresetName");
        }
        Optional<PtzHead.Preset> replaced = preset(request);
        if (!request.text("PresetToken").isEmpty() && replaced.isEmpty()) {
            return noPreset();
        }
        if (device.ptz()
                .preset(name)
                .filter(same -> !replaced.equals(Optional.of(same)))
                .isPresent()) {
            return Soap.fault("There is a preset of this name.", "InvalidArgVal", "PresetExist");
        }
        return replaced.map(PtzHead.Preset::number)
                .map(number -> device.ptz().keep(number, name))
                .orElseGet(() -> device.ptz().keep(name))
                .map(preset -> Soap.answer("<tptz:SetPresetResponse><tptz:PresetToken>" + token(preset)
                        + "</tptz:PresetToken></tptz:SetPresetResponse>"))
                .orElseGet(() -> Soap.fault("All places are taken.", "Action", "TooManyPresets"));
    }

    private HttpAnswer move(SoapRequest request) throws Wrong {
        Optional<Element> panTilt = request.find("Velocity", "PanTilt");
        Optional<Element> zoom = request.find("Velocity", "Zoom");
        double pan = value(panTilt, "x", -1, 0);
        double tilt = value(panTilt, "y", -1, 0);
        device.ptz().movePanTilt(pan, tilt);
        device.ptz().moveZoom(value(zoom, "x", -1, 0));
        String timeout = request.text("Timeout");
        try {
            Duration asked = timeout.isEmpty() ? USUAL : Duration.parse(timeout);
            device.ptz().stopAfter(asked.compareTo(LONGEST) < 0 ? asked : LONGEST);
        } catch (DateTimeParseException noTime) {
            device.ptz().stop();
            return Soap.fault("The timeout is no duration.", "InvalidArgVal", "TimeoutNotSupported");
        }
        return Soap.done("tptz", "ContinuousMove");
    }

    private static double value(Optional<Element> element, String attribute, double min, double otherwise)
            throws Wrong {
        return value(element, attribute, min, 1, otherwise);
    }

    private static double value(Optional<Element> element, String attribute, double min, double max, double otherwise)
            throws Wrong {
        if (element.isEmpty()) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(element.get().getAttribute(attribute));
            if (!(value >= min && value <= max)) {
                throw new Wrong();
            }
            return value;
        } catch (NumberFormatException none) {
            throw new Wrong();
        }
    }

    private static Position target(SoapRequest request, String group, boolean relative, Position at) throws Wrong {
        Optional<Element> panTilt = request.find(group, "PanTilt");
        Optional<Element> zoom = request.find(group, "Zoom");
        double pan = value(panTilt, "x", -1, relative ? 0 : Double.NaN);
        double tilt = value(panTilt, "y", -1, relative ? 0 : Double.NaN);
        double times = value(zoom, "x", relative ? -1 : 0, relative ? 0 : Double.NaN);
        if (relative) {
            return new Position(
                    at.pan() + pan * span(PtzHead.MIN.pan(), PtzHead.MAX.pan()) / 2,
                    at.tilt() + tilt * span(PtzHead.MIN.tilt(), PtzHead.MAX.tilt()) / 2,
                    at.zoom() + times * span(PtzHead.MIN.zoom(), PtzHead.MAX.zoom()));
        }
        return new Position(
                Double.isNaN(pan) ? at.pan() : fromGeneric(pan, PtzHead.MIN.pan(), PtzHead.MAX.pan()),
                Double.isNaN(tilt) ? at.tilt() : fromGeneric(tilt, PtzHead.MIN.tilt(), PtzHead.MAX.tilt()),
                zoomed(times, at));
    }

    private static double span(double min, double max) {
        return max - min;
    }

    private static double fromGeneric(double value, double min, double max) {
        return min + (value + 1) / 2 * (max - min);
    }

    private static double toGeneric(double value, double min, double max) {
        return (value - min) / (max - min) * 2 - 1;
    }

    private HttpAnswer status() {
        if (device.faults().has(FaultKind.NO_PTZ_STATUS)) {
            return Soap.fault("The head does not tell where it is.", "Action", "NoStatus");
        }
        Position at = device.ptz().position();
        boolean degrees = device.faults().has(FaultKind.PTZ_DEGREES);
        return Soap.answer(String.format(
                Locale.ROOT,
                "<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x=\"%.6f\" y=\"%.6f\" space=\"%s\"/>"
                        + "<tt:Zoom x=\"%.6f\" space=\"%s\"/></tt:Position><tt:MoveStatus><tt:PanTilt>%s</tt:PanTilt>"
                        + "<tt:Zoom>%s</tt:Zoom></tt:MoveStatus><tt:UtcTime>%s</tt:UtcTime></tptz:PTZStatus>"
                        + "</tptz:GetStatusResponse>",
                degrees ? at.pan() : toGeneric(at.pan(), PtzHead.MIN.pan(), PtzHead.MAX.pan()),
                degrees ? at.tilt() : toGeneric(at.tilt(), PtzHead.MIN.tilt(), PtzHead.MAX.tilt()),
                degrees ? DEGREES : SPACES + "PanTiltSpaces/PositionGenericSpace",
                (at.zoom() - PtzHead.MIN.zoom()) / span(PtzHead.MIN.zoom(), PtzHead.MAX.zoom()),
                SPACES + "ZoomSpaces/PositionGenericSpace",
                moves(),
                moves(),
                device.time()));
    }

    private String moves() {
        return device.ptz().moves() ? "MOVING" : "IDLE";
    }

    private String node() {
        return "<tptz:PTZNode token=\"" + NODE + "\" FixedHomePosition=\"false\"><tt:Name>Head</tt:Name>"
                + "<tt:SupportedPTZSpaces>" + spaces() + "</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>"
                + PtzHead.PRESETS_MAX
                + "</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported>"
                + "<tt:AuxiliaryCommands>tt:Wiper|On</tt:AuxiliaryCommands>"
                + "<tt:AuxiliaryCommands>tt:IRLamp|On</tt:AuxiliaryCommands>"
                + "<tt:AuxiliaryCommands>tt:IRLamp|Off</tt:AuxiliaryCommands>"
                + "<tt:Extension><tt:SupportedPresetTour><tt:MaximumNumberOfPresetTours>2</tt:MaximumNumberOfPresetTours>"
                + "<tt:PTZPresetTourOperation>Start</tt:PTZPresetTourOperation>"
                + "<tt:PTZPresetTourOperation>Stop</tt:PTZPresetTourOperation></tt:SupportedPresetTour></tt:Extension>"
                + "</tptz:PTZNode>";
    }

    private String spaces() {
        return (device.faults().has(FaultKind.PTZ_DEGREES) ? degrees() : "")
                + space("AbsolutePanTiltPositionSpace", "PanTiltSpaces/PositionGenericSpace", -1, true)
                + space("AbsoluteZoomPositionSpace", "ZoomSpaces/PositionGenericSpace", 0, false)
                + space("RelativePanTiltTranslationSpace", "PanTiltSpaces/TranslationGenericSpace", -1, true)
                + space("RelativePanTiltTranslationSpace", "PanTiltSpaces/TranslationSpaceFov", -1, true)
                + space("RelativeZoomTranslationSpace", "ZoomSpaces/TranslationGenericSpace", -1, false)
                + space("ContinuousPanTiltVelocitySpace", "PanTiltSpaces/VelocityGenericSpace", -1, true)
                + space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", -1, false);
    }

    private static String degrees() {
        return "<tt:AbsolutePanTiltPositionSpace><tt:URI>" + DEGREES + "</tt:URI>"
                + range("X", PtzHead.MIN.pan(), PtzHead.MAX.pan()) + range("Y", PtzHead.MIN.tilt(), PtzHead.MAX.tilt())
                + "</tt:AbsolutePanTiltPositionSpace>";
    }

    private static String range(String axis, double min, double max) {
        return "<tt:" + axis + "Range><tt:Min>" + min + "</tt:Min><tt:Max>" + max + "</tt:Max></tt:" + axis + "Range>";
    }

    private static String space(String element, String uri, int min, boolean two) {
        String range = "Range><tt:Min>" + min + "</tt:Min><tt:Max>1</tt:Max></tt:";
        return "<tt:" + element + "><tt:URI>" + SPACES + uri + "</tt:URI><tt:X" + range + "XRange>"
                + (two ? "<tt:Y" + range + "YRange>" : "") + "</tt:" + element + ">";
    }
}
