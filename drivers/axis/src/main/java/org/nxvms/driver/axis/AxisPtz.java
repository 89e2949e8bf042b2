// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.driver.spi.PtzSpace.Unit;

/**
 * Pan, tilt and zoom by {@code com/ptz.cgi}. Degrees of pan and tilt are the camera's own; its steps of zoom (1..9999) are
 * fractions here.
 */
final class AxisPtz implements Ptz {
    static final String PATH = "/axis-cgi/com/ptz.cgi?";
    private static final int FULL_SPEED = 100;

    /** Of a picture that we aim in: the camera takes pixels of a picture as large as it is told. */
    private static final int AIM_PIXELS = 10_000;

    private static final int PERCENT = 100;
    private static final Pattern AIMS_AT_POINT = Pattern.compile("(?m)^\\s*center=");
    private static final Pattern AIMS_AT_BOX = Pattern.compile("(?m)^\\s*areazoom=");

    private final AxisHttp http;
    private final List<PtzSpace> spaces;
    private final double zoomMin;
    private final double zoomMax;
    private final Aim aims;

    private AxisPtz(AxisHttp http, Map<String, String> limits, String commands) {
        this.http = http;
        aims = AIMS_AT_BOX.matcher(commands).find()
                ? Aim.BOX
                : AIMS_AT_POINT.matcher(commands).find() ? Aim.POINT : Aim.NONE;
        List<PtzSpace> found = new ArrayList<>();
        degrees(found, Axis.PAN, number(limits, "MinPan"), number(limits, "MaxPan"));
        degrees(found, Axis.TILT, number(limits, "MinTilt"), number(limits, "MaxTilt"));
        OptionalDouble min = number(limits, "MinZoom");
        OptionalDouble max = number(limits, "MaxZoom");
        boolean zooms = min.isPresent() && max.isPresent() && min.getAsDouble() < max.getAsDouble();
        zoomMin = zooms ? min.getAsDouble() : 1;
        zoomMax = zooms ? max.getAsDouble() : 2;
        if (zooms) {
            found.add(new PtzSpace(Motion.ABSOLUTE, Axis.ZOOM, 0, 1, Unit.FRACTION));
            found.add(new PtzSpace(Motion.RELATIVE, Axis.ZOOM, -1, 1, Unit.FRACTION));
        }
        // A camera with PTZ moves at a speed even where it tells no limits.
        for (Axis axis : List.of(Axis.PAN, Axis.TILT, Axis.ZOOM)) {
            found.add(PtzSpace.continuous(axis));
        }
        spaces = List.copyOf(found);
    }

    static AxisPtz ask(AxisHttp http) throws DriverException {
        return new AxisPtz(http, lines(http.text(PATH + "query=limits")), commands(http));
    }

    /** What the camera says that it can be told; one that does not say is asked for no more than was usual. */
    private static String commands(AxisHttp http) throws DriverException {
        try {
            return http.text(PATH + "info=1");
        } catch (DriverException said) {
            if (said.kind() == Kind.PROTOCOL || said.kind() == Kind.UNSUPPORTED || said.kind() == Kind.CONFIG) {
                return "";
            }
            throw said;
        }
    }

    private static void degrees(List<PtzSpace> to, Axis axis, OptionalDouble min, OptionalDouble max) {
        if (min.isPresent() && max.isPresent() && min.getAsDouble() < max.getAsDouble()) {
            double range = max.getAsDouble() - min.getAsDouble();
            to.add(new PtzSpace(Motion.ABSOLUTE, axis, min.getAsDouble(), max.getAsDouble(), Unit.DEGREES));
            to.add(new PtzSpace(Motion.RELATIVE, axis, -range, range, Unit.DEGREES));
        }
    }

    /** Reads {@code name=value} lines. */
    static Map<String, String> lines(String text) {
        Map<String, String> lines = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1).strip());
            }
        });
        return lines;
    }

    private static OptionalDouble number(Map<String, String> from, String name) {
        String text = from.getOrDefault(name, "");
        return text.matches("-?\\d{1,6}(\\.\\d{1,9})?")
                ? OptionalDouble.of(Double.parseDouble(text))
                : OptionalDouble.empty();
    }

    @Override
    public List<PtzSpace> spaces() {
        return spaces;
    }

    @Override
    public Map<Axis, Double> position() throws DriverException {
        Map<String, String> told = lines(http.text(PATH + "query=position"));
        Map<Axis, Double> position = new EnumMap<>(Axis.class);
        number(told, "pan").ifPresent(pan -> position.put(Axis.PAN, pan));
        number(told, "tilt").ifPresent(tilt -> position.put(Axis.TILT, tilt));
        number(told, "zoom").ifPresent(zoom -> position.put(Axis.ZOOM, (zoom - zoomMin) / (zoomMax - zoomMin)));
        return position;
    }

    @Override
    public void moveTo(Map<Axis, Double> position) throws DriverException {
        command(position, "", zoomMin);
    }

    @Override
    public void moveBy(Map<Axis, Double> distance) throws DriverException {
        command(distance, "r", 0);
    }

    private void command(Map<Axis, Double> values, String prefix, double zoomBase) throws DriverException {
        StringJoiner query = new StringJoiner("&");
        for (Map.Entry<Axis, Double> value : values.entrySet()) {
            switch (value.getKey()) {
                case PAN -> query.add(String.format(Locale.ROOT, "%span=%.4f", prefix, value.getValue()));
                case TILT -> query.add(String.format(Locale.ROOT, "%stilt=%.4f", prefix, value.getValue()));
                case ZOOM ->
                    query.add(prefix + "zoom=" + Math.round(zoomBase + value.getValue() * (zoomMax - zoomMin)));
                default ->
                    throw new DriverException(Kind.UNSUPPORTED, "This driver does not move " + value.getKey() + ".");
            }
        }
        send(http, query.toString());
    }

    /** VAPIX has no time after which a move ends by itself; the platform stops it. */
    @Override
    public void move(Map<Axis, Double> speed, int atMostMs) throws DriverException {
        send(
                http,
                "continuouspantiltmove=" + speed(speed, Axis.PAN) + "," + speed(speed, Axis.TILT)
                        + "&continuouszoommove=" + speed(speed, Axis.ZOOM));
    }

    private static long speed(Map<Axis, Double> speeds, Axis axis) {
        return Math.round(speeds.getOrDefault(axis, 0.0) * FULL_SPEED);
    }

    @Override
    public void stop() throws DriverException {
        send(http, "continuouspantiltmove=0,0&continuouszoommove=0");
    }

    @Override
    public Aim aims() {
        return aims;
    }

    /** VAPIX PTZ, "center" and "areazoom": pixels of the given size, percent of what is seen now. */
    @Override
    public void aim(double x, double y, double part) throws DriverException {
        if (aims == Aim.NONE || part < 1 && aims != Aim.BOX) {
            throw new DriverException(Kind.UNSUPPORTED, "The camera cannot aim so by its picture.");
        }
        String point = Math.round(x * AIM_PIXELS) + "," + Math.round(y * AIM_PIXELS);
        String command = part < 1 ? "areazoom=" + point + "," + Math.round(PERCENT / part) : "center=" + point;
        send(http, command + "&imagewidth=" + AIM_PIXELS + "&imageheight=" + AIM_PIXELS);
    }

    /** A command's answer is empty; a text says why it was not done. */
    static void send(AxisHttp http, String query) throws DriverException {
        String answer = http.text(PATH + query).strip();
        if (answer.startsWith("Error")) {
            throw new DriverException(Kind.CONFIG, "The camera does not do it: " + AxisHttp.words(answer) + ".");
        }
    }
}
