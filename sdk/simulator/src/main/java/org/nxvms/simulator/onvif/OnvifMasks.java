// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nxvms.simulator.clip.Cover;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Masks;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.w3c.dom.Element;

/** Privacy masks by Media2 (tr2:Mask): coordinates -1..1 from the left and from the bottom. */
final class OnvifMasks {
    private static final String RGB = "http://www.onvif.org/ver10/colorspace/RGB";
    private static final String MASK = "Mask";
    private static final String POLYGON = "Polygon";
    private static final int BLACK = 0;
    private static final int BYTE_MAX = 255;

    private final Device device;

    OnvifMasks(Device device) {
        this.device = device;
    }

    boolean isAbout(SoapRequest request) {
        return request.name().equals("GetServiceCapabilities")
                || request.name().endsWith(MASK)
                || request.name().startsWith("GetMask");
    }

    HttpAnswer answer(SoapRequest request) {
        boolean has = !device.faults().has(FaultKind.NO_MASKS);
        if (request.name().equals("GetServiceCapabilities")) {
            return answer(
                    request,
                    "<tr2:Capabilities SnapshotUri=\"true\" Mask=\"" + has + "\" SourceMask=\"true\">"
                            + "<tr2:ProfileCapabilities MaximumNumberOfProfiles=\"2\"/><tr2:StreamingCapabilities/>"
                            + "</tr2:Capabilities>");
        }
        if (!has) {
            return Soap.missing("There is no operation " + request.name() + " in the media service.");
        }
        return switch (request.name()) {
            case "GetMasks" -> masks(request);
            case "GetMaskOptions" ->
                isSource(request.text("ConfigurationToken")) ? answer(request, options()) : noConfiguration();
            case "CreateMask" -> create(request);
            case "SetMask" -> set(request);
            case "DeleteMask" -> device.masks().remove(request.text("Token")) ? answer(request, "") : noConfiguration();
            default -> Soap.missing("There is no operation " + request.name() + " in the media service.");
        };
    }

    private static HttpAnswer answer(SoapRequest request, String content) {
        String name = "tr2:" + request.name() + "Response";
        return Soap.answer("<" + name + ">" + content + "</" + name + ">");
    }

    private static HttpAnswer noConfiguration() {
        return Soap.fault("There is no such configuration.", "InvalidArgVal", "NoConfig");
    }

    private static boolean isSource(String token) {
        return token.equals(OnvifMedia.SOURCE_CONFIGURATION);
    }

    private static String options() {
        return "<tr2:Options RectangleOnly=\"false\" SingleColorOnly=\"false\"><tr2:MaxMasks>" + Masks.MASKS_MAX
                + "</tr2:MaxMasks><tr2:MaxPoints>" + Masks.CORNERS_MAX
                + "</tr2:MaxPoints><tr2:Types>Color</tr2:Types><tr2:Types>Pixelated</tr2:Types><tr2:Color>"
                + "<tt:ColorspaceRange>" + range("X") + range("Y") + range("Z") + "<tt:Colorspace>" + RGB
                + "</tt:Colorspace></tt:ColorspaceRange></tr2:Color></tr2:Options>";
    }

    private static String range(String axis) {
        return "<tt:" + axis + "><tt:Min>0</tt:Min><tt:Max>" + BYTE_MAX + "</tt:Max></tt:" + axis + ">";
    }

    private HttpAnswer masks(SoapRequest request) {
        String token = request.text("Token");
        String source = request.text("ConfigurationToken");
        Map<String, Masks.Mask> all = device.masks().all();
        if (!token.isEmpty() && !all.containsKey(token) || !source.isEmpty() && !isSource(source)) {
            return noConfiguration();
        }
        return answer(
                request,
                all.entrySet().stream()
                        .filter(each -> token.isEmpty() || token.equals(each.getKey()))
                        .map(each -> mask(each.getKey(), each.getValue()))
                        .collect(Collectors.joining()));
    }

    private String mask(String token, Masks.Mask mask) {
        Cover.Paint paint = mask.cover().paint();
        boolean vague = device.faults().has(FaultKind.MASK_VAGUE);
        String polygon = mask.cover().corners().stream()
                .filter(each -> !vague)
                .map(each ->
                        String.format(Locale.ROOT, "<tt:Point x=\"%f\" y=\"%f\"/>", each.x() * 2 - 1, 1 - each.y() * 2))
                .collect(Collectors.joining());
        String color = paint.mosaic()
                ? ""
                : "<tr2:Color X=\"%d\" Y=\"%d\" Z=\"%d\" Colorspace=\"%s\"/>"
                        .formatted(paint.red(), paint.green(), paint.blue(), RGB);
        return "<tr2:Masks token=\"" + token + "\"><tr2:ConfigurationToken>" + OnvifMedia.SOURCE_CONFIGURATION
                + "</tr2:ConfigurationToken><tr2:Polygon>" + polygon + "</tr2:Polygon><tr2:Type>"
                + (paint.mosaic() ? "Pixelated" : "Color") + "</tr2:Type>" + color + "<tr2:Enabled>" + mask.on()
                + "</tr2:Enabled></tr2:Masks>";
    }

    private HttpAnswer create(SoapRequest request) {
        Optional<Masks.Mask> wanted = wanted(request);
        if (wanted.isEmpty()) {
            return invalid();
        }
        return device.masks()
                .create(wanted.get())
                .map(token -> answer(request, "<tr2:Token>" + token + "</tr2:Token>"))
                .orElseGet(() -> Soap.fault("There are as many masks as there can be.", "Action", "MaxMasks"));
    }

    private HttpAnswer set(SoapRequest request) {
        Optional<Masks.Mask> wanted = wanted(request);
        if (wanted.isEmpty()) {
            return invalid();
        }
        String token = request.find(MASK).orElseThrow().getAttribute("token");
        return device.masks().set(token, wanted.get()) ? answer(request, "") : noConfiguration();
    }

    private static HttpAnswer invalid() {
        return Soap.fault("A part of the mask is missing, or cannot be.", "InvalidArgVal", "ConfigModify");
    }

    private static Optional<Masks.Mask> wanted(SoapRequest request) {
        try {
            Optional<Element> polygon = request.find(MASK, POLYGON);
            String type = request.text(MASK, "Type");
            String on = request.text(MASK, "Enabled");
            if (polygon.isEmpty()
                    || !isSource(request.text(MASK, "ConfigurationToken"))
                    || !type.matches("Color|Pixelated")
                    || !on.matches("true|false|0|1")) {
                return Optional.empty();
            }
            List<Cover.Corner> corners = SoapRequest.children(polygon.get()).stream()
                    .map(each -> new Cover.Corner(
                            (Double.parseDouble(each.getAttribute("x")) + 1) / 2,
                            (1 - Double.parseDouble(each.getAttribute("y"))) / 2))
                    .toList();
            Cover.Paint paint = new Cover.Paint(
                    type.equals("Pixelated"), color(request, "X"), color(request, "Y"), color(request, "Z"));
            return Optional.of(new Masks.Mask(new Cover(corners, paint), on.matches("true|1")))
                    .filter(Masks::isPossible);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** {@return a part of the colour, of RGB; black where there is none} */
    private static int color(SoapRequest request, String axis) {
        Optional<Element> color = request.find(MASK, "Color");
        if (color.isEmpty()) {
            return BLACK;
        }
        double value = Double.parseDouble(color.get().getAttribute(axis));
        if (!color.get().getAttribute("Colorspace").equals(RGB) || !(value >= 0 && value <= BYTE_MAX)) {
            throw new NumberFormatException("no colour of RGB");
        }
        return (int) value;
    }
}
