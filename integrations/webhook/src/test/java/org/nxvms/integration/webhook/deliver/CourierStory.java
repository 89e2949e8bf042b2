// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.nxvms.integration.webhook.fake.Patience.until;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.integration.webhook.fake.MemoryLog;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.send.HttpSender;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Secrets;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.test.kit.BindingVault;

/** A courier, an endpoint that takes what it brings, and a log that events come from. */
abstract class CourierStory {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Courier.Pace QUICK = new Courier.Pace(2, 10, 5, 5, 5, 5);

    final MemoryLog log = new MemoryLog();
    final List<String> said = new CopyOnWriteArrayList<>();
    final List<Courier> couriers = new ArrayList<>();

    @TempDir
    Path folder;

    Receiver receiver;
    HttpSender sender;
    EndpointFiles files;
    volatile EventLog logNow = log;

    private final Voice voice = new Voice() {
        @Override
        public void failing(String name, Instant since, String detail) {
            said.add("failing " + name);
        }

        @Override
        public void recovered(String name) {
            said.add("recovered " + name);
        }

        @Override
        public void gone(String name) {
            said.add("gone " + name);
        }

        @Override
        public void lost(String name, long count, String why) {
            said.add("lost " + name + " " + count);
        }
    };

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
        sender = new HttpSender(SSLContext.getDefault());
        sender.localAllowed(true);
        files = new EndpointFiles(folder);
    }

    @AfterEach
    void stop() {
        couriers.forEach(Courier::close);
        sender.close();
        receiver.close();
        // A thread pool says that it is over a moment before its last thread is.
        until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("nxvms-webhook")));
    }

    Courier courier(String name, String... more) {
        Map<String, String> values = new LinkedHashMap<>(
                Map.of("name", name, "url", receiver.url(), "secret", SECRET, "timeoutMs", "30000"));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        Courier courier = new Courier(
                Settings.of(values::get),
                new ProgressFile(folder.resolve("progress"), name),
                new Courier.Tools(
                        () -> logNow, new Secrets(BindingVault::new), files, () -> sender, voice, QUICK, () -> 0.5));
        couriers.add(courier);
        courier.start();
        return courier;
    }

    /** As the bus does it. */
    Event tell(String detail) {
        Event event = log.pulse("camera.manual", detail);
        couriers.forEach(Courier::wake);
        return event;
    }

    void begun(Courier courier) {
        until(
                "it knows where it begins",
                () -> Files.exists(
                        folder.resolve("progress/" + courier.settings().name() + ".json")));
    }

    void gets(String... details) {
        until("it has " + String.join(", ", details), () -> receiver.details().equals(List.of(details)));
    }
}
