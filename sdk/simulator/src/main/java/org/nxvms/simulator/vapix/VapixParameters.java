// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Ports;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** The parameters of a device and {@code param.cgi}, which lists and updates them. Thread-safe. */
final class VapixParameters {
    static final String FIRMWARE = "11.11.0";
    static final String MODEL = "SIM-PTZ";
    static final String FULL_NAME = "Simulated VAPIX camera";

    private static final int VALUE_MAX = 500;
    private static final Pattern PROFILE_NAME = Pattern.compile("StreamProfile\\.S\\d\\.Name");
    /** What a client may change; a real device has many more. */
    private static final Pattern WRITABLE = Pattern.compile("Image\\.I0\\.(Name|Appearance\\.Compression)"
            + "|StreamProfile\\.S[01]\\.(Name|Description)|IOPort\\.I[0-3]\\.(Name|Input\\.Name|Output\\.Name)");

    private static final String COMPRESSION = "Image.I0.Appearance.Compression";

    private final Map<String, String> values = new LinkedHashMap<>();

    VapixParameters(Device device) {
        brand(device);
        pictures(device.clip().spec());
        for (Ports.Port port : device.ports().list()) {
            String group = "IOPort.I" + port.index() + ".";
            values.put(group + "Configurable", "no");
            values.put(group + "Direction", port.output() ? "output" : "input");
            values.put(group + (port.output() ? "Output.Name" : "Input.Name"), port.name());
        }
        values.put("Input.NbrOfInputs", "2");
        values.put("Output.NbrOfOutputs", "2");
    }

    private void brand(Device device) {
        String serial = device.serialNumber();
        values.put("Brand.Brand", "AXIS");
        values.put("Brand.ProdFullName", FULL_NAME);
        values.put("Brand.ProdNbr", MODEL);
        values.put("Brand.ProdShortName", "AXIS " + MODEL);
        values.put("Brand.ProdType", "Network Camera");
        values.put("Brand.ProdVariant", "");
        values.put("Brand.WebURL", "");
        values.put("Properties.API.HTTP.Version", "3");
        values.put("Properties.API.RTSP.Version", "2.01");
        values.put("Properties.Firmware.Version", FIRMWARE);
        values.put("Properties.Image.Format", "jpeg,h264");
        values.put("Properties.Image.NbrOfViews", "1");
        values.put("Properties.PTZ.PTZ", "yes");
        values.put("Properties.PTZ.DigitalPTZ", "no");
        values.put("Properties.System.SerialNumber", serial);
        values.put("Network.eth0.MACAddress", serial.replaceAll("(..)(?=.)", "$1:"));
        values.put("Network.RTSP.Enabled", "yes");
        values.put(
                "Network.RTSP.Port", Integer.toString(device.camera().address().getPort()));
        values.put("Properties.Audio.Audio", "yes");
        values.put("Properties.LocalStorage.LocalStorage", "yes");
        values.put("Properties.LocalStorage.SDCard", "yes");
        values.put("Properties.LocalStorage.Version", "1.00");
        values.put("Audio.DuplexMode", "full");
        values.put("Audio.NbrOfConfigs", "1");
        values.put("PTZ.NbrOfSerialPorts", "0");
        values.put("PTZ.CamPorts.Cam1Port", "1");
    }

    private void pictures(ClipSpec spec) {
        values.put("Properties.Image.Resolution", size(spec.main()) + "," + size(spec.sub()));
        values.put("Image.I0.Name", "Camera");
        values.put("Image.I0.Enabled", "yes");
        values.put("Image.I0.Appearance.Resolution", size(spec.main()));
        values.put(COMPRESSION, "30");
        values.putAll(VapixImage.presets());
        values.put("StreamProfile.MaxGroups", "26");
        profile(0, "Main", "the large picture", spec.main(), spec.fps());
        profile(1, "Sub", "the small picture", spec.sub(), spec.fps());
    }

    private void profile(int index, String name, String description, ClipSpec.Rendition size, int fps) {
        String group = "StreamProfile.S" + index + ".";
        values.put(group + "Name", name);
        values.put(group + "Description", description);
        values.put(group + "Parameters", "videocodec=h264&resolution=" + size(size) + "&fps=" + fps);
    }

    static String size(ClipSpec.Rendition rendition) {
        return rendition.width() + "x" + rendition.height();
    }

    synchronized String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** {@return the parameters of a stream profile, if there is one of this name} */
    synchronized Optional<String> profile(String name) {
        return values.entrySet().stream()
                .filter(entry -> PROFILE_NAME.matcher(entry.getKey()).matches()
                        && entry.getValue().equals(name))
                .map(entry -> values.get(entry.getKey().replace(".Name", ".Parameters")))
                .findFirst();
    }

    HttpAnswer answer(HttpRequest request) {
        Map<String, String> given = request.parameters();
        return switch (given.getOrDefault("action", "")) {
            case "list" -> HttpAnswer.text(200, list(given.getOrDefault("group", "")));
            case "listdefinitions" -> definitions(given.getOrDefault("group", ""));
            case "update" -> HttpAnswer.text(200, update(given));
            default ->
                HttpAnswer.text(200, "# Error: Error in request, action must be list, listdefinitions or update\n");
        };
    }

    private synchronized HttpAnswer definitions(String group) {
        return withoutRoot(group).equals("ImageSource.I0")
                ? HttpAnswer.of(200, "text/xml", VapixImage.xml(values::get).getBytes(StandardCharsets.UTF_8))
                : HttpAnswer.text(200, "# Error: Error -1 getting param in group '" + group + "'\n");
    }

    private synchronized String list(String groups) {
        StringBuilder text = new StringBuilder();
        for (String group : groups.split(",")) {
            String wanted = withoutRoot(group.trim());
            String lines = values.entrySet().stream()
                    .filter(entry -> isIn(entry.getKey(), wanted))
                    .map(entry -> "root." + entry.getKey() + "=" + entry.getValue() + "\n")
                    .collect(Collectors.joining());
            text.append(lines.isEmpty() ? "# Error: Error -1 getting param in group '" + wanted + "'\n" : lines);
        }
        return text.toString();
    }

    /** Whether a parameter belongs to a group, parts of which may be a star. */
    private static boolean isIn(String name, String group) {
        String[] parts = name.split("\\.");
        String[] wanted = group.isEmpty() ? new String[0] : group.split("\\.");
        boolean in = wanted.length <= parts.length;
        for (int i = 0; in && i < wanted.length; i++) {
            in = wanted[i].equals("*") || wanted[i].equals(parts[i]);
        }
        return in;
    }

    private static String withoutRoot(String name) {
        return name.equals("root") ? "" : name.startsWith("root.") ? name.substring(5) : name;
    }

    /** All or nothing. */
    private synchronized String update(Map<String, String> given) {
        Map<String, String> changes = new LinkedHashMap<>();
        given.forEach((name, value) -> changes.put(withoutRoot(name), value));
        changes.remove("action");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            if (!isAllowed(change.getKey(), change.getValue())) {
                return "# Error: Error setting 'root." + change.getKey() + "' to '" + change.getValue() + "'!\n";
            }
        }
        values.putAll(changes);
        return "OK\n";
    }

    private boolean isAllowed(String name, String value) {
        boolean percent = name.equals(COMPRESSION);
        return VapixImage.takes(name, value)
                || values.containsKey(name)
                        && WRITABLE.matcher(name).matches()
                        && value.length() <= VALUE_MAX
                        && value.chars().noneMatch(Character::isISOControl)
                        && (!percent || value.matches("\\d{1,3}") && Integer.parseInt(value) <= 100);
    }
}
