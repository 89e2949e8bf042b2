// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.KnownCapabilities;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.CameraReport.Check;
import org.nxvms.platform.api.camera.CameraReport.State;

/**
 * Tries the control functions of a device, one after the other in a session of its own: asks, subscribes and unsubscribes, but
 * moves, changes and sets nothing. What was tried is known while the rest is still being tried.
 */
final class FunctionChecks implements Callable<Boolean> {
    /** Recordings are placed in time by the server; a clock further off confuses who reads the camera's own. */
    private static final Duration CLOCK_OFF_MAX = Duration.ofSeconds(5);

    /** What changes something, takes long, or is for administrators of the device only. */
    private static final Set<KnownCapabilities> UNTRIED =
            EnumSet.of(KnownCapabilities.EDGE_RECORDINGS, KnownCapabilities.REBOOT, KnownCapabilities.DEVICE_USERS);

    /** Of one that answers. */
    private static final Set<Kind> REFUSALS = EnumSet.of(Kind.UNSUPPORTED, Kind.PROTOCOL, Kind.CONFIG, Kind.NOT_FOUND);

    private static final String ASKED_AGAIN =
            "It is asked again by itself, within minutes; restart the camera, or look for newer firmware, if it stays.";

    /** What a device answered, as far as it matters. */
    @FunctionalInterface
    private interface Question<C extends Capability> {
        Check ask(C capability) throws DriverException;
    }

    private final ShelvedDriver driver;
    private final DeviceTarget target;
    private final List<String> offered;
    private final Optional<Boolean> hears;
    private volatile Map<String, String> unanswered;
    private final Map<KnownCapabilities, Check> tried = new EnumMap<>(KnownCapabilities.class);

    /**
     * @param offered names of the control functions that the driver has found
     * @param unanswered what the device did not answer about, by the name of the control function
     * @param hears whether the server listens to the camera already; empty when it is not configured yet. A second feed of one
     *     camera would end the first on some devices
     */
    FunctionChecks(
            ShelvedDriver driver,
            DeviceTarget target,
            List<String> offered,
            Map<String, String> unanswered,
            Optional<Boolean> hears) {
        this.driver = driver;
        this.target = target;
        this.offered = List.copyOf(offered);
        this.unanswered = Map.copyOf(unanswered);
        this.hears = hears;
    }

    @Override
    public Boolean call() throws DriverException, InterruptedException {
        return Fence.around(driver, () -> {
            try (CameraSession session = Fence.open(driver, target)) {
                unanswered = KnownCapabilities.unansweredOf(session);
                events(session);
                ask(session, KnownCapabilities.PTZ, Ptz.class, this::ptz);
                ask(session, KnownCapabilities.CLOCK, DeviceClock.class, this::clock);
                ask(session, KnownCapabilities.SNAPSHOT, DeviceSnapshot.class, this::snapshot);
                ask(
                        session,
                        KnownCapabilities.PTZ_PRESETS,
                        PtzPresets.class,
                        one -> counted("ptz_presets", one.presets().size(), "preset"));
                ask(
                        session,
                        KnownCapabilities.PTZ_TOURS,
                        PtzTours.class,
                        one -> counted("ptz_tours", one.tours().size(), "tour"));
                ask(
                        session,
                        KnownCapabilities.ANALYTICS,
                        DeviceAnalytics.class,
                        one -> AnalyticsCheck.of(one.analysis()));
                ask(
                        session,
                        KnownCapabilities.IMAGING,
                        Imaging.class,
                        one -> counted("imaging", one.values().size(), "setting"));
                ask(
                        session,
                        KnownCapabilities.ENCODERS,
                        VideoEncoders.class,
                        one -> counted("encoders", one.encoders().size(), "video encoder"));
                ask(
                        session,
                        KnownCapabilities.PRIVACY_MASKS,
                        PrivacyMasks.class,
                        one -> counted("privacy_masks", one.masks().size(), "privacy mask"));
                ask(
                        session,
                        KnownCapabilities.IO,
                        DigitalIo.class,
                        one -> counted("io", one.ports().size(), "port"));
                ask(
                        session,
                        KnownCapabilities.AUDIO_OUT,
                        AudioOut.class,
                        one -> counted("audio_out", one.formats().size(), "sound format"));
            }
            return true;
        });
    }

    private <C extends Capability> void ask(
            CameraSession session, KnownCapabilities known, Class<C> type, Question<C> question)
            throws DriverException {
        Optional<C> capability = session.capability(type);
        if (capability.isEmpty()) {
            return;
        }
        try {
            note(known, question.ask(capability.get()));
        } catch (DriverException e) {
            note(
                    known,
                    new Check(
                            known.id(),
                            State.FAILS,
                            "The camera offers it, but does not do it: " + e.getMessage(),
                            e.kind() == Kind.AUTH
                                    ? "Give the user more rights in the camera (operator or administrator)."
                                    : "Look whether it is switched on in the camera, and whether there is newer firmware."));
        }
    }

