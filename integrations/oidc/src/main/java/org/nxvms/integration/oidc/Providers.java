// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nxvms.integration.oidc.settings.ProviderSettings;
import org.nxvms.integration.oidc.settings.SealedSecret;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All providers as they are configured, and how they are: asked once a minute, so that nobody has to try it. */
@Component(
        immediate = true,
        service = {Providers.class, HealthCheck.class})
public final class Providers implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    /** Buttons that a page has room for. */
    private static final int COUNT_MAX = 8;

    private static final int PROBE_SECONDS = 60;
    private static final String FILE = "felix.fileinstall.filename";
    /**
     * Who has just read the file for the configuration (Felix File Install) looks at it once more when that is told, and takes
     * what stands there then for read, or writes over it. So the file is left alone so long after it was read or written, and
     * looked at again afterwards: what is sealed there and was read anew has made a successor of the provider.
     */
    private static final long SEAL_MS = 3_000;
    /** The rest doubles with each turn: what stays unread for long is read by the next start. */
    private static final long REST_MS_MAX = TimeUnit.HOURS.toMillis(1);

    private final Path folder;
    private final long sealMs;
    private final Function<AuthenticationProvider, AutoCloseable> publish;
    private final Clock clock;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-oidc-watch");
        thread.setDaemon(true);
        return thread;
    });

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile SecretVault vault;

    /** @param wrong why a configuration cannot be carried out, empty when it is */
    private record Entry(String name, Optional<Provider> provider, String wrong) {
        String trouble() {
            return provider.map(Provider::trouble).orElse(wrong);
        }
    }

    @Activate
    public Providers(@Reference ServerIdentity server, BundleContext context) {
        this(server.dataFolder().resolve("integrations").resolve("oidc"), published(context), Clock.systemUTC());
    }

    Providers(Path folder, Function<AuthenticationProvider, AutoCloseable> publish, Clock clock) {
        this(folder, publish, clock, SEAL_MS);
    }

    /**
     * @param publish makes a provider a service, until what it returns is closed
     * @param sealMs how long a file is left alone after it was read
     */
    Providers(Path folder, Function<AuthenticationProvider, AutoCloseable> publish, Clock clock, long sealMs) {
        this.sealMs = sealMs;
        this.folder = folder;
        this.publish = publish;
        this.clock = clock;
        watch.scheduleWithFixedDelay(this::probeAll, PROBE_SECONDS, PROBE_SECONDS, TimeUnit.SECONDS);
    }

    private static Function<AuthenticationProvider, AutoCloseable> published(BundleContext context) {
        return provider -> {
            ServiceRegistration<AuthenticationProvider> registration =
                    context.registerService(AuthenticationProvider.class, provider, null);
            return registration::unregister;
        };
    }

    /** In the place of the component runtime. */
    void vault(SecretVault now) {
        vault = now;
    }

    /** Carries out a configuration until what is returned is closed; one that cannot work is told, not thrown. */
    synchronized AutoCloseable add(Map<String, String> values) {
        String name = values.getOrDefault(ProviderSettings.NAME, "").strip();
        Entry entry = entry(name, values);
        entries.add(entry);
        if (entry.provider().isEmpty()) {
            LOG.warn("OpenID provider \"{}\" is not offered: {}", name, entry.wrong());
            return () -> entries.remove(entry);
        }
        Provider provider = entry.provider().get();
        AutoCloseable service = publish.apply(provider);
        watch.execute(() -> probe(provider));
        sealLater(provider, values.get(FILE), sealMs, false);
        return () -> {
            entries.remove(entry);
            service.close();
            provider.close();
        };
    }

    private Entry entry(String name, Map<String, String> values) {
        if (find(name).isPresent()) {
            return new Entry(name, Optional.empty(), "there is another one of this name; choose another name");
        }
        if (entries.size() >= COUNT_MAX) {
            return new Entry(name, Optional.empty(), "there are " + COUNT_MAX + " already; remove one first");
        }
        try {
            ProviderSettings settings = ProviderSettings.of(values::get);
            ProviderPeople people = new ProviderPeople(
                    folder.resolve(name + ".json"), settings.terms().issuer());
            return new Entry(name, Optional.of(new Provider(settings, people, () -> vault, clock)), "");
        } catch (IllegalArgumentException cannotWork) {
            return new Entry(name, Optional.empty(), cannotWork.getMessage());
        }
    }

    private void sealLater(Provider provider, String file, long restMs, boolean again) {
        String stored = provider.settings().secret();
        if (!stored.isEmpty() && file != null && new SealedSecret(provider.id(), stored).isPlain()) {
            watch.schedule(() -> seal(provider, file, restMs, again), restMs, TimeUnit.MILLISECONDS);
        }
    }

    /** What somebody wrote into a file in the clear does not stay there. */
    private void seal(Provider provider, String file, long restMs, boolean again) {
        SecretVault now = vault;
        if (!isThere(provider)) {
            return;
        }
        if (now == null) {
            sealLater(provider, file, restMs, again);
            return;
        }
        SealedSecret secret =
                new SealedSecret(provider.id(), provider.settings().secret());
        try {
            Path settings = Path.of(URI.create(file));
            if (again && SealedSecret.isSealedIn(settings)) {
                // Nobody has read it: it was taken for what stood there before.
                Files.setLastModifiedTime(settings, FileTime.from(Instant.now()));
            } else if (secret.seal(settings, now)) {
                LOG.info("The client's secret at OpenID provider {} was sealed in its file", provider.id());
            } else {
                return;
            }
            sealLater(provider, file, Math.min(REST_MS_MAX, 2 * restMs), true);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "The client's secret at OpenID provider {} stays in the clear in {}: {}",
                    provider.id(),
                    file,
                    e.getMessage());
        }
    }

    /** {@return false when it was taken out meanwhile} */
    private boolean isThere(Provider provider) {
        return find(provider.id()).filter(known -> known == provider).isPresent();
    }

    private void probeAll() {
        entries.forEach(entry -> entry.provider().ifPresent(this::probe));
    }

    private void probe(Provider provider) {
        String before = provider.trouble();
        String trouble = provider.probe();
        if (!isThere(provider)) {
            return;
        }
        if (!trouble.isEmpty() && !trouble.equals(before)) {
            LOG.warn(
                    "Nobody can sign in at OpenID provider {} now: {}. Users of this server's own can",
                    provider.id(),
                    trouble);
        } else if (trouble.isEmpty() && !before.isEmpty()) {
            LOG.info("OpenID provider {} answers again", provider.id());
        }
    }

    /** {@return a provider that is carried out} */
    public Optional<Provider> find(String name) {
        return entries.stream()
                .flatMap(entry -> entry.provider().stream())
                .filter(provider -> provider.id().equals(name))
                .findFirst();
    }

    @Override
    public String name() {
        return "oidc";
    }

    @Override
    public boolean requiredForReadiness() {
        // Users of the server's own can sign in, and cameras are recorded.
        return false;
    }

    @Override
    public Result check() {
        List<String> sentences = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Entry entry : entries) {
            String trouble = entry.trouble();
            if (!trouble.isEmpty()) {
                sentences.add("OpenID provider " + entry.name() + ": " + trouble + ".");
                findings.add(new Finding(
                        entry.provider().isPresent() ? "oidc_unreachable" : "oidc_misconfigured",
                        Map.of("provider", entry.name())));
            }
        }
        return new Result(
                findings.isEmpty() ? Status.UP : Status.DEGRADED,
                String.join(" ", sentences),
                Map.of("providers", entries.size(), "unwell", findings.size()),
                findings);
    }

    @Deactivate
    void close() {
        watch.shutdownNow();
    }
}
