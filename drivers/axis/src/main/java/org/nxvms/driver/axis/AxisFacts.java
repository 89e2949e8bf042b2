// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** What a camera's parameters say, asked once a session. Immutable. */
final class AxisFacts {
    static final String ASK =
            "/axis-cgi/param.cgi?action=list&group=Brand,Properties.Firmware,Properties.System,Properties.PTZ,"
                    + "Network.RTSP,Network.eth0,StreamProfile,Input,Output,ImageSource.I0.Sensor,"
                    + "Properties.Audio,Audio,Properties.LocalStorage";
    private static final int RTSP_PORT = 554;
    private static final int PROFILES_MAX = 100;

    private final Map<String, String> values;

    private AxisFacts(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * A stream profile of the camera.
     *
     * @param pixels of its picture; 0 when its parameters do not say
     * @param resolution as in {@code 1920x1080}; empty when they do not say
     * @param usable whether its codec is one to record: H.264, H.265, or whatever the camera takes when none is named
     */
    record Profile(String name, long pixels, String resolution, boolean usable) {}

    static AxisFacts ask(AxisHttp http) throws DriverException {
        AxisFacts facts = parse(http.text(ASK));
        if (!facts.get("Brand.Brand").equals("AXIS")) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The device does not say that it is one of Axis (Brand.Brand is '"
                            + AxisHttp.words(facts.get("Brand.Brand")) + "'); use another driver.");
        }
        return facts;
    }

    /** Reads {@code root.Group.Name=value} lines; what is none, such as an error of one group, is left out. */
    static AxisFacts parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().filter(line -> line.startsWith("root.")).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(5, equals), line.substring(equals + 1).strip());
            }
        });
        return new AxisFacts(values);
    }

    String get(String name) {
        return values.getOrDefault(name, "");
    }

    DeviceIdentity identity() {
        return new DeviceIdentity(
                "Axis",
                get("Brand.ProdNbr"),
                get("Properties.Firmware.Version"),
                get("Properties.System.SerialNumber"),
                get("Network.eth0.MACAddress").toLowerCase(Locale.ROOT));
    }

    boolean hasPtz() {
        return get("Properties.PTZ.PTZ").equals("yes");
    }

    boolean hasPorts() {
        return number("Input.NbrOfInputs", 0) + number("Output.NbrOfOutputs", 0) > 0;
    }

    /** Whether it can be talked through: half duplex can, one that only listens cannot. */
    boolean hasSpeaker() {
        return get("Properties.Audio.Audio").equals("yes")
                && get("Audio.DuplexMode").matches("full|half|post");
    }

    boolean hasStorage() {
        return get("Properties.LocalStorage.LocalStorage").equals("yes");
    }

    boolean hasImageSettings() {
        return values.keySet().stream().anyMatch(name -> name.startsWith("ImageSource.I0.Sensor."));
    }

    int rtspPort() {
        int port = number("Network.RTSP.Port", RTSP_PORT);
        return port >= 1 && port <= 65_535 ? port : RTSP_PORT;
    }

    private int number(String name, int otherwise) {
        return get(name).matches("\\d{1,5}") ? Integer.parseInt(get(name)) : otherwise;
    }

    /** {@return the stream profiles in the camera's order} */
    List<Profile> profiles() {
        List<Profile> profiles = new ArrayList<>();
        for (int i = 0; i < PROFILES_MAX; i++) {
            String name = get("StreamProfile.S" + i + ".Name");
            if (!name.isEmpty()) {
                String parameters = get("StreamProfile.S" + i + ".Parameters");
                String resolution = resolution(parameters);
                profiles.add(new Profile(name, pixels(resolution), resolution, isUsable(parameters)));
            }
        }
        return profiles;
    }

    private static String resolution(String parameters) {
        for (String parameter : parameters.split("&")) {
            if (parameter.matches("resolution=\\d{2,5}x\\d{2,5}")) {
                return parameter.substring("resolution=".length());
            }
        }
        return "";
    }

    private static boolean isUsable(String parameters) {
        return !("&" + parameters + "&").matches(".*&videocodec=(?!h26[45]&).*");
    }

    private static long pixels(String resolution) {
        String[] sides = resolution.split("x");
        return sides.length == 2 ? Long.parseLong(sides[0]) * Long.parseLong(sides[1]) : 0;
    }
}
