// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.driver.tck.stage.Hostile;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;

/** That no call takes longer than it may, whatever the device does (driver.spi, "Time"). */
final class TimeRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "time.silent",
                    "A device that takes connections and says nothing is UNREACHABLE within the time limit.",
                    TimeRules::silent),
            Rule.of(
                    "time.drip",
                    "The limit is for a whole call: a device that answers a byte at a time does not prolong it.",
                    TimeRules::drip),
            Rule.of(
                    "time.connect",
                    "A device that does not answer to a connection is UNREACHABLE within the time limit.",
                    TimeRules::connect),
            Rule.of(
                    "time.interrupt",
                    "A call that is interrupted ends, and fails as contracts say.",
                    TimeRules::interrupt),
            Rule.of(
                    "time.functions",
                    "Control functions keep to the limit when the device falls silent, drips or breaks off.",
                    TimeRules::functions));

    private static final int LONG_MS = 60_000;
    private static final long VISIT_MS = 2_000;
    private static final int BACKLOG_FILL = 16;
    private static final int SESSIONS_MAX = 10;

    private TimeRules() {}

    private static void silent(Scene scene) throws Exception {
        Hostile silent = scene.hostile(Hostile::silent);
        DriverException failure = Contact.failing(scene, scene.device().at(silent.port()));
        Expect.kind(failure, "With a silent device", Kind.UNREACHABLE);
    }

    private static void drip(Scene scene) throws Exception {
        Hostile dripping = scene.hostile(Hostile::drip);
        DriverException failure = Contact.failing(scene, scene.device().at(dripping.port()));
        Expect.kind(failure, "With a device that drips", Kind.UNREACHABLE, Kind.PROTOCOL);
    }

    /** A port whose queue of connections is full: a further one is not even refused. */
    private static void connect(Scene scene) throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            if (!fill(full, waiting)) {
                throw new NotTried("this system takes every connection");
            }
            DriverException failure = Contact.failing(scene, scene.device().at(full.getLocalPort()));
            Expect.kind(failure, "With a device that answers to no connection", Kind.UNREACHABLE);
        } finally {
            for (Socket one : waiting) {
                one.close();
            }
        }
    }

    private static boolean fill(ServerSocket server, List<Socket> waiting) throws IOException {
        for (int i = 0; i < BACKLOG_FILL; i++) {
            Socket one = new Socket();
            waiting.add(one);
            try {
                one.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
            } catch (IOException full) {
                return true;
            }
        }
        return false;
    }

    private static void interrupt(Scene scene) throws Exception {
        Hostile silent = scene.hostile(Hostile::silent);
        CameraDriver driver = scene.driver();
        DeviceTarget patient = scene.device().at(silent.port(), LONG_MS);
        Running<List<?>> call = Calls.begin("A call at a silent device", () -> {
            try (CameraSession session = driver.open(patient)) {
                session.identity();
                return session.streams();
            }
        });
        Expect.soon(VISIT_MS, () -> silent.connections() > 0 || call.isOver());
        if (silent.connections() == 0 && call.isOver()) {
            throw new NotTried("the driver names streams without asking the device");
        }
        call.interrupt().failure();
    }

    private static void functions(Scene scene) throws Exception {
        if (scene.device().device().isEmpty()) {
            throw new NotTried("needs a simulated device that is asked");
        }
        for (Fault fault : List.of(
                FaultKind.SILENT.fault(),
                FaultKind.SLOW_DRIP.fault(5),
                FaultKind.HALF_OPEN.fault(),
                FaultKind.ANSWER_GARBAGE.fault(),
                FaultKind.REFUSE_CONNECTION.fault())) {
            functions(scene, fault);
            scene.camera().clearFaults();
        }
    }

    /** Each function in a session of its own, all at a time. */
    private static void functions(Scene scene, Fault fault) throws Exception {
        DeviceTarget target = scene.device().within(TestDevice.TIMEOUT_MS);
        CameraSession first = scene.session();
        List<String> names = List.copyOf(
                scene.ask("capability()", () -> Functions.asking(first)).get().keySet());
        Map<String, Callable<Object>> calls = new LinkedHashMap<>();
        for (String name : names) {
            calls.put(name, function(scene, target, name));
        }
        scene.sick(fault);
        Map<String, Running<Object>> running = new LinkedHashMap<>();
        String when = " at a device with the fault " + fault.kind().id();
        calls.forEach((name, call) -> running.put(name, Calls.begin(name + when, call)));
        for (Map.Entry<String, Running<Object>> call : running.entrySet()) {
            Answer<Object> answer = call.getValue().within(TestDevice.TIMEOUT_MS);
            if (answer.failed()) {
                Expect.kind(
                        answer.failure(),
                        "Of " + answer.what(),
                        Kind.UNREACHABLE,
                        Kind.PROTOCOL,
                        Kind.BUSY,
                        Kind.CLOSED);
            } else if (answer.value() == null) {
                throw new Broken(answer.what() + " returned null.");
            }
        }
    }

    /** {@return a function of a session of its own; a session that had no time to learn what the device can is given up} */
    private static Callable<Object> function(Scene scene, DeviceTarget target, String name) throws Exception {
        for (int tried = 1; ; tried++) {
            CameraSession session = scene.session(target);
            Answer<Map<String, Callable<Object>>> found = scene.ask("capability()", () -> Functions.asking(session));
            if (!found.failed() && found.get().containsKey(name)) {
                return found.get().get(name);
            }
            if (tried == SESSIONS_MAX) {
                found.get();
                throw new Broken("One session with the device offers " + name + ", and another does not.");
            }
        }
    }
}
