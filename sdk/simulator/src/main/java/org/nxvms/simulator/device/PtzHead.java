// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.nxvms.simulator.clip.View;

/**
 * Where the camera looks. Moves to a position arrive at once; moves at a speed go on with time until they are stopped or
 * reach a limit. Stills and streams show what it looks at. Thread-safe.
 */
public final class PtzHead {
    /** In degrees to the right and up, and steps of zoom. */
    public record Position(double pan, double tilt, double zoom) {}

    /** A kept position. */
    public record Preset(int number, String name, Position position) {}

    public static final Position MIN = new Position(-180, -20, 1);
    public static final Position MAX = new Position(180, 90, 9999);
    public static final int PRESETS_MAX = 100;

    /** How wide and how high the camera looks where nothing is brought nearer, in degrees. */
    public static final double FIELD_WIDTH = 60;

    public static final double FIELD_HEIGHT = 33.75;
    /** How much nearer the last step of zoom brings everything; the steps between are even. */
    private static final double NEARER_MAX = 30;

    /** At full speed, a second. */
    private static final Position SPEED = new Position(120, 60, 2500);

    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final Map<Integer, Preset> presets = new TreeMap<>();
    private Position at = new Position(0, 0, 1);
    private Position home = at;
    private Position speed = new Position(0, 0, 0);
    private long sinceNano;
    private long stopNano;
    private boolean stops;
    private Runnable moved = () -> {};

    public PtzHead() {
        this(System::nanoTime);
    }

    PtzHead(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        presets.put(1, new Preset(1, "Home", at));
    }

    /** Tells that it begins to move, or has moved; shortly, and with the head held. */
    synchronized void tellMoves(Runnable newMoved) {
        moved = newMoved;
    }

    public synchronized Position position() {
        settle();
        return at;
    }

    public synchronized boolean moves() {
        settle();
        return !speed.equals(new Position(0, 0, 0));
    }

    /** Goes there, within the limits, and stands. */
    public synchronized void moveTo(Position target) {
        speed = new Position(0, 0, 0);
        settle();
        at = limited(target);
        moved.run();
    }

    /**
     * Turns to a point of the picture.
     *
     * @param right from the middle (0) to the rim (1), negative to the left
     * @param up likewise, negative downwards
     * @param part of the picture around it that fills it then, by width
     */
    public synchronized void aim(double right, double up, double part) {
        settle();
        double nearer = nearer();
        double steps = (nearer / part - 1) / (NEARER_MAX - 1) * (MAX.zoom() - MIN.zoom());
        moveTo(new Position(
                at.pan() + right * FIELD_WIDTH / nearer / 2,
                at.tilt() + up * FIELD_HEIGHT / nearer / 2,
                MIN.zoom() + steps));
    }

    private double nearer() {
        return 1 + (at.zoom() - MIN.zoom()) / (MAX.zoom() - MIN.zoom()) * (NEARER_MAX - 1);
    }

    /** {@return what is seen of the scene}, which fills the picture where the head looks straight and nothing is brought nearer */
    public synchronized View view() {
        settle();
        return new View(at.pan() / FIELD_WIDTH, 0 - at.tilt() / FIELD_HEIGHT, nearer());
    }

    /** Sets the speeds of pan and tilt, -1..1. */
    public synchronized void movePanTilt(double pan, double tilt) {
        settle();
        speed = new Position(fraction(pan), fraction(tilt), speed.zoom());
        stops = false;
        moved.run();
    }

    /** Sets the speed of zoom, -1..1. */
    public synchronized void moveZoom(double zoom) {
        settle();
        speed = new Position(speed.pan(), speed.tilt(), fraction(zoom));
        stops = false;
        moved.run();
    }

    /** A move at a speed ends by itself after so long, unless another begins. */
    public synchronized void stopAfter(Duration time) {
        settle();
        stopNano = sinceNano + time.toNanos();
        stops = true;
    }

    public synchronized void stop() {
        settle();
        speed = new Position(0, 0, 0);
    }

    /** {@return kept positions by number} */
    public synchronized Map<Integer, Preset> presets() {
        return new TreeMap<>(presets);
    }

    public synchronized Optional<Preset> preset(String name) {
        return presets.values().stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst();
    }

    /** Keeps the present position under a name, in its old place or the first free one; empty when all are taken. */
    public synchronized Optional<Preset> keep(String name) {
        settle();
        int number = preset(name).map(Preset::number).orElseGet(this::freeNumber);
        if (number > PRESETS_MAX) {
            return Optional.empty();
        }
        Preset preset = new Preset(number, name, at);
        presets.put(number, preset);
        return Optional.of(preset);
    }

    /** Keeps the present position in the place of another one; empty when that is not there. */
    public synchronized Optional<Preset> keep(int number, String name) {
        settle();
        return Optional.ofNullable(presets.computeIfPresent(number, (same, before) -> new Preset(number, name, at)));
    }

    public synchronized void keepHome() {
        settle();
        home = at;
    }

    public synchronized void goHome() {
        moveTo(home);
    }

    private int freeNumber() {
        int number = 1;
        while (presets.containsKey(number)) {
            number++;
        }
        return number;
    }

    public synchronized void forget(String name) {
        presets.values().removeIf(preset -> preset.name().equals(name));
    }

    private void settle() {
        long now = nanoTime.getAsLong();
        boolean over = stops && now - stopNano >= 0;
        double seconds = Math.max(0, ((over ? stopNano : now) - sinceNano) / NANOS);
        sinceNano = now;
        at = limited(new Position(
                at.pan() + speed.pan() * SPEED.pan() * seconds,
                at.tilt() + speed.tilt() * SPEED.tilt() * seconds,
                at.zoom() + speed.zoom() * SPEED.zoom() * seconds));
        if (over) {
            speed = new Position(0, 0, 0);
            stops = false;
        }
    }

    private static Position limited(Position wanted) {
        return new Position(
                Math.max(MIN.pan(), Math.min(MAX.pan(), wanted.pan())),
                Math.max(MIN.tilt(), Math.min(MAX.tilt(), wanted.tilt())),
                Math.max(MIN.zoom(), Math.min(MAX.zoom(), wanted.zoom())));
    }

    private static double fraction(double speed) {
        return Math.max(-1, Math.min(1, speed));
    }
}
