// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.ClipVariants;
import org.nxvms.simulator.clip.Matroska;
import org.nxvms.simulator.clip.Stills;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtsp.Camera;

/** One simulated device around a camera. Thread-safe. */
public final class Device {
    /** How long a device that is asked to reboot is away. */
    private static final long REBOOT_SECONDS = 5;

    private static final String SERIAL_PREFIX = "02534D";

    private final Camera camera;
    private final Clip clip;
    private final Stills stills;
    private final PtzHead ptz = new PtzHead();
    private final Optics optics = new Optics();
    private final PresetTours tours = new PresetTours();
    private final Speaker speaker = new Speaker();
    private final EdgeStore edge;
    private final DeviceAccounts accounts;
    private final Encoders encoders;
    private final Masks masks;
    private final Ports ports;
    private final EventHub events;
    private volatile String bootId = newBootId();
    private boolean rebooting;
    private volatile long bootNano = System.nanoTime();

    /**
     * @param stills of the clip the camera shows, shared by all
     * @param variants as {@code stills}
     */
    public Device(Camera camera, Clip clip, Stills stills, ClipVariants variants) {
        this.camera = camera;
        this.clip = clip;
        this.stills = stills;
        this.events = new EventHub(camera::faultSet, camera::time);
        this.ports = new Ports(events);
        this.edge = new EdgeStore(camera::time, serialNumber());
        this.accounts = new DeviceAccounts(new DeviceAccounts.Account(
                camera.settings().user(), camera.settings().password(), "Administrator"));
        this.encoders = new Encoders(camera, clip.spec(), variants);
        this.masks = new Masks(camera::faultSet, encoders::cover);
        camera.tellFaults(this::faultsChanged);
    }

    public Camera camera() {
        return camera;
    }

    public FaultSet faults() {
        return camera.faultSet();
    }

    /** Twelve hexadecimal digits, as devices whose serial number is their MAC address have; the second bit says that no maker gave it. */
    public String serialNumber() {
        return SERIAL_PREFIX + String.format(Locale.ROOT, "%06X", camera.number());
    }

    public PtzHead ptz() {
        return ptz;
    }

    public PresetTours tours() {
        return tours;
    }

    public Ports ports() {
        return ports;
    }

    public Optics optics() {
        return optics;
    }

    public Speaker speaker() {
        return speaker;
    }

    public EdgeStore edge() {
        return edge;
    }

    /** Who may log in at its interface; its streams know the login of its settings only. */
    public DeviceAccounts accounts() {
        return accounts;
    }

    /** How its streams are encoded; its stills and what it records itself stay as they were. */
    public Encoders encoders() {
        return encoders;
    }

    /** What it hides in its streams and stills; what it recorded itself stays as it was. */
    public Masks masks() {
        return masks;
    }

    public EventHub events() {
        return events;
    }

    public Clip clip() {
        return clip;
    }

    public Instant time() {
        return camera.time();
    }

    public void setTime(Instant time) {
        camera.setTime(time);
    }

    /** Another one after each reboot. */
    public String bootId() {
        return bootId;
    }

    public long uptimeSeconds() {
        return (System.nanoTime() - bootNano) / 1_000_000_000L;
    }

    /** Goes away for {@value #REBOOT_SECONDS} s; connections are closed when this returns. */
    public void reboot() {
        camera.set(FaultKind.REBOOT.fault(REBOOT_SECONDS));
    }

    /** {@return a JPEG of what the stream shows now, from where the head looks} */
    public byte[] still(Camera.Role role) throws IOException {
        long loopMs = clip.spec().seconds() * 1000L;
        long inLoopMs = Math.floorMod(
                camera.trueTime().toEpochMilli() - camera.settings().phaseMs(), loopMs);
        int frame = (int) clip.spec().frameAt(inLoopMs);
        return stills.jpeg(role == Camera.Role.MAIN, frame, ptz.view(), encoders.covers());
    }

    /**
     * Writes what the device recorded of its main stream, from the key frame at or before {@code from} on.
     *
     * @param from by the device's clock, as {@code to}
     */
    public void footage(Instant from, Instant to, Matroska.Sink sink) throws IOException, InterruptedException {
        // The device's clock may be wrong; its pictures are of the true time.
        long aheadMs = camera.time().toEpochMilli() - camera.trueTime().toEpochMilli();
        long phaseMs = camera.settings().phaseMs() + aheadMs;
        ClipSpec spec = clip.spec();
        int gop = spec.gopFrames();
        long first = Math.floorDiv(spec.frameAt(from.toEpochMilli() - phaseMs), gop) * gop;
        long end = spec.frameAt(to.toEpochMilli() - phaseMs - 1) + 1;
        Instant date = Instant.ofEpochMilli(spec.startMs(first) + phaseMs);
        Matroska.write(clip.main(), spec, first, Math.max(1, end - first), date, sink);
    }

    private void faultsChanged(FaultSet faults) {
        boolean away = faults.has(FaultKind.REBOOT);
        boolean begins = away && !rebooting;
        rebooting = away;
        if (begins) {
            bootId = newBootId();
            bootNano = System.nanoTime();
            events.startAnew();
            edge.restarted(Duration.ofSeconds(faults.value(FaultKind.REBOOT)));
        }
    }

    private static String newBootId() {
        return UUID.randomUUID().toString();
    }
}
