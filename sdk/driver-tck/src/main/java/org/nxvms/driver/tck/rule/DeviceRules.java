// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.media.StreamRole;

/** Pictures and how they are made, the device's clock and recordings, restarts, and finding devices. */
final class DeviceRules {
    static final List<Rule> ALL = List.of(
            Rule.of("snapshot.jpeg", "A snapshot is a JPEG that can be read, and not too large.", DeviceRules::jpeg),
            Rule.of("clock.set", "A clock that is set tells the time it was set to.", DeviceRules::clock),
            Rule.of(
                    "reboot.restarts",
                    "A device that is told to starts anew, and is reached by a session that is opened later.",
                    DeviceRules::reboot),
            Rule.of(
                    "imaging.described",
                    "What can be set of the picture is described once, stays so, and what counts now keeps to it.",
                    DeviceRules::imagingDescribed),
            Rule.of(
                    "imaging.change",
                    "A setting of the picture that is changed tells its new value.",
                    DeviceRules::imagingChange),
            Rule.of(
                    "users.kept",
                    "A user that is added to the device is told of, with the level, and no more once it is removed.",
                    DeviceRules::user),
            Rule.of(
                    "users.unknown",
                    "To change or remove a user that the device does not have is NOT_FOUND.",
                    DeviceRules::unknownUser),
            Rule.of(
                    "edge.unknown",
                    "To fetch a recording that the device does not have is NOT_FOUND.",
                    DeviceRules::unknownRecording),
            Rule.of(
                    "search.bounded",
                    "A search ends in its time, tells of each device once, and ends when it is interrupted.",
                    DeviceRules::search));

    private static final long AWAY_MS = 10_000;
    private static final long BACK_MS = 20_000;
    private static final Duration CLOCK_NEAR = Duration.ofSeconds(15);
    private static final int SEARCH_MS = 1_000;
    private static final int LONG_MS = 60_000;
    private static final String USER = "nxvms-kit-77";
    private static final String PASSWORD = "Kit-of-77-rules";

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

    private static List<DriverSetting> settings(Scene scene, Imaging imaging) throws Exception {
        return scene.ask("Imaging.settings()", imaging::settings).get();
    }

    private static void imagingDescribed(Scene scene) throws Exception {
        Imaging imaging = scene.require(scene.session(), Imaging.class);
        List<DriverSetting> settings = settings(scene, imaging);
        Expect.that(settings.size() <= Imaging.DESCRIBED_MAX, "It describes more settings than it may.");
        List<String> names = settings.stream().map(DriverSetting::name).toList();
        Expect.that(names.size() == new HashSet<>(names).size(), "It describes a setting twice: " + names + ".");
        Expect.that(
                names.equals(settings(scene, imaging).stream()
                        .map(DriverSetting::name)
                        .toList()),
                "Asked again, it describes other settings.");
        scene.ask("Imaging.values()", imaging::values).get().forEach((name, value) -> {
            Optional<DriverSetting> known = settings.stream()
                    .filter(setting -> setting.name().equals(name))
                    .findFirst();
            Expect.that(known.isPresent(), "It tells the value of " + name + ", which it does not describe.");
            Expect.that(
                    known.orElseThrow().problem(value).isEmpty(),
                    "The value of " + name + ", " + value + ", is none by its own description.");
        });
    }

    private static void imagingChange(Scene scene) throws Exception {
        scene.requireActing();
        Imaging imaging = scene.require(scene.session(), Imaging.class);
        Map<String, String> before =
                scene.ask("Imaging.values()", imaging::values).get();
        DriverSetting number = settings(scene, imaging).stream()
                .filter(setting -> setting.kind() == DriverSetting.Kind.INTEGER && before.containsKey(setting.name()))
                .findFirst()
                .orElseThrow(() -> new NotTried("nothing that is a number can be set"));
        String least = String.valueOf(number.min().orElseThrow());
        String wanted = before.get(number.name()).equals(least)
                ? String.valueOf(number.max().orElseThrow())
                : least;
        change(scene, imaging, number.name(), wanted);
        String told = scene.ask("Imaging.values()", imaging::values).get().get(number.name());
        change(scene, imaging, number.name(), before.get(number.name()));
        Expect.that(wanted.equals(told), "Set to " + wanted + ", " + number.name() + " is told to be " + told + ".");
    }

