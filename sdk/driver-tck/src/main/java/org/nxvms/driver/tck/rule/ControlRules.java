// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DigitalIo.Port;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzPresets.Preset;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.tck.stage.Calls.Answer;

/** Moving, keeping positions, switching. */
final class ControlRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "ptz.spaces",
                    "What the head can do is said once for each axis and motion, is not empty and stays so.",
                    ControlRules::spaces),
            Rule.of("ptz.position", "The head goes where it is told to, and says where it is.", ControlRules::position),
            Rule.of("ptz.stop", "stop() stops, and is harmless when nothing moves.", ControlRules::stop),
            Rule.of(
                    "ptz.other-axes",
                    "A move at a speed stops the axes that it does not name.",
                    ControlRules::otherAxes),
            Rule.of(
                    "presets.keep",
                    "A position that is kept is listed, found again, and gone when it is forgotten.",
                    ControlRules::keep),
            Rule.of(
                    "presets.unknown",
                    "To go to a position that is not there is NOT_FOUND; to forget it does nothing.",
                    ControlRules::unknownPreset),
            Rule.of("tours.unknown", "To start a tour that is not there is NOT_FOUND.", ControlRules::unknownTour),
            Rule.of("io.switch", "An output that is switched says so, on and off.", ControlRules::switching),
            Rule.of(
                    "io.unknown",
                    "To switch what is no output of the device is NOT_FOUND.",
                    ControlRules::unknownPort));

    private static final long MOVE_MS = 20_000;
    private static final long STOP_MS = 8_000;
    private static final long LOOK_MS = 300;
    private static final double NEAR = 0.02;
    private static final double STILL = 0.002;
    private static final double SPEED = 0.2;
    private static final int MOVE_AT_MOST_MS = 14_000;
    private static final String NOBODYS = "no-such-77";

    private ControlRules() {}

    private static List<PtzSpace> spacesOf(Scene scene, Ptz ptz) throws Exception {
        return scene.ask("Ptz.spaces()", ptz::spaces).get();
    }

    private static void spaces(Scene scene) throws Exception {
        Ptz ptz = scene.require(scene.session(), Ptz.class);
        List<PtzSpace> spaces = spacesOf(scene, ptz);
        Expect.that(!spaces.isEmpty(), "The head can do nothing.");
        Set<String> seen = new HashSet<>();
        for (PtzSpace space : spaces) {
            Expect.that(
                    seen.add(space.axis() + " " + space.motion()),
                    "The motion " + space.motion() + " of " + space.axis() + " is named twice.");
        }
        Expect.that(spaces.equals(spacesOf(scene, ptz)), "Asked again, the head can do something else.");
    }

    private static Optional<PtzSpace> space(List<PtzSpace> spaces, Motion motion, Axis axis) {
        return spaces.stream()
                .filter(space -> space.motion() == motion && space.axis() == axis)
                .findFirst();
    }

    /** {@return where one axis is; the rule is not tried where the device does not say} */
    private static double at(Scene scene, Ptz ptz, Axis axis) throws Exception {
        Double at = scene.ask("Ptz.position()", ptz::position).get().get(axis);
        if (at == null) {
            throw new NotTried("the device does not say where its head is");
        }
        return at;
    }

    private static void position(Scene scene) throws Exception {
        scene.requireActing();
        Ptz ptz = scene.require(scene.session(), Ptz.class);
        List<PtzSpace> absolute = spacesOf(scene, ptz).stream()
                .filter(space -> space.motion() == Motion.ABSOLUTE)
                .toList();
        if (absolute.isEmpty()) {
            throw new NotTried("the head goes to no position");
        }
        for (PtzSpace space : absolute) {
            double range = space.max() - space.min();
            for (double part : new double[] {0.25, 0.5}) {
                double wanted = space.min() + part * range;
                moveTo(scene, ptz, space.axis(), wanted);
                Expect.that(
                        Expect.soon(MOVE_MS, () -> Math.abs(at(scene, ptz, space.axis()) - wanted) <= NEAR * range),
                        "Told to go to " + wanted + ", the axis " + space.axis() + " says "
                                + at(scene, ptz, space.axis()) + ".");
            }
        }
    }

    private static void moveTo(Scene scene, Ptz ptz, Axis axis, double wanted) throws Exception {
        scene.ask("Ptz.moveTo()", () -> {
                    ptz.moveTo(Map.of(axis, wanted));
                    return true;
                })
                .get();
    }

    private static void move(Scene scene, Ptz ptz, Axis axis) throws Exception {
        scene.ask("Ptz.move()", () -> {
                    ptz.move(Map.of(axis, SPEED), MOVE_AT_MOST_MS);
                    return true;
                })
                .get();
    }

    private static void halt(Scene scene, Ptz ptz) throws Exception {
        scene.ask("Ptz.stop()", () -> {
                    ptz.stop();
                    return true;
                })
                .get();
    }

    /** Begins where a move has far to go. */
    private static void begin(Scene scene, Ptz ptz, List<PtzSpace> spaces, Axis axis) throws Exception {
        Optional<PtzSpace> absolute = space(spaces, Motion.ABSOLUTE, axis);
        if (absolute.isPresent()) {
            moveTo(scene, ptz, axis, absolute.get().min());
        }
    }

    private static boolean moves(Scene scene, Ptz ptz, Axis axis, double range) throws Exception {
        double before = at(scene, ptz, axis);
        Expect.pause(LOOK_MS);
        return Math.abs(at(scene, ptz, axis) - before) > STILL * range;
    }

    private static double range(List<PtzSpace> spaces, Axis axis) {
        return space(spaces, Motion.ABSOLUTE, axis)
                .map(its -> its.max() - its.min())
                .orElse(1.0);
    }

    private static List<Axis> speedy(List<PtzSpace> spaces) {
        return spaces.stream()
                .filter(space -> space.motion() == Motion.CONTINUOUS)
                .map(PtzSpace::axis)
                .toList();
    }

    private static void stop(Scene scene) throws Exception {
        scene.requireActing();
        Ptz ptz = scene.require(scene.session(), Ptz.class);
        halt(scene, ptz);
        List<PtzSpace> spaces = spacesOf(scene, ptz);
        Axis axis = speedy(spaces).stream().findFirst().orElseThrow(() -> new NotTried("the head moves at no speed"));
        double range = range(spaces, axis);
        begin(scene, ptz, spaces, axis);
        try {
            move(scene, ptz, axis);
            Expect.that(
                    Expect.soon(MOVE_MS, () -> moves(scene, ptz, axis, range)),
                    "Told to move, the axis " + axis + " stays where it is.");
        } finally {
            halt(scene, ptz);
        }
        Expect.that(
                Expect.soon(STOP_MS, () -> !moves(scene, ptz, axis, range)),
                "Told to stop, the axis " + axis + " goes on.");
    }

    private static void otherAxes(Scene scene) throws Exception {
        scene.requireActing();
        Ptz ptz = scene.require(scene.session(), Ptz.class);
        List<PtzSpace> spaces = spacesOf(scene, ptz);
        List<Axis> axes = speedy(spaces);
        if (axes.size() < 2) {
            throw new NotTried("the head moves one axis only");
        }
        begin(scene, ptz, spaces, axes.get(0));
        begin(scene, ptz, spaces, axes.get(1));
        try {
            move(scene, ptz, axes.get(0));
            move(scene, ptz, axes.get(1));
            Expect.that(
                    Expect.soon(STOP_MS, () -> !moves(scene, ptz, axes.get(0), range(spaces, axes.get(0)))),
                    "A move of " + axes.get(1) + " lets " + axes.get(0) + " go on.");
        } finally {
            halt(scene, ptz);
        }
    }

    private static void keep(Scene scene) throws Exception {
        scene.requireActing();
        CameraSession session = scene.session();
        PtzPresets presets = scene.require(session, PtzPresets.class);
        String name = "Kit " + Long.toHexString(System.nanoTime());
        Preset kept = scene.ask("PtzPresets.keep()", () -> presets.keep(name)).get();
        Expect.that(kept.name().equals(name), "A position kept as '" + name + "' is called '" + kept.name() + "'.");
        List<Preset> listed =
                scene.ask("PtzPresets.presets()", presets::presets).get();
        Expect.that(listed.contains(kept), "The kept position is not listed.");
        Answer<Boolean> gone = scene.ask("PtzPresets.go()", () -> {
            presets.go(kept.token());
            return true;
        });
        scene.ask("PtzPresets.forget()", () -> {
                    presets.forget(kept.token());
                    return true;
                })
                .get();
        gone.get();
        Expect.that(
                !scene.ask("PtzPresets.presets()", presets::presets).get().contains(kept),
                "The forgotten position is still listed.");
    }

    private static void unknownPreset(Scene scene) throws Exception {
        scene.requireActing();
        PtzPresets presets = scene.require(scene.session(), PtzPresets.class);
        Answer<Boolean> went = scene.ask("go() to a position that is not there", () -> {
            presets.go(NOBODYS);
            return true;
        });
        Expect.kind(went.failure(), "Told to go to a position that is not there", Kind.NOT_FOUND);
        scene.ask("forget() of a position that is not there", () -> {
                    presets.forget(NOBODYS);
                    return true;
                })
                .get();
    }

    private static void unknownTour(Scene scene) throws Exception {
        PtzTours tours = scene.require(scene.session(), PtzTours.class);
        Answer<Boolean> started = scene.ask("start() of a tour that is not there", () -> {
            tours.start(NOBODYS);
            return true;
        });
        Expect.kind(started.failure(), "Told to start a tour that is not there", Kind.NOT_FOUND);
    }

    private static void switching(Scene scene) throws Exception {
        scene.requireActing();
        DigitalIo io = scene.require(scene.session(), DigitalIo.class);
        Port output = ports(scene, io).stream()
                .filter(port -> port.direction() == DigitalIo.Direction.OUTPUT)
                .findFirst()
                .orElseThrow(() -> new NotTried("the device has no output"));
        for (boolean on : new boolean[] {!output.on(), output.on()}) {
            scene.ask("DigitalIo.set()", () -> {
                        io.set(output.id(), on);
                        return true;
                    })
                    .get();
            Expect.that(
                    Expect.soon(STOP_MS, () -> ports(scene, io).stream()
                            .anyMatch(port -> port.id().equals(output.id()) && port.on() == on)),
                    "The output " + output.id() + ", switched " + (on ? "on" : "off") + ", does not say so.");
        }
    }

    private static List<Port> ports(Scene scene, DigitalIo io) throws Exception {
        return scene.ask("DigitalIo.ports()", io::ports).get();
    }

    private static void unknownPort(Scene scene) throws Exception {
        scene.requireActing();
        DigitalIo io = scene.require(scene.session(), DigitalIo.class);
        requireNoOutput(scene, io, NOBODYS);
        Optional<Port> input = ports(scene, io).stream()
                .filter(port -> port.direction() == DigitalIo.Direction.INPUT)
                .findFirst();
        if (input.isPresent()) {
            requireNoOutput(scene, io, input.get().id());
        }
    }

    private static void requireNoOutput(Scene scene, DigitalIo io, String id) throws Exception {
        Answer<Boolean> set = scene.ask("set() of " + id + ", which is no output", () -> {
            io.set(id, true);
            return true;
        });
        Expect.kind(set.failure(), "Told to switch " + id + ", which is no output", Kind.NOT_FOUND);
    }
}
