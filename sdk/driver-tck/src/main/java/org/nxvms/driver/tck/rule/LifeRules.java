// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.driver.tck.stage.Leaks;

/** Life cycle of drivers and sessions (driver.spi, "Life cycle", "Threads"). */
final class LifeRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "life.constant",
                    "What a driver is and what can be set is constant and said at once.",
                    LifeRules::constant),
            Rule.alone(
                    "life.open-close",
                    "Sessions that were opened and closed, a thousand of them, leave no thread and no connection.",
                    LifeRules::openClose),
            Rule.of(
                    "life.closed",
                    "After close() every call, of control functions too, fails with kind CLOSED.",
                    LifeRules::closed),
            Rule.of("life.close-twice", "close() may be called again, and throws nothing.", LifeRules::closeTwice),
            Rule.of(
                    "life.sessions-apart",
                    "Sessions with one device do not disturb each other.",
                    LifeRules::sessionsApart),
            Rule.of(
                    "life.several-threads",
                    "The driver may be called by several threads at a time.",
                    LifeRules::severalThreads));

    private static final int TIMES_FULL = 1_000;
    private static final int TIMES_QUICK = 50;
    private static final int WARM_UP = 3;
    private static final int THREADS = 8;
    /** Pools of connections and workers that a driver shares among its sessions. */
    private static final int POOL_THREADS = 4;

    private static final int POOL_SOCKETS = 8;

    private LifeRules() {}

    private static void constant(Scene scene) throws Exception {
        CameraDriver driver = scene.driver();
        DriverInfo info = Expect.atOnce("info()", driver::info);
        Expect.that(info.equals(Expect.atOnce("info()", driver::info)), "info() says something else the second time.");
        String settings = described(Expect.atOnce("settings()", driver::settings));
        Expect.that(
                settings.equals(described(Expect.atOnce("settings()", driver::settings))),
                "settings() says something else the second time.");
        boolean searches = Expect.atOnce("search()", driver::search).isPresent();
        Expect.that(
                searches == Expect.atOnce("search()", driver::search).isPresent(),
                "search() says something else the second time.");
    }

    private static String described(Optional<List<DriverSetting>> settings) {
        return settings.map(list -> list.stream()
                        .map(setting -> setting.name() + " " + setting.kind() + " " + setting.choices() + " "
                                + setting.defaultValue())
                        .toList())
                .map(List::toString)
                .orElse("none");
    }

    private static void openClose(Scene scene) throws Exception {
        TestDevice device = scene.device();
        CameraDriver driver = scene.driver();
        for (int i = 0; i < WARM_UP; i++) {
            once(driver, device);
        }
        Leaks before = Leaks.now();
        int times = scene.isFull() ? TIMES_FULL : TIMES_QUICK;
        for (int i = 0; i < times; i++) {
            once(driver, device);
        }
        before.requireBack("After " + times + " sessions were opened and closed", POOL_THREADS, POOL_SOCKETS);
    }

    private static void once(CameraDriver driver, TestDevice device) throws InterruptedException {
        Calls.act("A session", 3L * TestDevice.WELL_MS, () -> {
                    try (CameraSession session = driver.open(device.target())) {
                        session.identity();
                        session.streams();
                    }
                })
                .get();
    }

    private static void closed(Scene scene) throws Exception {
        CameraSession session = scene.session();
        Map<String, Callable<Object>> calls =
                scene.ask("capability()", () -> Functions.asking(session)).get();
        calls.put("capability(Ptz)", () -> session.capability(Ptz.class));
        Calls.act("close()", TestDevice.WELL_MS, session::close).get();
        for (Map.Entry<String, Callable<Object>> call : calls.entrySet()) {
            Answer<Object> answer = scene.ask(call.getKey() + " after close()", call.getValue());
            Expect.kind(answer.failure(), answer.what(), Kind.CLOSED);
        }
    }

    private static void closeTwice(Scene scene) throws Exception {
        CameraSession session = scene.session();
        Calls.act("close()", TestDevice.WELL_MS, session::close).get();
        Calls.act("close(), called again", TestDevice.WELL_MS, session::close).get();
    }

    private static void sessionsApart(Scene scene) throws Exception {
        CameraSession first = scene.session();
        CameraSession second = scene.session();
        List<StreamOffer> streams = scene.ask("streams()", second::streams).get();
        scene.ask("identity()", first::identity).get();
        Calls.act("close() of another session", TestDevice.WELL_MS, first::close)
                .get();
        for (Map.Entry<String, Callable<Object>> call :
                scene.ask("capability()", () -> Functions.asking(second)).get().entrySet()) {
            scene.ask(call.getKey() + " while another session with the device was closed", call.getValue())
                    .get();
        }
        Expect.that(
                streams.equals(scene.ask("streams()", second::streams).get()),
                "The streams of a session are others after another session was closed.");
    }

    private static void severalThreads(Scene scene) throws Exception {
        TestDevice device = scene.device();
        CameraDriver driver = scene.driver();
        List<Running<List<StreamOffer>>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(Calls.begin("One of " + THREADS + " sessions opened at a time", () -> {
                try (CameraSession session = driver.open(device.target())) {
                    session.identity();
                    return session.streams();
                }
            }));
        }
        List<StreamOffer> streams = null;
        for (Running<List<StreamOffer>> one : running) {
            List<StreamOffer> its = one.within(4L * TestDevice.WELL_MS).get();
            Expect.that(
                    streams == null || streams.equals(its), "Sessions opened at the same time name different streams.");
            streams = its;
        }
    }
}