    private static void change(Scene scene, Imaging imaging, String name, String value) throws Exception {
        scene.ask("Imaging.change()", () -> {
                    imaging.change(Map.of(name, value));
                    return true;
                })
                .get();
    }

    private static void user(Scene scene) throws Exception {
        scene.requireActing();
        DeviceUsers users = scene.require(scene.session(), DeviceUsers.class);
        DeviceUsers.User wanted = new DeviceUsers.User(USER, DeviceUsers.Level.VIEWER);
        scene.ask("DeviceUsers.add()", () -> {
                    users.add(wanted, PASSWORD);
                    return true;
                })
                .get();
        boolean told = scene.ask("DeviceUsers.users()", users::users).get().contains(wanted);
        scene.ask("DeviceUsers.remove()", () -> {
                    users.remove(USER);
                    return true;
                })
                .get();
        Expect.that(told, "It does not tell of the user that was added.");
        Expect.that(
                scene.ask("DeviceUsers.users()", users::users).get().stream()
                        .noneMatch(user -> user.name().equals(USER)),
                "It tells of a user that was removed.");
    }

    private static void unknownUser(Scene scene) throws Exception {
        scene.requireActing();
        DeviceUsers users = scene.require(scene.session(), DeviceUsers.class);
        Answer<Boolean> removed = scene.ask("remove() of a user that is not there", () -> {
            users.remove(USER);
            return true;
        });
        Expect.kind(removed.failure(), "Told to remove a user that is not there", Kind.NOT_FOUND);
        Answer<Boolean> changed = scene.ask("change() of a user that is not there", () -> {
            users.change(USER, Optional.of(PASSWORD), Optional.empty());
            return true;
        });
        Expect.kind(changed.failure(), "Told to change a user that is not there", Kind.NOT_FOUND);
    }

    private static void unknownRecording(Scene scene) throws Exception {
        EdgeRecordings recordings = scene.require(scene.session(), EdgeRecordings.class);
        Instant now = Instant.now();
        Answer<EdgeRecordings.Download> fetched = scene.ask(
                "fetch() of a recording that is not there",
                () -> recordings.fetch("no-such-77", now.minusSeconds(60), now));
        Expect.kind(fetched.failure(), "Told to fetch a recording that is not there", Kind.NOT_FOUND);
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
                        () -> look(search, SEARCH_MS, device -> {
                            if (!found.add(device.address())) {
                                twice.add(device.address());
                            }
                        }))
                .get();
        Expect.that(twice.isEmpty(), "It told more than once of " + twice + ".");
        Expect.that(found.size() <= DeviceSearch.DEVICES_MAX, "It told of more devices than there may be.");
        Running<Boolean> longer =
                Calls.begin("search(" + LONG_MS + ")", () -> look(search, LONG_MS, (FoundDevice device) -> {}));
        Expect.pause(100);
        Answer<Boolean> ended = longer.interrupt();
        if (ended.failed() && !(ended.thrown() instanceof InterruptedException)) {
            ended.failure();
        }
    }

    /** On loopback: a test asks nobody in the networks of its machine, unless the driver cannot do otherwise. */
    private static boolean look(DeviceSearch search, int timeMs, Consumer<FoundDevice> found) throws Exception {
        String loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        SearchScope scope =
                new SearchScope(timeMs, Set.of(loopback), List.of(), SearchScope.PACKETS_PER_SECOND_DEFAULT);
        try {
            search.search(scope, SearchFindings.of(found));
        } catch (DriverException older) {
            if (older.kind() != Kind.UNSUPPORTED) {
                throw older;
            }
            search.search(timeMs, found);
        }
        return true;
    }
}
