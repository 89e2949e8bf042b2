// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.moved.Following;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DiscoveryScan;
import org.nxvms.platform.api.network.DeviceNetwork;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the searches of drivers, each on a thread of its own for as long as it takes, at most a little beyond its time. */
@Component(
        service = {Discovery.class, DeviceDiscovery.class},
        configurationPid = "org.nxvms.discovery",
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = Discovery.Settings.class)
public final class Discovery implements DeviceDiscovery {
    /** Settings of {@code etc/org.nxvms.discovery.cfg}. */
    @ObjectClassDefinition(
            name = "NXvms discovery",
            description = "Where devices are looked for; counts from the next search on")
    public @interface Settings {
        @AttributeDefinition(
                name = "Network interfaces",
                description =
                        "Names, by comma, of the network interfaces by which searches may ask, e.g. eth1. Empty: all that"
                                + " are up and know multicast, but loopback. none: nobody is looked for")
        String[] interfaces() default {};

        @AttributeDefinition(
                name = "Datagrams a second",
                description = "How many datagrams a driver may send in a second while it searches",
                min = "1",
                max = "1000")
        int packetsPerSecond() default SearchScope.PACKETS_PER_SECOND_DEFAULT;

        @AttributeDefinition(
                name = "Follow moved cameras",
                description = "Whether a camera that is away is looked for, and recorded where it is found again")
        boolean followMoved() default true;
    }

    private static final String NOWHERE = "none";

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** Scans that are remembered. */
    private static final int SCANS_MAX = 8;
    /** A driver that does not return by then is interrupted and not waited for. */
    private static final int LATE_MS = 3_000;
    /** A search that is interrupted returns at once; who scans waits so long for one that does not. */
    private static final int YIELD_MS = 10_000;

    private final DeviceNetwork network;
    private final DriverShelf shelf;
    private final ScheduledExecutorService clock;
    private final int lateMs;
    private final Map<UUID, Scan> scans = new LinkedHashMap<>();
    /** Searches that have not returned, by the registration of their driver. */
    private final Map<Long, Thread> searching = new ConcurrentHashMap<>();

    private final Set<Look> looks = ConcurrentHashMap.newKeySet();

    private volatile CameraRegistry registry;
    private volatile Settings settings;

    @Activate
    public Discovery(@Reference DeviceNetwork network, Settings settings) {
        this(network, settings, LATE_MS);
    }

