// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.media.StreamRole;

/** Pictures, the device's clock, restarts, and finding devices. */
final class DeviceRules {
    static final List<Rule> ALL = List.of(
            Rule.of("snapshot.jpeg", "A snapshot is a JPEG that can be read, and not too large.", DeviceRules::jpeg),
            Rule.of("clock.set", "A clock that is set tells the time it was set to.", DeviceRules::clock),
            Rule.of(
                    "reboot.restarts",
                    "A device that is told to starts anew, and is reached by a session that is opened later.",
                    DeviceRules::reboot),
            Rule.of(
                    "search.bounded",
                    "A search ends in its time, tells of each device once, and ends when it is interrupted.",
                    DeviceRules::search));

    private static final long AWAY_MS = 4_000;
    private static final long BACK_MS = 20_000;
    private static final Duration CLOCK_NEAR = Duration.ofSeconds(5);
    private static final int SEARCH_MS = 1_000;
    private static final int LONG_MS = 60_000;

    private DeviceRules() {}

    private static void jpeg(Scene scene) throws Exception {
        DeviceSnapshot snapshot = scene.require(scene.session(), DeviceSnapshot.class);
        for (StreamRole role : List.of(StreamRole.MAIN, StreamRole.SUB)) {
            byte[] bytes = scene.ask("DeviceSnapshot.jpeg(" + role + ")", () -> snapshot.jpeg(role))
                    .get();
            Expect.that(
                    bytes.length <= DeviceSnapshot.BYTES_MAX,
                    "The snapshot has " + bytes.length + " bytes; " + DeviceSnapshot.BYTES_MAX + " are taken.");
            Expect.that(
                    bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8,
                    "The snapshot does not begin as a JPEG does.");
            Expect.that(ImageIO.read(new ByteArrayInputStream(bytes)) != null, "The snapshot cannot be read.");
        }
    }

    private static void clock(Scene scene) throws Exception {
        scene.requireActing();
        DeviceClock clock = scene.require(scene.session(), DeviceClock.class);
        scene.ask("DeviceClock.now()", clock::now).get();
        Instant wanted = Instant.now().plusSeconds(7_200);
        Answer<Boolean> set = set(scene, clock, wanted);
        if (set.failed()) {
            Expect.kind(set.failure(), "Of DeviceClock.set()", Kind.UNSUPPORTED);
            throw new NotTried("the device takes its time from elsewhere");
        }
        Instant told = scene.ask("DeviceClock.now()", clock::now).get();
        set(scene, clock, Instant.now()).get();
        Expect.that(
                Duration.between(wanted, told).abs().compareTo(CLOCK_NEAR) <= 0,
                "Set to " + wanted + ", the device tells " + told + ".");
    }

    private static Answer<Boolean> set(Scene scene, DeviceClock clock, Instant time) throws Exception {
        return scene.ask("DeviceClock.set()", () -> {
            clock.set(time);
            return true;
        });
    }

    private static void reboot(Scene scene) throws Exception {
        String boot = scene.inside().bootId();
        CameraSession session = scene.session();
        Reboot reboot = scene.require(session, Reboot.class);
        scene.ask("Reboot.reboot()", () -> {
                    reboot.reboot();
                    return true;
                })
                .get();
        Expect.that(
                Expect.soon(AWAY_MS, () -> !scene.inside().bootId().equals(boot)), "The device does not start anew.");
        Answer<CameraSession> away = scene.tryOpen(scene.device().target());
        if (away.failed()) {
            Expect.kind(away.failure(), "With a device that starts anew", Kind.UNREACHABLE);
        }
        scene.camera().clearFaults();
        Expect.that(
                Expect.soon(
                        BACK_MS, () -> !scene.tryOpen(scene.device().target()).failed()),
                "The device is back, but no session with it can be opened.");
    }

    private static void search(Scene scene) throws Exception {
        DeviceSearch search = scene.ask("search()", scene.driver()::search)
                .get()
                .orElseThrow(() -> new NotTried("the driver does not search"));
        Set<URI> found = new HashSet<>();
        Set<URI> twice = new HashSet<>();
        Calls.act(
                        "search(" + SEARCH_MS + ")",
                        SEARCH_MS,
                        () -> search.search(SEARCH_MS, device -> {
                            if (!found.add(device.address())) {
                                twice.add(device.address());
                            }
                        }))
                .get();
        Expect.that(twice.isEmpty(), "It told more than once of " + twice + ".");
        Expect.that(found.size() <= DeviceSearch.DEVICES_MAX, "It told of more devices than there may be.");
        Running<Boolean> longer = Calls.begin("search(" + LONG_MS + ")", () -> {
            search.search(LONG_MS, (FoundDevice device) -> {});
            return true;
        });
        Expect.pause(100);
        Answer<Boolean> ended = longer.interrupt();
        if (ended.failed() && !(ended.thrown() instanceof InterruptedException)) {
            ended.failure();
        }
    }
}
