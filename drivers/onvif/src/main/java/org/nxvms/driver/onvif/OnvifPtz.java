// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.driver.spi.PtzSpace.Unit;

/** Pan, tilt and zoom, in the generic spaces where the device has them, else in the first of each kind (PTZ 4.3). */
final class OnvifPtz implements Ptz {
    /** PTZ Annex, "Pan/tilt Translation Space in FOV": from the picture's middle, the upper right corner is (1,1). */
    private static final String BY_PICTURE = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/TranslationSpaceFov";

    /** Kinds of spaces for positions. */
    private static final String PAN_TILT = "AbsolutePanTiltPositionSpace";

    private static final String ZOOM = "AbsoluteZoomPositionSpace";

    private static final String NUMBER = "-?\\d{1,9}(\\.\\d{1,20})?([eE]-?\\d{1,2})?";

    /**
     * A space as the device describes it.
     *
     * @param y for two axes the range of the second; else that of the first
     */
    private record Described(String uri, Range x, Range y) {}

    private record Range(double min, double max) {
        /** {@return a speed of -1..1 as the device counts it} */
        double scaled(double speed) {
            return speed < 0 ? -speed * min : speed * max;
        }

        /** {@return a value of this range as another one counts it that is as long} */
        double in(Range other, double value) {
            return other.min + (value - min) / (max - min) * (other.max - other.min);
        }
    }

    private final Services services;
    private final String profile;
    /** By the name of their kind those that moves are made in; all of them by that and their address. */
    private final Map<String, Described> described;

    private final List<PtzSpace> spaces;
    /** Of relative moves by the picture, where the device has those. */
    private final Optional<Described> byPicture;

    private final Supplier<Quirks> quirks;

    private OnvifPtz(
            Services services,
            String profile,
            Map<String, Described> described,
            List<PtzSpace> spaces,
            Optional<Described> byPicture,
            Supplier<Quirks> quirks) {
        this.services = services;
        this.profile = "<o:ProfileToken>" + SoapText.escaped(profile) + "</o:ProfileToken>";
        this.described = described;
        this.spaces = spaces;
        this.byPicture = byPicture;
        this.quirks = quirks;
    }

    /** {@return what the head of a profile can do; empty when that is nothing that we know} */
    static Optional<OnvifPtz> ask(Services services, Profile main, Supplier<Quirks> quirks) throws DriverException {
        XmlNode told = services.call(
                        Service.PTZ,
                        "GetConfigurationOptions",
                        "<o:ConfigurationToken>" + SoapText.escaped(main.ptzConfiguration())
                                + "</o:ConfigurationToken>")
                .find("PTZConfigurationOptions", "Spaces")
                .orElseThrow(() -> new DriverException(Kind.PROTOCOL, "The camera's head describes no spaces."));
        Map<String, Described> described = parse(told);
        List<PtzSpace> spaces = spaces(described);
        return spaces.isEmpty()
                ? Optional.empty()
                : Optional.of(new OnvifPtz(services, main.token(), described, spaces, byPicture(told), quirks));
    }

    private static Map<String, Described> parse(XmlNode told) {
        Map<String, Described> found = new java.util.HashMap<>();
        for (XmlNode space : told.children()) {
            Optional<Range> x = range(space.find("XRange"));
            if (x.isPresent()) {
                Described one = new Described(
                        space.text("URI"), x.get(), range(space.find("YRange")).orElse(x.get()));
                found.put(key(space.name(), one.uri()), one);
                boolean generic = one.uri().contains("Generic");
                if (generic || !found.containsKey(space.name())) {
                    found.put(space.name(), one);
                }
            }
        }
        return Map.copyOf(found);
    }

    private static String key(String kind, String uri) {
        return kind + " " + uri.strip();
    }

    /** Devices count to their rims by numbers of their own (1, 100); one that names no end counts as the standard does. */
    private static Optional<Described> byPicture(XmlNode told) {
        Range standard = new Range(-1, 1);
        return told.children().stream()
                .filter(space -> space.name().equals("RelativePanTiltTranslationSpace"))
                .filter(space -> space.text("URI").strip().equals(BY_PICTURE))
                .map(space -> new Described(
                        BY_PICTURE,
                        range(space.find("XRange")).orElse(standard),
                        range(space.find("YRange")).orElse(standard)))
                .findFirst();
    }

