// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import org.nxvms.integration.webhook.deliver.Courier;
import org.nxvms.integration.webhook.deliver.Message;
import org.nxvms.integration.webhook.deliver.ProgressFile;
import org.nxvms.integration.webhook.send.Answer;
import org.nxvms.integration.webhook.send.HttpSender;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Secrets;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSubscriber;
import org.nxvms.platform.api.event.EventVocabulary;
import org.nxvms.platform.api.integration.Connection;
import org.nxvms.platform.api.integration.Integration;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** All endpoints, what they share, and the services that they need, which come and go. */
@Component(
        immediate = true,
        service = {Webhooks.class, Integration.class, EventSubscriber.class, EventVocabulary.class},
        configurationPid = "org.nxvms.integration.webhooks")
@Designate(ocd = WebhooksConfig.class)
public final class Webhooks implements Integration, EventSubscriber, EventVocabulary {
    static final String NAME = "webhook";
    /** Tests that administrators ask for at the same time; each holds a thread of the web server. */
    private static final int TESTS_MAX = 4;
    /** Couriers only want to know that there is something. */
    private static final int WAKES_MAX = 16;

    private final ServerIdentity server;
    private final Path folder;
    private final EndpointFiles files;
    private final Secrets secrets = new Secrets(() -> this.vault);
    private final WebhookEvents voice = new WebhookEvents(() -> this.publisher);
    private final Courier.Tools tools;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final Semaphore tests = new Semaphore(TESTS_MAX);
    private HttpSender sender;
    private boolean localAllowed;
    private boolean closed;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventLog log;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventPublisher publisher;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile SecretVault vault;

    /** A configuration as it is carried out: by a courier, or not at all because it cannot work. */
    private static final class Endpoint implements AutoCloseable {
        private final Optional<Courier> courier;
        private final Optional<Connection> wrong;

        Endpoint(Optional<Courier> courier, Optional<Connection> wrong) {
            this.courier = courier;
            this.wrong = wrong;
        }

        Optional<Courier> courier() {
            return courier;
        }

        Connection connection() {
            return courier.map(Courier::connection).or(() -> wrong).orElseThrow();
        }

        @Override
        public void close() {
            courier.ifPresent(Courier::close);
        }
    }

    /** Too many tests at once. */
    public static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Activate
    public Webhooks(@Reference ServerIdentity server, BundleContext context, WebhooksConfig config) {
        this(server, Path.of(context.getProperty("karaf.etc")), Courier.Pace.USUAL);
        localAllowed = config.localAddressesAllowed();
    }

    Webhooks(ServerIdentity server, Path etc, Courier.Pace pace) {
        this.server = server;
        this.folder = server.dataFolder().resolve("integrations").resolve(NAME);
        this.files = new EndpointFiles(etc);
        this.tools = new Courier.Tools(
                () -> log, secrets, files, this::sender, voice, pace, () -> ThreadLocalRandom.current()
                        .nextDouble());
    }

    @Modified
    void modified(WebhooksConfig config) {
        localAllowed(config.localAddressesAllowed());
    }

    synchronized void localAllowed(boolean now) {
        localAllowed = now;
        if (sender != null) {
            sender.localAllowed(now);
        }
    }

    /** In the place of the component runtime. */
    void services(EventLog logNow, EventPublisher publisherNow, SecretVault vaultNow) {
        log = logNow;
        publisher = publisherNow;
        vault = vaultNow;
    }

    /** Made when something is to be sent: reading what the Java in use trusts takes a moment. */
    private synchronized HttpSender sender() {
        if (closed) {
            throw new IllegalStateException("webhooks have been stopped");
        }
        if (sender == null) {
            try {
                sender = new HttpSender(SSLContext.getDefault());
            } catch (NoSuchAlgorithmException noTls) {
                throw new IllegalStateException("what this Java trusts cannot be read", noTls);
            }
            sender.localAllowed(localAllowed);
        }
        return sender;
    }

    /** Carries out a configuration until what is returned is closed; one that cannot work is told, not thrown. */
    AutoCloseable add(Map<String, String> values) {
        Endpoint endpoint = endpoint(values);
        endpoints.add(endpoint);
        endpoint.courier().ifPresent(Courier::start);
        return () -> {
            endpoint.close();
            endpoints.remove(endpoint);
        };
    }

    private Endpoint endpoint(Map<String, String> values) {
        String name = values.getOrDefault(Settings.NAME, "").strip();
        if (courier(name).isPresent()) {
            return wrong(name, "There is another webhook of this name; choose another one.");
        }
        if (endpoints.size() >= EndpointFiles.COUNT_MAX) {
            return wrong(name, "There are " + EndpointFiles.COUNT_MAX + " webhooks; remove one first.");
        }
        try {
            Settings settings = Settings.of(values::get);
            return new Endpoint(
                    Optional.of(new Courier(settings, new ProgressFile(folder, name), tools)), Optional.empty());
        } catch (IllegalArgumentException cannotWork) {
            return wrong(name, cannotWork.getMessage() + ".");
        }
    }

    private static Endpoint wrong(String name, String detail) {
        Connection connection = new Connection(
                name.isEmpty() ? "(without name)" : name,
                Connection.State.MISCONFIGURED,
                detail,
                Connection.Figures.NONE,
                Optional.empty(),
                Optional.empty());
        return new Endpoint(Optional.empty(), Optional.of(connection));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Connection> connections() {
        List<Connection> all = new ArrayList<>();
        endpoints.forEach(endpoint -> all.add(endpoint.connection()));
        all.sort(Comparator.comparing(Connection::name));
        return List.copyOf(all);
    }

    /** {@return the courier of an endpoint, once its settings are carried out} */
    public Optional<Courier> courier(String name) {
        return endpoints.stream()
                .flatMap(endpoint -> endpoint.courier().stream())
                .filter(courier -> courier.settings().name().equals(name))
                .findFirst();
    }

    public EndpointFiles files() {
        return files;
    }

    public Secrets secrets() {
        return secrets;
    }

    /**
     * Sends a message that says that it is a test, now and once; what waits is not touched. Blocks up to the endpoint's time
     * limit.
     *
     * @throws IllegalArgumentException beginning with the setting that cannot work
     * @throws org.nxvms.platform.api.StoreException while there is no vault
     */
    public Answer test(Settings settings) throws BusyException {
        Secrets.Opened opened = secrets.open(settings);
        if (!tests.tryAcquire()) {
            throw new BusyException();
        }
        try {
            Instant now = Instant.now();
            Message message = Message.test(server.serverId(), now);
            return sender().call(new HttpSender.Request(
                            settings.url(),
                            message.headers(opened.key(), now, opened.headers()),
                            message.body(),
                            settings.timeoutMs()))
                    .send();
        } finally {
            tests.release();
        }
    }

    /** An endpoint was removed for good: another one of its name begins anew. */
    public void forget(String name) throws IOException {
        courier(name).ifPresent(Courier::close);
        new ProgressFile(folder, name).delete();
        voice.recovered(name);
    }

    @Override
    public int queueMax() {
        return WAKES_MAX;
    }

    @Override
    public void onEvent(Event event) {
        endpoints.forEach(endpoint -> endpoint.courier().ifPresent(Courier::wake));
    }

    @Override
    public List<EventKindInfo> kinds() {
        return WebhookEvents.KINDS;
    }

    @Deactivate
    void close() {
        endpoints.forEach(endpoint -> endpoint.courier().ifPresent(Courier::stop));
        endpoints.forEach(Endpoint::close);
        synchronized (this) {
            closed = true;
            if (sender != null) {
                sender.close();
            }
        }
    }
}
