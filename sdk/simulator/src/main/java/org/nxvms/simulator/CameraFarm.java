// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.ClipStore;
import org.nxvms.simulator.clip.ClipVariants;
import org.nxvms.simulator.clip.Stills;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.HeadPictures;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.http.HttpDoor;
import org.nxvms.simulator.onvif.DiscoveryPort;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.rtsp.FarmLoop;
import org.nxvms.simulator.rtsp.Media;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated cameras, each on a port of its own.
 *
 * <pre>{@code
 * try (CameraFarm farm = CameraFarm.builder().cameras(2).clip(ClipSpec.SMALL).start()) {
 *     String uri = farm.camera(1).uri(Camera.Role.MAIN);
 *     farm.camera(2).set(FaultKind.STALL.fault(5));
 * }
 * }</pre>
 *
 * Thread-safe.
 */
public final class CameraFarm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CameraFarm.class);

    private final Clip clip;
    private final FarmLoop loop;
    private final List<Rig> rigs;
    private final List<Camera> cameras;
    private final ControlServer control;
    private final Optional<DiscoveryPort> discovery;
    private final HeadPictures heads;

    private CameraFarm(
            Clip clip,
            FarmLoop loop,
            List<Rig> rigs,
            HeadPictures heads,
            ControlServer control,
            Optional<DiscoveryPort> discovery) {
        this.clip = clip;
        this.heads = heads;
        this.loop = loop;
        this.rigs = List.copyOf(rigs);
        this.cameras = rigs.stream().map(Rig::camera).toList();
        this.control = control;
        this.discovery = discovery;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What every camera shows. */
    public Clip clip() {
        return clip;
    }

    /** All cameras, number 1 first. */
    public List<Camera> cameras() {
        return cameras;
    }

    /** @param number from 1 on */
    public Camera camera(int number) {
        if (number < 1 || number > cameras.size()) {
            throw new IllegalArgumentException("camera " + number + ": there are 1.." + cameras.size());
        }
        return cameras.get(number - 1);
    }

    /**
     * The device around a camera, for what happens there: motion, a door contact.
     *
     * @throws IllegalStateException if the cameras speak no dialect, see {@link Builder#dialect}
     */
    public Device device(int number) {
        return outfit(number).device();
    }

    /** Where a camera's HTTP interface is: {@code http://127.0.0.1:18080}. As {@link #device}. */
    public String httpUri(int number) {
        return outfit(number).door().uri();
    }

    /** As {@link #httpUri}, empty for cameras that speak no dialect. */
    Optional<String> httpAddress(int number) {
        return rigs.get(number - 1).outfit().map(outfit -> outfit.door().uri());
    }

    private Rig.Outfit outfit(int number) {
        return rigs.get(camera(number).number() - 1)
                .outfit()
                .orElseThrow(() -> new IllegalStateException("the cameras of this farm speak no dialect"));
    }

    /** Where the control port is, if one was asked for. */
    public Optional<InetSocketAddress> controlAddress() {
        return Optional.ofNullable(control).map(ControlServer::address);
    }

    /** The UDP port at which devices are found, if they are. */
    public Optional<Integer> discoveryPort() {
        return discovery.map(DiscoveryPort::port);
    }

    /**
     * When the camera captured the frame with this number that was shown last at a moment.
     *
     * @param frame number read from the frame strip
     * @param epochMs the moment, not before the capture
     */
    public long capturedAtMs(Camera camera, int frame, long epochMs) {
        ClipSpec spec = clip.spec();
        long loopMs = spec.seconds() * 1000L;
        long inLoop = Math.floorMod(epochMs - camera.settings().phaseMs() - spec.startMs(frame), loopMs);
        return epochMs - inLoop;
    }

    /** Disconnects every client and frees all ports. */
    @Override
    public void close() {
        if (control != null) {
            control.close();
        }
        discovery.ifPresent(DiscoveryPort::close);
        close(rigs);
        heads.close();
        loop.close();
    }

    private static void close(List<Rig> rigs) {
        for (Rig rig : rigs) {
            try {
                if (rig.outfit().isPresent()) {
                    rig.outfit().get().door().close();
                }
            } catch (IOException e) {
                LOG.warn("closing the HTTP port of camera {}: {}", rig.camera().number(), e.getMessage());
            }
        }
    }

    /** What a farm is made of; every property has a usual value. */
    public static final class Builder {
        private static final double GOLDEN_RATIO = 0.618_033_988_75;
        private static final int CAMERAS_MAX = 1000;

        private int count = 1;
        private String host = "127.0.0.1";
        private int port;
        private int controlPort = -1;
        private int httpPort;
        private List<String> discovery = List.of();
        private int discoveryPort = DiscoveryPort.PORT;
        private Function<Device, Dialect> dialect;
        private ClipSpec spec = ClipSpec.STANDARD;
        private Path data =
                Path.of(System.getProperty("java.io.tmpdir"), "nxvms-simulator-" + System.getProperty("user.name"));
        private IntFunction<CameraSettings> settings;
        private IntFunction<List<Fault>> faults = number -> List.of();
        private IntFunction<FaultScript> scripts = number -> FaultScript.NONE;
        private IntConsumer progress = percent -> {};

        private Builder() {}

        /** How many cameras, 1..1000. */
        public Builder cameras(int newCount) {
            if (newCount < 1 || newCount > CAMERAS_MAX) {
                throw new IllegalArgumentException("cameras: " + newCount + " is not in 1.." + CAMERAS_MAX);
            }
            count = newCount;
            return this;
        }

        /** The address to listen on; loopback unless told. */
        public Builder host(String newHost) {
            host = Objects.requireNonNull(newHost, "host");
            return this;
        }

        /** The first camera's port, the next ones follow; 0 (the usual value) takes any free ports. */
        public Builder port(int newPort) {
            port = newPort;
            return this;
        }

        /** Opens the HTTP control port on loopback; 0 takes any free one. */
        public Builder controlPort(int newPort) {
            controlPort = newPort;
            return this;
        }

        public Builder clip(ClipSpec newSpec) {
            spec = Objects.requireNonNull(newSpec, "clip");
            return this;
        }

        /** Where the clip is kept from one run to the next; a folder of this user under the temporary folder unless told. */
        public Builder data(Path folder) {
            data = Objects.requireNonNull(folder, "data");
            return this;
        }

        /** Settings by camera number; usual ones with {@link #staggeredPhaseMs} unless told. */
        public Builder settings(IntFunction<CameraSettings> byNumber) {
            settings = Objects.requireNonNull(byNumber, "settings");
            return this;
        }

        /** Faults a camera has from the start, by camera number. */
        public Builder faults(IntFunction<List<Fault>> byNumber) {
            faults = Objects.requireNonNull(byNumber, "faults");
            return this;
        }

        /** Faults by the clock, from the farm's start on, by camera number. */
        public Builder scripts(IntFunction<FaultScript> byNumber) {
            scripts = Objects.requireNonNull(byNumber, "scripts");
            return this;
        }

        /** What the cameras speak over HTTP beside their streams, e.g. {@code VapixDialect::new}; nothing unless told. */
        public Builder dialect(Function<Device, Dialect> newDialect) {
            dialect = Objects.requireNonNull(newDialect, "dialect");
            return this;
        }

        /** The first camera's HTTP port, the next ones follow; 0 (the usual value) takes any free ports. */
        public Builder httpPort(int newPort) {
            httpPort = newPort;
            return this;
        }

        /** Lets devices be found by WS-Discovery on network interfaces, e.g. {@code lo}; on none unless told. Needs a dialect. */
        public Builder discovery(List<String> interfaces) {
            discovery = List.copyOf(interfaces);
            return this;
        }

        /** The port of WS-Discovery, for tests that no other farm shall hear; 0: any free one, {@value DiscoveryPort#PORT} unless told. */
        public Builder discoveryPort(int newPort) {
            discoveryPort = newPort;
            return this;
        }

        /** Told percent done while the clip is being made. */
        public Builder progress(IntConsumer newProgress) {
            progress = Objects.requireNonNull(newProgress, "progress");
            return this;
        }

        /** A phase for camera {@code number} that spreads the cameras' key frames and pictures over the loop. */
        public long staggeredPhaseMs(int number) {
            double turn = (number - 1) * GOLDEN_RATIO;
            return (long) ((turn - Math.floor(turn)) * spec.seconds() * 1000);
        }

        /**
         * Makes the clip if it is not there yet and starts all cameras.
         *
         * @throws IOException if a port is taken or the clip cannot be made
         */
        public CameraFarm start() throws IOException {
            Clip clip = new ClipStore(data).open(spec, progress);
            Media media = Media.of(clip);
            Stills stills = new Stills(spec);
            ClipVariants variants = new ClipVariants(spec);
            InetAddress address = InetAddress.getByName(host);
            FarmLoop loop = new FarmLoop(address);
            List<Rig> rigs = new ArrayList<>();
            HeadPictures heads = new HeadPictures();
            try {
                for (int number = 1; number <= count; number++) {
                    CameraSettings own = settings == null
                            ? CameraSettings.DEFAULT.withPhaseMs(staggeredPhaseMs(number))
                            : settings.apply(number);
                    int ownPort = port == 0 ? 0 : port + number - 1;
                    Camera camera = loop.add(number, new InetSocketAddress(address, ownPort), own, media);
                    Optional<Rig.Outfit> outfit = outfit(camera, clip, stills, variants);
                    outfit.ifPresent(made -> heads.follow(made.device()));
                    rigs.add(new Rig(camera, outfit));
                    faults.apply(number).forEach(camera::set);
                    camera.follow(scripts.apply(number));
                }
                ControlServer control = controlPort < 0 ? null : new ControlServer(controlPort, rigs, spec);
                try {
                    return new CameraFarm(clip, loop, rigs, heads, control, openDiscovery(rigs));
                } catch (IOException e) {
                    if (control != null) {
                        control.close();
                    }
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                CameraFarm.close(rigs);
                heads.close();
                loop.close();
                throw e;
            }
        }

        private Optional<DiscoveryPort> openDiscovery(List<Rig> rigs) throws IOException {
            if (discovery.isEmpty()) {
                return Optional.empty();
            }
            List<DiscoveryPort.Member> members = rigs.stream()
                    .flatMap(rig -> rig.outfit().stream())
                    .map(outfit -> new DiscoveryPort.Member(outfit.device(), outfit.door()::uri))
                    .toList();
            return Optional.of(DiscoveryPort.open(members, discovery, discoveryPort));
        }

        private Optional<Rig.Outfit> outfit(Camera camera, Clip clip, Stills stills, ClipVariants variants)
                throws IOException {
            if (dialect == null) {
                return Optional.empty();
            }
            Device device = new Device(camera, clip, stills, variants);
            Dialect spoken = dialect.apply(device);
            int ownPort = httpPort == 0 ? 0 : httpPort + camera.number() - 1;
            return Optional.of(new Rig.Outfit(spoken.id(), device, HttpDoor.open(camera, spoken, ownPort)));
        }
    }
}