    private static Optional<Range> range(Optional<XmlNode> told) {
        return told.flatMap(node -> {
            String min = node.text("Min");
            String max = node.text("Max");
            return min.matches(NUMBER) && max.matches(NUMBER) && Double.parseDouble(min) < Double.parseDouble(max)
                    ? Optional.of(new Range(Double.parseDouble(min), Double.parseDouble(max)))
                    : Optional.empty();
        });
    }

    private static List<PtzSpace> spaces(Map<String, Described> described) {
        List<PtzSpace> spaces = new ArrayList<>();
        described.forEach((name, space) -> {
            switch (name) {
                case PAN_TILT -> both(spaces, Motion.ABSOLUTE, space);
                case ZOOM -> one(spaces, Motion.ABSOLUTE, Axis.ZOOM, space.x(), space.uri());
                case "RelativePanTiltTranslationSpace" -> both(spaces, Motion.RELATIVE, space);
                case "RelativeZoomTranslationSpace" -> one(spaces, Motion.RELATIVE, Axis.ZOOM, space.x(), space.uri());
                case "ContinuousPanTiltVelocitySpace" -> {
                    spaces.add(PtzSpace.continuous(Axis.PAN));
                    spaces.add(PtzSpace.continuous(Axis.TILT));
                }
                case "ContinuousZoomVelocitySpace" -> spaces.add(PtzSpace.continuous(Axis.ZOOM));
                default -> {}
            }
        });
        return List.copyOf(spaces);
    }

    private static void both(List<PtzSpace> to, Motion motion, Described space) {
        one(to, motion, Axis.PAN, space.x(), space.uri());
        one(to, motion, Axis.TILT, space.y(), space.uri());
    }

    private static void one(List<PtzSpace> to, Motion motion, Axis axis, Range range, String uri) {
        Unit unit = uri.contains("Degrees") ? Unit.DEGREES : Unit.FRACTION;
        to.add(new PtzSpace(motion, axis, range.min(), range.max(), unit));
    }

    @Override
    public List<PtzSpace> spaces() {
        return spaces;
    }

    @Override
    public Map<Axis, Double> position() throws DriverException {
        Map<Axis, Double> position = new EnumMap<>(Axis.class);
        XmlNode answer;
        try {
            answer = services.call(Service.PTZ, "GetStatus", profile);
        } catch (DriverException refused) {
            if (refused.kind() != Kind.UNSUPPORTED) {
                throw refused;
            }
            // A head may move and not know where it is (PTZ 5.4, NoStatus).
            return position;
        }
        answer.find("PTZStatus", "Position", "PanTilt").ifPresent(at -> {
            told(at, "x", PAN_TILT, Described::x).ifPresent(pan -> position.put(Axis.PAN, pan));
            told(at, "y", PAN_TILT, Described::y).ifPresent(tilt -> position.put(Axis.TILT, tilt));
        });
        answer.find("PTZStatus", "Position", "Zoom")
                .flatMap(at -> told(at, "x", ZOOM, Described::x))
                .ifPresent(zoom -> position.put(Axis.ZOOM, zoom));
        return position;
    }

    /**
     * {@return a value as moves to positions count it; empty where that cannot be known} Heads tell where they are in the usual
     * space of their configuration, which need not be the one that moves are made in (common.xsd, PTZStatus). Each spans the
     * whole way of the head.
     */
    private Optional<Double> told(XmlNode at, String attribute, String kind, Function<Described, Range> axis) {
        Optional<Double> value = number(at.attribute(attribute));
        String space = at.attribute("space").strip();
        Described moves = described.get(kind);
        if (moves == null || space.isEmpty() || space.equals(moves.uri().strip())) {
            return value;
        }
        Described other = described.get(key(kind, space));
        return other == null
                ? Optional.empty()
                : value.map(one -> axis.apply(other).in(axis.apply(moves), one));
    }

