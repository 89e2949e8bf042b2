// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.rtsp.Metadata;
import org.nxvms.simulator.vapix.VapixDialect;

/** The command line of {@link SimulatorMain}, read and checked. */
final class SimulatorOptions {
    static final String USAGE =
            """
            Simulated RTSP cameras. Options (usual value):
              --cameras N        how many (4)
              --port P           port of camera 1, camera n listens on P+n-1 (18554)
              --host ADDRESS     address to listen on (127.0.0.1)
              --data DIR         where the clip is kept (simulator-data)
              --control PORT     HTTP port on loopback to set faults at run time (none)
              --clip NAME        standard: 1080p25 + 360p25; small: 360p25 + 180p25; calm: 720p15 + 360p15 (standard)
              --seconds S        length of the loop (30, small 4)
              --audio CODEC      mixed, aac, pcmu, pcma, none; mixed: every fourth camera pcmu, others aac (mixed)
              --metadata KIND    none, onvif: a document a second beside picture and sound; offered: with --device onvif,
                                 once a client puts it into a profile (none)
              --auth SCHEME      none, basic, digest-md5, digest-md5-qop, digest-sha256 (none)
              --user NAME        login name (admin); the password is taken from SIMULATOR_PASSWORD (simulator)
              --pace K           at most K RTP packets a millisecond and session; 0: a picture at once (0)
              --session-timeout S  seconds without a sign of life (60)
              --fault N:KIND[=VALUE]  a fault of camera N, or of all with *; may be repeated; README.md lists them
              --device DIALECT   none, vapix, onvif: what each camera speaks over HTTP beside its streams (none)
              --http-port P      HTTP port of camera 1, camera n listens on P+n-1 (18080)
              --discovery NAMES  with --device onvif: network interfaces, by comma, on which WS-Discovery finds them (none)
              --script FILE      faults by the clock, in JSON; README.md has an example (none)
            """;

    private enum MetadataKind {
        NONE,
        ONVIF,
        OFFERED
    }

    private static final List<String> NAMES = List.of(
            "cameras",
            "port",
            "host",
            "data",
            "control",
            "clip",
            "seconds",
            "audio",
            "metadata",
            "auth",
            "user",
            "pace",
            "session-timeout",
            "script",
            "device",
            "discovery",
            "http-port");

    private final Map<String, String> values = new HashMap<>();
    private final Map<Integer, List<Fault>> faults = new HashMap<>();
    private final String password;

