// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.device;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Some simulated cameras; each rule has one of its own. */
public final class SimulatedDevices implements TestDevices {
    /** As many as rules run at a time, so that none waits for another. */
    private static final int CAMERAS = 16;

    private static final Credentials LOGIN = new Credentials("kit", "kit-Secret-7!x");

    private final String name;
    private final CameraFarm farm;
    private final boolean speaks;
    private final Map<String, String> settings;
    private final BlockingQueue<Integer> free = new ArrayBlockingQueue<>(CAMERAS);

    private SimulatedDevices(String name, CameraFarm farm, boolean speaks, Map<String, String> settings) {
        this.name = name;
        this.farm = farm;
        this.speaks = speaks;
        this.settings = settings;
        for (int number = 1; number <= CAMERAS; number++) {
            free.add(number);
        }
    }

    /** Cameras that speak a dialect over HTTP, e.g. {@code VapixDialect::new}; the driver gets their HTTP address. */
    public static SimulatedDevices speaking(String name, Function<Device, Dialect> dialect) throws IOException {
        return new SimulatedDevices(
                "simulated, " + name,
                builder().dialect(Objects.requireNonNull(dialect)).start(),
                true,
                Map.of());
    }

    /** Cameras that have streams and nothing else; the driver gets their RTSP addresses. */
    public static SimulatedDevices streaming() throws IOException {
        return new SimulatedDevices("simulated, RTSP", builder().start(), false, Map.of());
    }

    /** {@return these, reached with settings of the driver's} */
    public SimulatedDevices with(Map<String, String> newSettings) {
        return new SimulatedDevices(name, farm, speaks, Map.copyOf(newSettings));
    }

    private static CameraFarm.Builder builder() {
        return CameraFarm.builder()
                .cameras(CAMERAS)
                .clip(ClipSpec.SMALL)
                .settings(number -> CameraSettings.DEFAULT.withLogin(
                        AuthScheme.DIGEST_MD5_QOP, LOGIN.username(), LOGIN.password()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TestDevice take(DriverInfo driver) throws InterruptedException {
        int number = free.take();
        Camera camera = farm.camera(number);
        Optional<Device> device = speaks ? Optional.of(farm.device(number)) : Optional.empty();
        URI main = URI.create(speaks ? farm.httpUri(number) : camera.uri(Camera.Role.MAIN));
        Optional<URI> sub =
                driver.hasSubAddress() ? Optional.of(URI.create(camera.uri(Camera.Role.SUB))) : Optional.empty();
        DeviceTarget target = new DeviceTarget(main, sub, Optional.of(LOGIN), settings, TestDevice.WELL_MS);
        return new TestDevice(target, Optional.of(camera), device, true, () -> {
            well(camera, device);
            free.add(number);
        });
    }

    private static void well(Camera camera, Optional<Device> device) {
        camera.clearFaults();
        camera.setTime(Instant.now());
        device.ifPresent(inside -> {
            inside.events().set(DeviceState.Kind.MOTION, 0, false);
            inside.events().set(DeviceState.Kind.VIRTUAL_INPUT, 0, false);
            inside.ports().list().forEach(port -> inside.ports().set(port.index(), false));
            inside.ptz().moveTo(new PtzHead.Position(0, 0, PtzHead.MIN.zoom()));
        });
    }

    @Override
    public void close() {
        farm.close();
    }
}