    private synchronized void note(KnownCapabilities known, Check check) {
        tried.put(known, check);
    }

    private void events(CameraSession session) throws DriverException {
        if (hears.isEmpty()) {
            ask(session, KnownCapabilities.EVENTS, DeviceEvents.class, events -> {
                events.subscribe().close();
                return Check.works("events", "The camera takes a subscription to what happens at it.");
            });
        } else if (session.capability(DeviceEvents.class).isPresent()) {
            note(
                    KnownCapabilities.EVENTS,
                    hears.get()
                            ? Check.works("events", "The server is subscribed to what happens at the camera.")
                            : new Check(
                                    "events",
                                    State.FAILS,
                                    "The camera offers it, but the server is not subscribed at the moment.",
                                    "It is tried again by itself; restart the camera if it stays, since some keep old"
                                            + " subscriptions for long."));
        }
    }

    private Check ptz(Ptz ptz) throws DriverException {
        boolean knows = knowsItsPlace(ptz);
        return Check.works(
                "ptz",
                "It can be moved in "
                        + ptz.spaces().stream()
                                .map(space -> space.axis().name().toLowerCase(Locale.ROOT))
                                .distinct()
                                .sorted()
                                .reduce((one, other) -> one + ", " + other)
                                .orElse("no axis")
                        + (knows ? ", and says where it is." : "; it does not say where it is."));
    }

    /** One that says no to who asks where it is does not move any worse. */
    private static boolean knowsItsPlace(Ptz ptz) throws DriverException {
        try {
            return !ptz.position().isEmpty();
        } catch (DriverException e) {
            if (!REFUSALS.contains(e.kind())) {
                throw e;
            }
            return false;
        }
    }

    private Check clock(DeviceClock clock) throws DriverException {
        Duration off = Duration.between(Instant.now(), clock.now());
        if (off.abs().compareTo(CLOCK_OFF_MAX) <= 0) {
            return Check.works("clock", "Its clock is right to within " + CLOCK_OFF_MAX.toSeconds() + " s.");
        }
        return new Check(
                "clock",
                State.LIMITED,
                "Its clock is " + off.abs().toSeconds() + " s " + (off.isNegative() ? "slow." : "fast."),
                "Give the camera a time server (NTP), or set its clock: in the console under Control, or by POST"
                        + " /api/v1/cameras/{id}/device/clock/sync.");
    }

    private Check snapshot(DeviceSnapshot snapshot) throws DriverException {
        byte[] jpeg = snapshot.jpeg(StreamRole.MAIN);
        boolean is = jpeg.length > 2 && (jpeg[0] & 0xff) == 0xff && (jpeg[1] & 0xff) == 0xd8;
        return is
                ? Check.works("snapshot", "It took a picture of " + (jpeg.length + 1023) / 1024 + " KiB.")
                : new Check(
                        "snapshot",
                        State.FAILS,
                        "What it sends as a picture is no JPEG.",
                        "Take pictures of the stream; the server does so by itself.");
    }

    private static Check counted(String name, int count, String what) {
        return Check.works(name, count + " " + what + (count == 1 ? "." : "s."));
    }

    /** {@return what is known of each control function by now} */
    synchronized List<Check> checks(Optional<DriverException> broke) {
        return Arrays.stream(KnownCapabilities.values())
                .map(known -> Optional.ofNullable(tried.get(known))
                        .map(check -> inPart(known, check))
                        .orElseGet(() -> untried(known, broke)))
                .toList();
    }

    /** What works may be a part of what there is. */
    private Check inPart(KnownCapabilities known, Check check) {
        String why = unanswered.get(known.id());
        return why == null || check.state() != State.WORKS
                ? check
                : new Check(known.id(), State.LIMITED, check.seen() + " About the rest: " + why + ".", ASKED_AGAIN);
    }

    private Check untried(KnownCapabilities known, Optional<DriverException> broke) {
        String why = unanswered.get(known.id());
        if (why != null) {
            return new Check(
                    known.id(),
                    State.FAILS,
                    "The camera did not answer when it was asked for it: " + why + ".",
                    ASKED_AGAIN);
        }
        if (!offered.contains(known.id())) {
            return new Check(
                    known.id(),
                    State.ABSENT,
                    "The camera does not have it, or the driver "
                            + driver.info().id() + " does not know it there.",
                    "");
        }
        if (UNTRIED.contains(known)) {
            return Check.works(known.id(), "The camera offers it; it was not tried.");
        }
        return new Check(
                known.id(),
                State.UNKNOWN,
                broke.map(e -> "It was not tried: " + e.getMessage()).orElse("There was no time to try it."),
                "Check the camera again.");
    }
}
