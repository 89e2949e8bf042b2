// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** {@code com/ptz.cgi}: 204 to a command, text to a query, {@code Error:} and a reason to what it cannot do. */
final class VapixPtz {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,5}(\\.\\d{1,6})?");
    private static final Pattern NAME = Pattern.compile("[^&=\\p{Cntrl}]{1,31}");
    private static final double FULL_SPEED = 100;
    /** Of a picture of which no other size is said. */
    private static final double USUAL_WIDTH = 1920;

    private static final double USUAL_HEIGHT = 1080;
    private static final double PERCENT = 100;
    private static final String COMMANDS =
            """
            Available commands
            :
            {camera=[n](1..1)}
            center=[x],[y]
              imagewidth=[n]
              imageheight=[n]
            areazoom=[x],[y],[z]
              imagewidth=[n]
              imageheight=[n]
            pan=[abspos](-180 ... 180)
            tilt=[abspos](-20 ... 90)
            zoom=[n](1 ... 9999)
            """
                    .replace("\n", "\r\n");

    private static final Set<String> KNOWN = Set.of(
            "query",
            "info",
            "camera",
            "center",
            "areazoom",
            "imagewidth",
            "imageheight",
            "speed",
            "pan",
            "tilt",
            "zoom",
            "rpan",
            "rtilt",
            "rzoom",
            "move",
            "continuouspantiltmove",
            "continuouszoommove",
            "gotoserverpresetname",
            "gotoserverpresetno",
            "setserverpresetname",
            "removeserverpresetname",
            "removeserverpresetno");

    private final PtzHead head;

    VapixPtz(PtzHead head) {
        this.head = head;
    }

    /** A parameter that cannot be used. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String parameter, String why) {
            super("Error: " + parameter + ": " + why);
        }
    }

    HttpAnswer answer(HttpRequest request) {
        Map<String, String> given = request.parameters();
        try {
            for (String name : given.keySet()) {
                if (!KNOWN.contains(name)) {
                    throw new Wrong(name, "there is no such parameter");
                }
            }
            if (!given.getOrDefault("camera", "1").equals("1")) {
                throw new Wrong("camera", "there is camera 1 only");
            }
            if (given.getOrDefault("info", "").equals("1")) {
                return HttpAnswer.text(200, COMMANDS);
            }
            if (given.containsKey("query")) {
                return HttpAnswer.text(200, query(given.get("query")));
            }
            command(given);
            return HttpAnswer.empty(204);
        } catch (Wrong wrong) {
            return HttpAnswer.text(200, wrong.getMessage() + "\r\n");
        }
    }

    private String query(String what) throws Wrong {
        PtzHead.Position at = head.position();
        return switch (what) {
            case "position" ->
                String.format(
                        Locale.ROOT,
                        "pan=%.4f\r\ntilt=%.4f\r\nzoom=%.0f\r\nautofocus=on\r\nautoiris=on\r\n",
                        at.pan(),
                        at.tilt(),
                        at.zoom());
            case "limits" ->
                String.format(
                        Locale.ROOT,
                        "MinPan=%.0f\r\n"
                                + "MaxPan=%.0f\r\n"
                                + "MinTilt=%.0f\r\n"
                                + "MaxTilt=%.0f\r\n"
                                + "MinZoom=%.0f\r\n"
                                + "MaxZoom=%.0f\r\n",
                        PtzHead.MIN.pan(),
                        PtzHead.MAX.pan(),
                        PtzHead.MIN.tilt(),
                        PtzHead.MAX.tilt(),
                        PtzHead.MIN.zoom(),
                        PtzHead.MAX.zoom());
            case "presetposall", "presetposcam" -> {
                StringBuilder text = new StringBuilder("Preset Positions for camera 1\r\n");
                head.presets().values().forEach(preset -> text.append("presetposno")
                        .append(preset.number())
                        .append('=')
                        .append(preset.name())
                        .append("\r\n"));
                yield text.toString();
            }
            default -> throw new Wrong("query", "use position, limits or presetposall");
        };
    }

    private void command(Map<String, String> given) throws Wrong {
        if (given.containsKey("continuouspantiltmove")) {
            String[] speeds = given.get("continuouspantiltmove").split(",", 3);
            if (speeds.length != 2) {
                throw new Wrong("continuouspantiltmove", "use two speeds, as in 20,-20");
            }
            head.movePanTilt(speed("continuouspantiltmove", speeds[0]), speed("continuouspantiltmove", speeds[1]));
        }
        if (given.containsKey("continuouszoommove")) {
            head.moveZoom(speed("continuouszoommove", given.get("continuouszoommove")));
        }
        move(given);
        absoluteAndRelative(given);
        aim(given);
        presets(given);
    }

    /** By pixels of a picture as large as it is said to be. */
    private void aim(Map<String, String> given) throws Wrong {
        boolean zooms = given.containsKey("areazoom");
        String name = zooms ? "areazoom" : "center";
        if (!given.containsKey(name)) {
            return;
        }
        String[] values = given.get(name).split(",", 4);
        if (values.length != (zooms ? 3 : 2)) {
            throw new Wrong(name, "use pixels, as in 960,540" + (zooms ? ", and percent" : ""));
        }
        double width = size(given, "imagewidth", USUAL_WIDTH);
        double height = size(given, "imageheight", USUAL_HEIGHT);
        double percent = zooms ? number(name, values[2]) : PERCENT;
        if (percent < 1) {
            throw new Wrong(name, "percent are 1 at the least");
        }
        head.aim(number(name, values[0]) / width * 2 - 1, 1 - number(name, values[1]) / height * 2, PERCENT / percent);
    }

    private static double size(Map<String, String> given, String name, double otherwise) throws Wrong {
        double size = given.containsKey(name) ? number(name, given.get(name)) : otherwise;
        if (size < 1) {
            throw new Wrong(name, "this is no size");
        }
        return size;
    }

    private void move(Map<String, String> given) throws Wrong {
        switch (given.getOrDefault("move", "")) {
            case "" -> {}
            case "stop" -> head.stop();
            case "home" -> head.moveTo(new PtzHead.Position(0, 0, 1));
            default -> throw new Wrong("move", "use home or stop");
        }
    }

    private void absoluteAndRelative(Map<String, String> given) throws Wrong {
        PtzHead.Position at = head.position();
        double pan = target(given, "pan", at.pan());
        double tilt = target(given, "tilt", at.tilt());
        double zoom = target(given, "zoom", at.zoom());
        if (given.keySet().stream().anyMatch(name -> name.matches("r?(pan|tilt|zoom)"))) {
            head.moveTo(new PtzHead.Position(pan, tilt, zoom));
        }
    }

    private static double target(Map<String, String> given, String axis, double at) throws Wrong {
        double base = given.containsKey(axis) ? number(axis, given.get(axis)) : at;
        return given.containsKey("r" + axis) ? base + number("r" + axis, given.get("r" + axis)) : base;
    }

    private void presets(Map<String, String> given) throws Wrong {
        if (given.containsKey("gotoserverpresetname")) {
            go("gotoserverpresetname", head.preset(given.get("gotoserverpresetname")));
        }
        if (given.containsKey("gotoserverpresetno")) {
            double number = number("gotoserverpresetno", given.get("gotoserverpresetno"));
            go("gotoserverpresetno", Optional.ofNullable(head.presets().get((int) number)));
        }
        if (given.containsKey("setserverpresetname")) {
            String name = given.get("setserverpresetname");
            if (!NAME.matcher(name).matches()) {
                throw new Wrong("setserverpresetname", "a name has 1 to 31 characters without & and =");
            }
            if (head.keep(name).isEmpty()) {
                throw new Wrong("setserverpresetname", "all " + PtzHead.PRESETS_MAX + " places are taken");
            }
        }
        if (given.containsKey("removeserverpresetname")) {
            head.forget(given.get("removeserverpresetname"));
        }
        if (given.containsKey("removeserverpresetno")) {
            double number = number("removeserverpresetno", given.get("removeserverpresetno"));
            Optional.ofNullable(head.presets().get((int) number)).ifPresent(preset -> head.forget(preset.name()));
        }
    }

    private void go(String parameter, Optional<PtzHead.Preset> preset) throws Wrong {
        head.moveTo(preset.orElseThrow(() -> new Wrong(parameter, "there is no such preset position"))
                .position());
    }

    private static double speed(String parameter, String text) throws Wrong {
        return Math.max(-1, Math.min(1, number(parameter, text) / FULL_SPEED));
    }

    private static double number(String parameter, String text) throws Wrong {
        if (!NUMBER.matcher(text).matches()) {
            throw new Wrong(parameter, "this is no number");
        }
        return Double.parseDouble(text);
    }
}
