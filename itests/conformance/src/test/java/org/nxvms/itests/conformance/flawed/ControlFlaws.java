// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzTours;

/** Commands that are taken and not done. */
final class ControlFlaws {
    static final Map<String, Flaw> BY_RULE = Map.ofEntries(
            Map.entry("ptz.spaces", ControlFlaws::spacesTwice),
            Map.entry("ptz.position", visit -> ignoring(visit, "Ptz.moveTo")),
            Map.entry("ptz.stop", visit -> ignoring(visit, "Ptz.stop")),
            Map.entry("ptz.other-axes", ControlFlaws::goOn),
            Map.entry("presets.keep", visit -> ignoring(visit, "PtzPresets.forget")),
            Map.entry("presets.unknown", ControlFlaws::neverMissing),
            Map.entry("tours.unknown", ControlFlaws::everyTour),
            Map.entry("io.switch", visit -> ignoring(visit, "DigitalIo.set")),
            Map.entry("io.unknown", ControlFlaws::neverMissing),
            Map.entry("snapshot.jpeg", visit -> visit.is("jpeg") ? new byte[] {1, 2, 3, 4} : visit.go()),
            Map.entry("clock.set", visit -> ignoring(visit, "DeviceClock.set")),
            Map.entry("reboot.restarts", visit -> ignoring(visit, "Reboot.reboot")),
            Map.entry("imaging.described", ControlFlaws::outOfRange),
            Map.entry("imaging.change", visit -> ignoring(visit, "Imaging.change")),
            Map.entry("users.kept", ControlFlaws::moreAndMoreUsers),
            Map.entry("users.unknown", ControlFlaws::moreAndMoreUsers),
            Map.entry("edge.unknown", ControlFlaws::neverMissing),
            Map.entry("search.bounded", ControlFlaws::longSearch));

    /** Every tour there may be. */
    private static final PtzTours TOURS = new PtzTours() {
        @Override
        public List<Tour> tours() {
            return List.of();
        }

        @Override
        public void start(String token) {}

        @Override
        public void stop(String token) {}
    };

    /** Users who stay whatever is said of them. */
    private static final class MoreAndMore implements DeviceUsers {
        private final List<User> users = new CopyOnWriteArrayList<>();

        @Override
        public List<User> users() {
            return List.copyOf(users);
        }

        @Override
        public void add(User user, String password) {
            users.add(user);
        }

        @Override
        public void change(String name, Optional<String> password, Optional<Level> level) {}

        @Override
        public void remove(String name) {}
    }

    private ControlFlaws() {}

    private static Object ignoring(Visit visit, String command) throws Throwable {
        return visit.is(command) ? null : visit.go();
    }

    @SuppressWarnings("unchecked")
    private static Object spacesTwice(Visit visit) throws Throwable {
        if (visit.is("spaces")) {
            List<PtzSpace> spaces = new ArrayList<>((List<PtzSpace>) visit.go());
            spaces.add(spaces.get(0));
            return spaces;
        }
        return visit.go();
    }

    /** An axis that once moved goes on. */
    @SuppressWarnings("unchecked")
    private static Object goOn(Visit visit) throws Throwable {
        if (visit.is("Ptz.move")) {
            Map<PtzSpace.Axis, Double> all = (Map<PtzSpace.Axis, Double>)
                    visit.driver().memory.computeIfAbsent("speeds", key -> new TreeMap<>());
            all.putAll(visit.<Map<PtzSpace.Axis, Double>>argument(0));
            return visit.with(all, visit.argument(1));
        }
        return visit.go();
    }

    private static Object neverMissing(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException failure) {
            if (failure.kind() == Kind.NOT_FOUND) {
                return null;
            }
            throw failure;
        }
    }

    private static Object outOfRange(Visit visit) throws Throwable {
        return visit.is("Imaging.values") ? Map.of(Imaging.BRIGHTNESS, "very bright") : visit.go();
    }

    private static Object everyTour(Visit visit) throws Throwable {
        return visit.is("capability") && visit.argument(0) == PtzTours.class ? Optional.of(TOURS) : visit.go();
    }

    private static Object moreAndMoreUsers(Visit visit) throws Throwable {
        return visit.is("capability") && visit.argument(0) == DeviceUsers.class
                ? Optional.of(visit.driver().memory.computeIfAbsent("users", key -> new MoreAndMore()))
                : visit.go();
    }

    private static Object longSearch(Visit visit) throws Throwable {
        DeviceSearch search = (timeMs, found) -> SwapFlaws.pause(timeMs + 60_000L);
        return visit.is("CameraDriver.search") ? Optional.of(search) : visit.go();
    }
}
