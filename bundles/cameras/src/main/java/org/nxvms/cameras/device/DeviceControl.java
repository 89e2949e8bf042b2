// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.cameras.device.DeviceLine.Manner;
import org.nxvms.cameras.drivers.KnownCapabilities;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.EdgeMedia;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uses control functions of cameras through the drivers of now. */
public final class DeviceControl implements CameraControl {
    /** A session that is not used for so long is closed: devices have few. */
    static final int IDLE_MS_MAX = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceControl.class);
    private static final int TICK_MS = 10_000;
    private static final int LOOKS_MAX = 16;
    private static final int STOP_TRIES_MAX = 5;
    private static final int STOP_RETRY_MS = 1_000;
    /** The platform's own stop comes first; the device's is for a platform that is gone. */
    private static final int DEVICE_STOP_LATER_MS = 1_000;

    /** A camera has one at most; a driver that makes all of its cameras wait leaves as many places to others. */
    private static final Places.Bounds PLACES = new Places.Bounds(64, 32, 16);
    /** Threads of the pool: places, and what two drivers that hang may keep. */
    public static final int THREADS_MAX = 64 + 2 * (32 + 16);
    /** Most return soon after they are interrupted. */
    private static final int HANGS_MS = 10_000;

    private final Reach reach;
    private final DeviceErrands errands;
    private final Places places;
    private final Executor pool;
    private final Timer timer;
    private final Map<UUID, DeviceLine> lines = new ConcurrentHashMap<>();
    /** Number of the newest move by camera, while one is to be stopped. */
    private final Map<UUID, Long> moves = new ConcurrentHashMap<>();

    /** Pictures and ports take memory and threads of those who ask. */
    private final Semaphore looks = new Semaphore(LOOKS_MAX);

    private final AtomicLong moveNumber = new AtomicLong();

    private volatile boolean closed;

    /** @param pool refuses what it has no thread for */
    public DeviceControl(Reach reach, DeviceErrands errands, Executor pool, Timer timer) {
        this.reach = reach;
        this.errands = errands;
        this.pool = pool;
        this.timer = timer;
        this.places = new Places(PLACES, timer::monotonicMs);
        timer.postAfter(TICK_MS, this::tick);
    }

    @Override
    public <C extends Capability, R> R ask(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        return talk(camera, Manner.COMMAND, session -> question.ask(function(session, capability)));
    }

    @Override
    public <C extends Capability, R> R look(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        if (!looks.tryAcquire()) {
            throw new DriverException(
                    Kind.BUSY, "Too much is asked of cameras at the moment; try again in some seconds.");
        }
        try {
            return talk(camera, Manner.LOOK, session -> question.ask(function(session, capability)));
        } finally {
            looks.release();
        }
    }

    @Override
    public <C extends Capability, R> R steer(UUID camera, Class<C> capability, Question<C, R> question)
            throws DriverException, DriverMissingException {
        long number = moves.getOrDefault(camera, 0L);
        R answer = ask(camera, capability, question);
        moves.remove(camera, number);
        return answer;
    }

    @Override
    public void stop(UUID camera) throws DriverException, DriverMissingException {
        long number = moves.getOrDefault(camera, 0L);
        talk(camera, Manner.STOP, DeviceControl::stop);
        moves.remove(camera, number);
    }

    private static boolean stop(CameraSession session) throws DriverException {
        function(session, Ptz.class).stop();
        return true;
    }

    private static <C extends Capability> C function(CameraSession session, Class<C> capability)
            throws DriverException {
        return session.capability(capability)
                .orElseThrow(() -> new DriverException(
                        Kind.UNSUPPORTED,
                        "The camera, or its driver, has no " + KnownCapabilities.nameOf(capability) + "."));
    }

    @Override
    public DeviceIdentity identity(UUID camera) throws DriverException, DriverMissingException {
        return talk(camera, Manner.COMMAND, CameraSession::identity);
    }

    private <R> R talk(UUID id, Manner manner, DeviceLine.Talk<R> talk) throws DriverException, DriverMissingException {
        Reach.Way way = reach.to(id, DeviceLine.TIMEOUT_MS);
        return lines.computeIfAbsent(id, key -> new DeviceLine(id, pool, places, timer, DeviceLine.Limits.USUAL))
                .talk(
                        way.driver(),
                        way.target(),
                        manner,
                        session -> Objects.requireNonNull(talk.with(session), "answer"));
    }

    @Override
    public void move(UUID camera, Map<Axis, Double> speed, int forMs) throws DriverException, DriverMissingException {
        if (forMs < 100 || forMs > MOVE_MS_MAX) {
            throw new IllegalArgumentException("forMs must be 100.." + MOVE_MS_MAX + ", not " + forMs);
        }
        Map<Axis, Double> speeds = Map.copyOf(speed);
        long number = moveNumber.incrementAndGet();
        moves.put(camera, number);
        try {
            tell(camera, Ptz.class, ptz -> ptz.move(speeds, forMs + DEVICE_STOP_LATER_MS));
        } finally {
            // Also when it failed: the device may have heard it, or still be moving from the one before.
            timer.postAfter(forMs, () -> stopSoon(camera, number, 1));
        }
    }

    private void stopSoon(UUID camera, long number, int attempt) {
        try {
            pool.execute(() -> stopMove(camera, number, attempt));
        } catch (RejectedExecutionException e) {
            stopLater(camera, number, attempt);
        }
    }

    private void stopMove(UUID camera, long number, int attempt) {
        if (moves.getOrDefault(camera, 0L) != number) {
            return;
        }
        try {
            talk(camera, Manner.STOP, DeviceControl::stop);
            moves.remove(camera, number);
        } catch (NoSuchResourceException e) {
            moves.remove(camera, number);
        } catch (DriverException | DriverMissingException | RuntimeException e) {
            stopLater(camera, number, attempt);
        }
    }

    private void stopLater(UUID camera, long number, int attempt) {
        if (attempt < STOP_TRIES_MAX && !closed) {
            timer.postAfter(STOP_RETRY_MS, () -> stopSoon(camera, number, attempt + 1));
        } else {
            moves.remove(camera, number);
            LOG.warn("Camera {} may still be moving: it could not be told to stop", camera);
        }
    }

    @Override
    public EdgeMedia fetch(UUID camera, String recording, Instant from, Instant to)
            throws DriverException, DriverMissingException {
        return errands.fetch(camera, recording, from, to);
    }

    @Override
    public CameraTalk talk(UUID camera, AudioOut.Format format, String by)
            throws DriverException, DriverMissingException {
        return errands.talk(camera, format, by);
    }

    @Override
    public Optional<String> talker(UUID camera) {
        return errands.talker(camera);
    }

    /** {@return drivers that do not return from what they were asked, for so long that they hang} */
    public List<Places.Hanging> hanging() {
        List<Places.Hanging> hanging = new ArrayList<>(places.hanging(HANGS_MS));
        hanging.addAll(errands.hanging());
        return hanging;
    }

    /** No session through this driver is kept: its bundle is going. */
    public void driverGone(ShelvedDriver driver) {
        errands.driverGone(driver);
        lines.values().stream().filter(line -> line.uses(driver)).forEach(DeviceLine::closeSoon);
    }

    private void tick() {
        if (closed) {
            return;
        }
        timer.postAfter(TICK_MS, this::tick);
        lines.forEach((camera, line) -> {
            boolean gone = line.driver().filter(driver -> !reach.has(driver)).isPresent();
            if (line.isOpen() && (gone || line.idleMs() > IDLE_MS_MAX)) {
                line.closeSoon();
            }
        });
        lines.entrySet()
                .removeIf(line -> line.getValue().isFree()
                        && reach.camera().apply(line.getKey()).isEmpty());
        errands.look();
    }

    /** Stops what moves and closes what is open, without waiting. */
    public void close() {
        closed = true;
        errands.close();
        lines.forEach((camera, line) -> line.end(session -> !moves.containsKey(camera) || stop(session)));
    }
}
