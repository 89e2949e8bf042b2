// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.AccessGuard;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Puts the parts together. Parts publish a {@link HealthCheck}; for core services whose bundle
 * publishes none, {@link ServiceChecks} looks at the service itself. A part that is expected and not
 * there at all is DOWN: a bundle that did not start cannot report itself.
 */
@Component(service = Health.class, configurationPid = "org.nxvms.health")
@Designate(ocd = Health.Settings.class)
public final class Health {
    /** Settings of {@code etc/org.nxvms.health.cfg}. */
    @ObjectClassDefinition(name = "NXvms health")
    public @interface Settings {
        @AttributeDefinition(
                name = "Required parts",
                description = "The server is ready only while each of these parts is there and not down.")
        String[] requiredParts() default {"database", "archive", "cameras", "ingest", "recorder", "security"};
    }

    private final CheckRunner published;
    private final CheckRunner derived;
    private final ServiceChecks services = new ServiceChecks();
    private final ExecutorService threads;
    private volatile Set<String> required;

    @Activate
    public Health(Settings settings) {
        this(settings, threads());
    }

    /** @param threads gives each check a thread at once */
    Health(Settings settings, ExecutorService threads) {
        this.threads = threads;
        this.published = new CheckRunner(threads, Health::monotonicMs);
        this.derived = new CheckRunner(threads, Health::monotonicMs);
        services.all().forEach(derived::add);
        modified(settings);
    }

    /** One thread a check that runs at the moment: as many as there are checks. */
    private static ExecutorService threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "nxvms-health-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Modified
    void modified(Settings settings) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : settings.requiredParts()) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        required = Set.copyOf(names);
    }

    @Deactivate
    void deactivate() {
        threads.shutdownNow();
    }

    private static long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Runs what is not fresh; blocks up to {@link CheckRunner#LIMIT_MS}. */
    HealthReport report() {
        return report(name -> true);
    }

    /** Without waiting for checks that run: of these what they answered last. */
    HealthReport known() {
        return report(name -> true, false);
    }

    /** The same of some parts only; whether the server is ready and well is told without the others. */
    HealthReport report(Predicate<String> wanted) {
        return report(wanted, true);
    }

    private HealthReport report(Predicate<String> wanted, boolean wait) {
        // Both kinds begin before either is waited for, so that one limit holds for all.
        CheckRunner.Begun spoken = published.begin(check -> wanted.test(check.name()));
        Set<String> names = spoken.names();
        CheckRunner.Begun others = derived.begin(
                check -> wanted.test(check.name()) && !names.contains(check.name()) && services.present(check.name()));
        Map<String, HealthReport.Part> parts = new TreeMap<>();
        collect(spoken.results(wait), parts);
        collect(others.results(wait), parts);
        for (String name : required) {
            if (!wanted.test(name)) {
                continue;
            }
            parts.computeIfAbsent(
                    name,
                    absent -> new HealthReport.Part(
                            absent,
                            true,
                            HealthCheck.Result.down(
                                            "The part does not run: its bundle is not active or waits for a service it"
                                                    + " needs.")
                                    .found("part_absent")));
        }
        boolean ready = parts.values().stream().noneMatch(part -> part.required() && part.status() == Status.DOWN);
        boolean well = parts.values().stream().allMatch(part -> part.status() == Status.UP);
        return new HealthReport(
                !ready ? Status.DOWN : well ? Status.UP : Status.DEGRADED, ready, List.copyOf(parts.values()));
    }

    private void collect(List<CheckRunner.Outcome> outcomes, Map<String, HealthReport.Part> parts) {
        for (CheckRunner.Outcome outcome : outcomes) {
            HealthCheck check = outcome.check();
            String name = check.name();
            HealthReport.Part part = new HealthReport.Part(
                    name, check.requiredForReadiness() || required.contains(name), outcome.result());
            // Two of a name, e.g. while a bundle is replaced: the worse one counts.
            parts.merge(name, part, (a, b) -> a.status().compareTo(b.status()) >= 0 ? a : b);
        }
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindCheck(HealthCheck check) {
        published.add(check);
    }

    void unbindCheck(HealthCheck check) {
        published.remove(check);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindArchive(Archive archive) {
        services.archive.set(archive);
    }

    void unbindArchive(Archive archive) {
        services.archive.compareAndSet(archive, null);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindCameras(CameraRegistry cameras) {
        services.cameras.set(cameras);
    }

    void unbindCameras(CameraRegistry cameras) {
        services.cameras.compareAndSet(cameras, null);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindIngest(StreamIngest ingest) {
        services.ingests.add(ingest);
    }

    void unbindIngest(StreamIngest ingest) {
        services.ingests.remove(ingest);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindRecorder(Recorder recorder) {
        services.recorder.set(recorder);
    }

    void unbindRecorder(Recorder recorder) {
        services.recorder.compareAndSet(recorder, null);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindGuard(AccessGuard guard) {
        services.guard.set(guard);
    }

    void unbindGuard(AccessGuard guard) {
        services.guard.compareAndSet(guard, null);
    }
}