    /** @throws IllegalArgumentException naming the option that is wrong */
    SimulatorOptions(List<String> arguments, String password) {
        this.password = password;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i).startsWith("--") ? arguments.get(i).substring(2) : "";
            if (!NAMES.contains(name) && !name.equals("fault")) {
                throw new IllegalArgumentException(arguments.get(i) + ": there is no such option");
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("--" + name + ": a value is missing");
            }
            if (name.equals("fault")) {
                addFault(arguments.get(i + 1));
            } else {
                values.put(name, arguments.get(i + 1));
            }
        }
    }

    private void addFault(String text) {
        int colon = text.indexOf(':');
        String camera = colon < 0 ? "" : text.substring(0, colon);
        if (!camera.matches("\\*|[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(
                    "--fault " + text + ": wanted is N:KIND or N:KIND=VALUE, N a number or *");
        }
        int number = camera.equals("*") ? 0 : Integer.parseInt(camera);
        faults.computeIfAbsent(number, key -> new ArrayList<>()).add(Fault.parse(text.substring(colon + 1)));
    }

    /** @throws IOException if the script cannot be read */
    CameraFarm.Builder builder() throws IOException {
        int cameras = integer("cameras", 4, 1, 1000);
        faults.keySet().stream().filter(number -> number > cameras).findAny().ifPresent(number -> {
            throw new IllegalArgumentException("--fault " + number + ":...: there are 1.." + cameras + " cameras");
        });
        CameraFarm.Builder builder = CameraFarm.builder()
                .cameras(cameras)
                .host(values.getOrDefault("host", "127.0.0.1"))
                .port(integer("port", 18_554, 0, 65_535 - cameras + 1))
                .data(data())
                .clip(clip())
                .faults(this::faults)
                .scripts(scripts(cameras));
        switch (values.getOrDefault("device", "none")) {
            case "none" -> {}
            case VapixDialect.ID -> builder.dialect(VapixDialect::new).httpPort(httpPort(cameras));
            case OnvifDialect.ID -> builder.dialect(OnvifDialect::new).httpPort(httpPort(cameras));
            default ->
                throw new IllegalArgumentException(
                        "--device: '" + values.get("device") + "' is none of none, vapix, onvif");
        }
        if (values.containsKey("discovery")) {
            if (!values.getOrDefault("device", "none").equals(OnvifDialect.ID)) {
                throw new IllegalArgumentException("--discovery needs --device onvif");
            }
            builder.discovery(List.of(values.get("discovery").split(",")));
        }
        if (values.containsKey("control")) {
            builder.controlPort(integer("control", 0, 0, 65_535));
        }
        CameraSettings common = CameraSettings.DEFAULT
                .withLogin(
                        choice("auth", AuthScheme.values(), AuthScheme.NONE),
                        values.getOrDefault("user", "admin"),
                        password)
                .withPacketsPerMs(integer("pace", 0, 0, 1000))
                .withSessionTimeoutSeconds(integer("session-timeout", 60, 1, 3600))
                .withMetadata(metadata());
        boolean mixed = values.getOrDefault("audio", "mixed").equals("mixed");
        AudioCodec audio = mixed ? AudioCodec.AAC : choice("audio", AudioCodec.values(), AudioCodec.AAC);
        return builder.settings(number -> common.withPhaseMs(builder.staggeredPhaseMs(number))
                .withAudio(mixed && number % 4 == 0 ? AudioCodec.PCMU : audio));
    }

    private Metadata metadata() {
        return switch (choice("metadata", MetadataKind.values(), MetadataKind.NONE)) {
            case NONE -> Metadata.NONE;
            case OFFERED -> Metadata.OFFERED;
            case ONVIF -> Metadata.CARRIED;
        };
    }

    private int httpPort(int cameras) {
        return integer("http-port", 18_080, 0, 65_535 - cameras + 1);
    }

    Path data() {
        return Path.of(values.getOrDefault("data", "simulator-data"));
    }

    private List<Fault> faults(int number) {
        List<Fault> list = new ArrayList<>(faults.getOrDefault(0, List.of()));
        list.addAll(faults.getOrDefault(number, List.of()));
        return list;
    }

    private IntFunction<FaultScript> scripts(int cameras) throws IOException {
        if (!values.containsKey("script")) {
            return number -> FaultScript.NONE;
        }
        Map<Integer, FaultScript> scripts = ScriptReader.file(Path.of(values.get("script")));
        scripts.keySet().stream().filter(number -> number > cameras).findAny().ifPresent(number -> {
            throw new IllegalArgumentException("--script: there is no camera " + number + "; there are 1.." + cameras);
        });
        FaultScript others = scripts.getOrDefault(0, FaultScript.NONE);
        return number -> scripts.getOrDefault(number, others);
    }

    private ClipSpec clip() {
        String name = values.getOrDefault("clip", "standard");
        ClipSpec spec =
                switch (name) {
                    case "standard" -> ClipSpec.STANDARD;
                    case "small" -> ClipSpec.SMALL;
                    case "calm" -> ClipSpec.CALM;
                    default ->
                        throw new IllegalArgumentException("--clip: '" + name + "' is none of standard, small, calm");
                };
        return spec.withSeconds(integer("seconds", spec.seconds(), 1, 120));
    }

    private int integer(String name, int usual, int min, int max) {
        String text = values.get(name);
        if (text == null) {
            return usual;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException("--" + name + ": '" + text + "' is not a number in " + min + ".." + max);
        }
        return Integer.parseInt(text);
    }

    private <E extends Enum<E>> E choice(String name, E[] all, E usual) {
        String text = values.get(name);
        if (text == null) {
            return usual;
        }
        return Arrays.stream(all)
                .filter(value -> id(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--" + name + ": '" + text + "' is not one of "
                        + Arrays.stream(all).map(SimulatorOptions::id).collect(Collectors.joining(", "))));
    }

    private static String id(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