    Discovery(DeviceNetwork network, Settings settings, int lateMs) {
        this.network = network;
        this.settings = settings;
        this.shelf = new DriverShelf(new DeviceDoor(network::addresses));
        this.lateMs = lateMs;
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "nxvms-ctl-search"));
        one.setRemoveOnCancelPolicy(true);
        this.clock = one;
    }

    @Modified
    void modified(Settings now) {
        settings = now;
    }

    @Deactivate
    void close() {
        clock.shutdownNow();
        searching.values().forEach(Thread::interrupt);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Knows what is configured already. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRegistry(CameraRegistry now) {
        registry = now;
    }

    void unbindRegistry(CameraRegistry gone) {
        if (registry == gone) {
            registry = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDriver(CameraDriver driver, ServiceReference<CameraDriver> reference) {
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
            shelf.add(
                    (Long) reference.getProperty(Constants.SERVICE_ID),
                    bundle.getVersion(),
                    bundle.getSymbolicName(),
                    driver);
        }
    }

    void unbindDriver(CameraDriver driver, ServiceReference<CameraDriver> reference) {
        shelf.remove((Long) reference.getProperty(Constants.SERVICE_ID))
                .map(gone -> searching.get(gone.serviceId()))
                .ifPresent(Thread::interrupt);
    }

    @Override
    public DiscoveryScan begin(Order order) {
        SearchScope scope = scope(order);
        Map<ShelvedDriver, DeviceSearch> searches = searches(order.drivers());
        if (searches.isEmpty()) {
            throw new IllegalStateException("No driver that can search is installed (" + shelf.installedIds() + ")");
        }
        Scan scan = new Scan(Instant.now().truncatedTo(ChronoUnit.MILLIS), searches.size());
        synchronized (scans) {
            if (scans.values().stream().anyMatch(Scan::runs)) {
                throw new IllegalStateException("A scan is under way; wait for its end");
            }
            scans.put(scan.id(), scan);
            scans.keySet().stream()
                    .limit(Math.max(0, scans.size() - SCANS_MAX))
                    .toList()
                    .forEach(scans::remove);
        }
        endLooks();
        searches.forEach((driver, search) -> run(scan, driver, search, scope));
        return scan.report(cameras());
    }

    /**
     * Looks for devices by one driver, beside scans, which end it.
     *
     * @return empty when that may not be, or cannot be now
     */
    public Optional<Following.Search> look(String driver, int timeMs, SearchFindings findings) {
        Settings now = settings;
        Set<String> interfaces = interfaces(now);
        if (!now.followMoved() || interfaces.contains(NOWHERE)) {
            return Optional.empty();
        }
        SearchScope scope = new SearchScope(timeMs, interfaces, List.of(), now.packetsPerSecond());
        for (ShelvedDriver one : shelf.all()) {
            Optional<DeviceSearch> search = one.info().id().equals(driver) ? search(one) : Optional.empty();
            if (search.isPresent()) {
                return Look.recognizes(one, search.get())
                        ? begin(new Look(one, search.get(), scope, allowed(findings)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<Following.Search> begin(Look look) {
        long driver = look.driver().serviceId();
        synchronized (scans) {
            if (scans.values().stream().anyMatch(Scan::runs) || searching.putIfAbsent(driver, look.thread()) != null) {
                return Optional.empty();
            }
            looks.add(look);
            look.begin(() -> {
                looks.remove(look);
                searching.remove(driver);
            });
        }
        clock.schedule(look::close, (long) look.timeMs() + lateMs, TimeUnit.MILLISECONDS);
        return Optional.of(look);
    }

    /** Who waits for a scan comes first. */
    private void endLooks() {
        looks.forEach(Look::close);
        looks.forEach(look -> look.awaitEnd(YIELD_MS));
    }

    private static Set<String> interfaces(Settings settings) {
        return Arrays.stream(settings.interfaces())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private SearchScope scope(Order order) {
        Settings now = settings;
        Set<String> interfaces = interfaces(now);
        if (interfaces.contains(NOWHERE)) {
            throw new IllegalStateException(
                    "Searches are switched off (interfaces = none in etc/org.nxvms.discovery.cfg)");
        }
        List<InetAddress> addresses = new AddressRanges(network.addresses()).read(order.addresses());
        return new SearchScope(order.seconds() * 1_000, interfaces, addresses, now.packetsPerSecond());
    }

    @Override
    public Optional<DiscoveryScan> scan(UUID id) {
        return known(id).map(found -> found.report(cameras()));
    }

    @Override
    public Optional<DiscoveryScan> await(UUID id, long revision, int timeoutMs) throws InterruptedException {
        Optional<Scan> scan = known(id);
        if (scan.isPresent()) {
            scan.get().await(revision, timeoutMs);
        }
        return scan.map(found -> found.report(cameras()));
    }

    private Optional<Scan> known(UUID id) {
        synchronized (scans) {
            return Optional.ofNullable(scans.get(id));
        }
    }

    /** {@return of each driver asked for its newest version, if that can search} */
    private Map<ShelvedDriver, DeviceSearch> searches(Set<String> drivers) {
        Map<ShelvedDriver, DeviceSearch> searches = new LinkedHashMap<>();
        Set<String> able = new TreeSet<>();
        for (ShelvedDriver driver : shelf.all()) {
            String id = driver.info().id();
            if (able.contains(id) || !drivers.isEmpty() && !drivers.contains(id)) {
                continue;
            }
            search(driver).ifPresent(search -> {
                able.add(id);
                searches.put(driver, search);
            });
        }
        Set<String> missing = new TreeSet<>(drivers);
        missing.removeAll(able);
        if (!missing.isEmpty()) {
            throw new NoSuchResourceException("No driver that can search is installed under the id "
                    + String.join(", ", missing) + " (" + shelf.installedIds() + ").");
        }
        return searches;
    }

    private static Optional<DeviceSearch> search(ShelvedDriver driver) {
        try {
            return Fence.around(driver, () -> driver.service().search());
        } catch (DriverException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void run(Scan scan, ShelvedDriver driver, DeviceSearch search, SearchScope scope) {
        String id = driver.info().id();
        AtomicBoolean over = new AtomicBoolean();
        Thread thread = daemon(
                () -> {
                    try {
                        Fence.around(driver, () -> {
                            search.search(scope, findings(scan, id, search.knowledge()));
                            return true;
                        });
                    } catch (DriverException e) {
                        scan.failed(id, e.getMessage());
                    } catch (InterruptedException e) {
                        scan.failed(id, "It was ended.");
                    } finally {
                        searching.remove(driver.serviceId());
                        if (over.compareAndSet(false, true)) {
                            scan.over();
                        }
                    }
                },
                "nxvms-ctl-search-" + id);
        if (searching.putIfAbsent(driver.serviceId(), thread) != null) {
            scan.failed(id, "The driver " + driver.label() + " has not ended its last search yet.");
            scan.over();
            return;
        }
        thread.start();
        clock.schedule(
                () -> {
                    if (over.compareAndSet(false, true)) {
                        scan.failed(id, "The driver " + driver.label() + " did not end its search in time.");
                        scan.over();
                        thread.interrupt();
                    }
                },
                (long) scope.timeMs() + lateMs,
                TimeUnit.MILLISECONDS);
    }

    private SearchFindings findings(Scan scan, String driver, DeviceSearch.Knowledge knowledge) {
        return allowed(new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                scan.found(driver, knowledge, device, endpoint);
            }

            @Override
            public void gone(String endpoint) {
                scan.gone(driver, endpoint);
            }
        });
    }

    /** What a driver finds where this server speaks to nobody is left out. */
    private SearchFindings allowed(SearchFindings findings) {
        return new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                Optional<String> host = KnownCameras.host(device.address());
                if (host.flatMap(network.addresses()::refusalOf).isEmpty()) {
                    findings.found(device, endpoint);
                }
            }

            @Override
            public void gone(String endpoint) {
                findings.gone(endpoint);
            }
        };
    }

    private KnownCameras cameras() {
        CameraRegistry now = registry;
        try {
            return now == null ? KnownCameras.NONE : KnownCameras.of(now);
        } catch (StoreException e) {
            LOG.debug("The cameras are not read yet; none of what is found is known", e);
            return KnownCameras.NONE;
        }
    }
}