    private static Optional<Double> number(String text) {
        return text.matches(NUMBER) ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    @Override
    public void moveTo(Map<Axis, Double> position) throws DriverException {
        Map<Axis, Double> target = new EnumMap<>(position);
        if (target.containsKey(Axis.PAN) != target.containsKey(Axis.TILT)) {
            // Both go in one element; the one that is to stay is sent where it is.
            Axis other = target.containsKey(Axis.PAN) ? Axis.TILT : Axis.PAN;
            Double at = position().get(other);
            if (at == null) {
                throw new DriverException(
                        Kind.UNSUPPORTED, "The camera does not tell where it is; give pan and tilt together.");
            }
            target.put(other, at);
        }
        move("AbsoluteMove", "Position", target, PAN_TILT, ZOOM, "");
    }

    @Override
    public void moveBy(Map<Axis, Double> distance) throws DriverException {
        move(
                "RelativeMove",
                "Translation",
                distance,
                "RelativePanTiltTranslationSpace",
                "RelativeZoomTranslationSpace",
                "");
    }

    @Override
    public void move(Map<Axis, Double> speed, int atMostMs) throws DriverException {
        Map<Axis, Double> scaled = new EnumMap<>(Axis.class);
        Described panTilt = described.get("ContinuousPanTiltVelocitySpace");
        if (panTilt != null) {
            scaled.put(Axis.PAN, panTilt.x().scaled(speed.getOrDefault(Axis.PAN, 0.0)));
            scaled.put(Axis.TILT, panTilt.y().scaled(speed.getOrDefault(Axis.TILT, 0.0)));
        }
        Described zoom = described.get("ContinuousZoomVelocitySpace");
        if (zoom != null) {
            scaled.put(Axis.ZOOM, zoom.x().scaled(speed.getOrDefault(Axis.ZOOM, 0.0)));
        }
        // Devices take whole seconds at the least; the platform stops earlier by itself.
        String timeout = quirks.get().moveTimeout()
                ? "<o:Timeout>PT" + Math.max(1, (atMostMs + 999) / 1000) + "S</o:Timeout>"
                : "";
        move(
                "ContinuousMove",
                "Velocity",
                scaled,
                "ContinuousPanTiltVelocitySpace",
                "ContinuousZoomVelocitySpace",
                timeout);
    }

    private void move(
            String operation, String group, Map<Axis, Double> values, String panTilt, String zoom, String more)
            throws DriverException {
        StringBuilder xml = new StringBuilder();
        if (values.containsKey(Axis.PAN) || values.containsKey(Axis.TILT)) {
            xml.append(String.format(
                    Locale.ROOT,
                    "<tt:PanTilt x=\"%.6f\" y=\"%.6f\"%s/>",
                    values.getOrDefault(Axis.PAN, 0.0),
                    values.getOrDefault(Axis.TILT, 0.0),
                    space(panTilt)));
        }
        if (values.containsKey(Axis.ZOOM)) {
            xml.append(String.format(Locale.ROOT, "<tt:Zoom x=\"%.6f\"%s/>", values.get(Axis.ZOOM), space(zoom)));
        }
        services.call(Service.PTZ, operation, profile + "<o:" + group + ">" + xml + "</o:" + group + ">" + more);
    }

    private String space(String name) {
        Described space = described.get(name);
        return space == null || space.uri().isEmpty() ? "" : " space=\"" + SoapText.escaped(space.uri()) + "\"";
    }

    @Override
    public Aim aims() {
        return byPicture.isPresent() ? Aim.POINT : Aim.NONE;
    }

    /** Not at boxes: devices do not agree whether a factor of less than 1 in the zoom's space brings nearer or farther. */
    @Override
    public void aim(double x, double y, double part) throws DriverException {
        if (byPicture.isEmpty() || part < 1) {
            throw new DriverException(Kind.UNSUPPORTED, "The camera cannot aim so by its picture.");
        }
        String translation = String.format(
                Locale.ROOT,
                "<tt:PanTilt x=\"%.6f\" y=\"%.6f\" space=\"%s\"/>",
                byPicture.get().x().scaled(2 * x - 1),
                byPicture.get().y().scaled(1 - 2 * y),
                BY_PICTURE);
        services.call(Service.PTZ, "RelativeMove", profile + "<o:Translation>" + translation + "</o:Translation>");
    }

    @Override
    public void stop() throws DriverException {
        services.call(Service.PTZ, "Stop", profile + "<o:PanTilt>true</o:PanTilt><o:Zoom>true</o:Zoom>");
    }
}
