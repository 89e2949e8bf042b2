// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Brought;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.driver.tck.stage.Hostile;
import org.nxvms.driver.tck.stage.Leaks;
import org.nxvms.plugin.kit.LastRecord;
import org.osgi.framework.ServiceReference;

/** That a driver comes, changes and goes while its cameras are recorded (promises 2 and 17; ADR 2, 32, 33). */
final class SwapRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "swap.service",
                    "The bundle registers one driver, whose properties say what info() says.",
                    SwapRules::service),
            Rule.of("swap.start-at-once", "The bundle starts and stops at once.", SwapRules::startAtOnce),
            Rule.of("swap.again", "Stopped and started again, it names equal endpoints.", SwapRules::again),
            Rule.of("swap.beside", "Two versions work side by side and name equal endpoints.", SwapRules::beside),
            Rule.of(
                    "swap.stopped",
                    "Calls that are late, after the bundle was stopped, fail as contracts say.",
                    SwapRules::stopped),
            Rule.of(
                    "swap.stop-while-opening",
                    "A bundle that is stopped while it opens a session stops, and the call ends.",
                    SwapRules::stopWhileOpening),
            Rule.alone(
                    "swap.collected",
                    "A driver that was taken out leaves no class, no thread and no connection, whatever it handed out.",
                    SwapRules::collected));

    private static final int AT_ONCE_MS = 1_000;
    private static final int TIMES = 3;
    private static final int LONG_MS = 60_000;
    private static final long VISIT_MS = 2_000;
    private static final long COLLECT_MS = 20_000;
    private static final long COLLECT_EACH_MS = 200;

    private SwapRules() {}

    private static void service(Scene scene) throws Exception {
        Brought brought = scene.brought();
        List<ServiceReference<?>> services = brought.services();
        Expect.that(services.size() == 1, "The bundle registers " + services.size() + " drivers.");
        DriverInfo info = brought.driver().info();
        Object id = services.get(0).getProperty(CameraDriver.PROPERTY_ID);
        Object name = services.get(0).getProperty(CameraDriver.PROPERTY_NAME);
        Expect.that(
                info.id().equals(id),
                "The property " + CameraDriver.PROPERTY_ID + " is " + id + ", and info() says " + info.id() + ".");
        Expect.that(info.id().matches("[a-z0-9-]{1,40}"), "The id " + info.id() + " has other characters than it may.");
        Expect.that(
                info.name().equals(name),
                "The property " + CameraDriver.PROPERTY_NAME + " is " + name + ", and info() says " + info.name()
                        + ".");
        for (String scheme : info.addressSchemes()) {
            Expect.that(scheme.matches("[a-z][a-z0-9+.-]*"), "The scheme '" + scheme + "' is not one in lower case.");
        }
        Expect.that(
                info.addressHint().isEmpty()
                        || info.addressSchemes().stream()
                                .anyMatch(s -> info.addressHint().startsWith(s + ":")),
                "The example of an address, " + info.addressHint() + ", has none of the schemes the driver takes.");
    }

    private static void startAtOnce(Scene scene) throws Exception {
        Brought brought = scene.brought();
        long startMs = brought.startMs();
        long stopMs = brought.stop();
        for (int more = 1; Math.max(startMs, stopMs) > AT_ONCE_MS && more < Expect.TRIES; more++) {
            brought.start();
            startMs = Math.min(startMs, brought.startMs());
            stopMs = Math.min(stopMs, brought.stop());
        }
        Expect.that(
                startMs <= AT_ONCE_MS,
                "Starting the bundle took " + startMs + " ms; what takes long is done when it is asked for.");
        Expect.that(stopMs <= AT_ONCE_MS, "Stopping the bundle took " + stopMs + " ms.");
    }

    private static List<StreamOffer> streams(Scene scene, CameraDriver driver) throws Exception {
        DeviceTarget target = scene.device().target();
        return Calls.within("A session", 2L * TestDevice.WELL_MS, () -> {
                    try (CameraSession session = driver.open(target)) {
                        return session.streams();
                    }
                })
                .get();
    }

    private static void again(Scene scene) throws Exception {
        Brought brought = scene.brought();
        List<StreamOffer> before = streams(scene, brought.driver());
        for (int i = 0; i < TIMES; i++) {
            brought.stop();
            brought.start();
            Expect.that(
                    before.equals(streams(scene, brought.driver())),
                    "Started again, the driver names other streams: its cameras are interrupted.");
        }
    }

    private static void beside(Scene scene) throws Exception {
        Brought first = scene.brought();
        List<StreamOffer> before = streams(scene, first.driver());
        Brought second = scene.bring(withVersion(scene.bytes(), "999.0.0"));
        Expect.that(
                before.equals(streams(scene, second.driver())),
                "Another version, with the same code, names other streams.");
        Expect.that(
                before.equals(streams(scene, first.driver())),
                "With another version beside it, the first one names other streams.");
    }

    private static byte[] withVersion(byte[] jar, String version) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar), false)) {
            Manifest manifest = in.getManifest();
            if (manifest == null) {
                throw new Broken("The jar does not begin with its manifest, as jars do.");
            }
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            manifest.getEntries().clear();
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void stopped(Scene scene) throws Exception {
        CameraDriver driver = scene.driver();
        CameraSession session = scene.session();
        Map<String, Callable<Object>> calls =
                scene.ask("capability()", () -> Functions.asking(session)).get();
        scene.brought().stop();
        for (Map.Entry<String, Callable<Object>> call : calls.entrySet()) {
            orFails(scene.ask(call.getKey() + " after the bundle was stopped", call.getValue()));
        }
        Calls.act("close() after the bundle was stopped", TestDevice.WELL_MS, session::close)
                .get();
        DeviceTarget target = scene.device().target();
        Answer<CameraSession> late = scene.ask("open() after the bundle was stopped", () -> driver.open(target));
        orFails(late);
        if (!late.failed()) {
            Calls.act("close()", TestDevice.WELL_MS, late.get()::close).get();
        }
    }

    private static void orFails(Answer<?> answer) {
        if (answer.failed()) {
            answer.failure();
        } else {
            answer.get();
        }
    }

    private static void stopWhileOpening(Scene scene) throws Exception {
        Hostile silent = scene.hostile(Hostile::silent);
        CameraDriver driver = scene.driver();
        DeviceTarget patient = scene.device().at(silent.port(), LONG_MS);
        Running<CameraSession> opening = Calls.begin("open() while the bundle is stopped", () -> driver.open(patient));
        Expect.soon(VISIT_MS, () -> silent.connections() > 0 || opening.isOver());
        if (silent.connections() == 0 && opening.isOver()) {
            throw new NotTried("the driver opens without asking the device");
        }
        scene.brought().stop();
        Answer<CameraSession> ended = opening.interrupt();
        ended.failure();
    }

    private static void collected(Scene scene) throws Exception {
        // The first copy loads what is loaded once for all.
        streams(scene, scene.driver());
        Leaks before = Leaks.now();
        List<Object> kept = new ArrayList<>();
        WeakReference<ClassLoader> loader = used(scene, kept);
        // What the JDK itself remembers is no fault of the driver's, and the platform has it forgotten too.
        LastRecord.forget();
        long end = System.nanoTime() + COLLECT_MS * 1_000_000;
        while (loader.get() != null) {
            Expect.that(
                    System.nanoTime() < end,
                    "The driver was taken out, and its classes are still held by something: a thread, a thread local, a"
                            + " static list of the JDK's, or one of the values that it handed out ("
                            + kept.size() + ").");
            System.gc();
            Expect.pause(COLLECT_EACH_MS);
        }
        before.requireBack("After the driver was taken out", 0, 0);
    }

    /** Uses a copy as a platform does and takes it out; {@return whose end shows that it is gone} */
    private static WeakReference<ClassLoader> used(Scene scene, List<Object> kept) throws Exception {
        DeviceTarget target = scene.device().target();
        Brought brought = scene.stage().bring(scene.bytes());
        try {
            brought.start();
            CameraDriver driver = brought.driver();
            CameraSession last = Calls.within("Sessions", 8L * TestDevice.WELL_MS, () -> use(driver, target, kept))
                    .get();
            WeakReference<ClassLoader> loader = new WeakReference<>(brought.classLoader());
            brought.stop();
            Calls.act("close() after the bundle was stopped", TestDevice.WELL_MS, last::close)
                    .get();
            return loader;
        } finally {
            brought.close();
        }
    }

    /** {@return a session that is open still, as the platform closes it only when the service has gone} */
    private static CameraSession use(CameraDriver driver, DeviceTarget target, List<Object> kept) throws Exception {
        kept.add(driver.info());
        driver.settings().ifPresent(settings -> kept.add(List.copyOf(settings)));
        CameraSession session = driver.open(target);
        for (Callable<Object> call : Functions.asking(session).values()) {
            Object value = call.call();
            // As the platform does: what is a list or a map is copied.
            kept.add(
                    value instanceof List<?> list
                            ? List.copyOf(list)
                            : value instanceof Map<?, ?> map ? Map.copyOf(map) : value);
        }
        var events = session.capability(DeviceEvents.class);
        if (events.isPresent()) {
            DeviceEvents.Feed feed = events.get().subscribe();
            kept.add(List.copyOf(Feeds.next(feed, 1_000)));
            feed.close();
        }
        session.close();
        return driver.open(target);
    }
}
