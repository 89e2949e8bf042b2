// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drivers installed now, several versions of one id side by side, and which version serves which camera: the one on trial
 * with it, else the one that was chosen, else the newest. Any thread.
 */
public final class DriverShelf {
    private static final Logger LOG = LoggerFactory.getLogger(DriverShelf.class);
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Comparator<ShelvedDriver> BY_ID_NEWEST_FIRST = Comparator.comparing(
                    (ShelvedDriver d) -> d.info().id())
            .thenComparing(ShelvedDriver::version, Comparator.reverseOrder())
            .thenComparing(ShelvedDriver::serviceId, Comparator.reverseOrder());

    /** A version that is tried with some cameras. */
    private record Trial(Version version, Predicate<UUID> cameras) {}

    private final List<ShelvedDriver> drivers = new CopyOnWriteArrayList<>();
    private final Map<String, Version> chosen = new ConcurrentHashMap<>();
    private final Map<String, Trial> trials = new ConcurrentHashMap<>();
    private final DeviceDoor door;

    /** @param door which devices drivers are sent to */
    public DriverShelf(DeviceDoor door) {
        this.door = door;
    }

    /**
     * Takes a driver in. One that fails to say what it is, or breaks the contract of its id, stays out
     * and is logged.
     *
     * @return the driver as shelved, empty when refused
     */
    public Optional<ShelvedDriver> add(long serviceId, Version version, String bundle, CameraDriver service) {
        DriverInfo info;
        Optional<List<DriverSetting>> settings;
        try {
            info = service.info();
            // A list of the driver's own class would keep its class loader.
            settings = service.settings().map(List::copyOf);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("The driver in bundle {} {} cannot say what it is and stays unused", bundle, version, e);
            return Optional.empty();
        }
        if (info == null || !ID.matcher(info.id()).matches()) {
            LOG.warn(
                    "The driver in bundle {} {} stays unused: its id must be 1..40 lower-case letters, digits, hyphens",
                    bundle,
                    version);
            return Optional.empty();
        }
        ShelvedDriver shelved = new ShelvedDriver(serviceId, info, version, bundle, service, settings, door);
        drivers.add(shelved);
        return Optional.of(shelved);
    }

    /** {@return what was taken out, empty when it was never in} */
    public Optional<ShelvedDriver> remove(long serviceId) {
        for (ShelvedDriver driver : drivers) {
            if (driver.serviceId() == serviceId && drivers.remove(driver)) {
                return Optional.of(driver);
            }
        }
        return Optional.empty();
    }

    /** {@return the driver that serves cameras of this id, trials apart} */
    public Optional<ShelvedDriver> serving(String id) {
        Version version = chosen.get(id);
        return (version == null ? Optional.<ShelvedDriver>empty() : find(id, version)).or(() -> newest(id));
    }

    /** {@return the driver that serves a camera now} */
    public Optional<ShelvedDriver> serving(String id, UUID camera) {
        Trial trial = trials.get(id);
        Optional<ShelvedDriver> tried =
                trial != null && trial.cameras().test(camera) ? find(id, trial.version()) : Optional.empty();
        return tried.or(() -> serving(id));
    }

    /** {@return one version of a driver; of two registrations the later one} */
    public Optional<ShelvedDriver> find(String id, Version version) {
        return drivers.stream()
                .filter(d -> d.info().id().equals(id) && d.version().equals(version))
                .min(BY_ID_NEWEST_FIRST);
    }

    private Optional<ShelvedDriver> newest(String id) {
        return drivers.stream().filter(d -> d.info().id().equals(id)).min(BY_ID_NEWEST_FIRST);
    }

    /** From now on this version serves, as long as it is installed. */
    public void choose(String id, Version version) {
        chosen.put(id, version);
    }

    /** {@return the version chosen, installed or not} */
    public Optional<Version> chosen(String id) {
        return Optional.ofNullable(chosen.get(id));
    }

    /** {@return the versions chosen, by driver} */
    public Map<String, Version> chosen() {
        return Map.copyOf(chosen);
    }

    /** For the time being this version serves these cameras. */
    public void tryOut(String id, Version version, Predicate<UUID> cameras) {
        trials.put(id, new Trial(version, cameras));
    }

    public void endTrial(String id) {
        trials.remove(id);
    }

    /** {@return all, by id, newest version first} */
    public List<ShelvedDriver> all() {
        return drivers.stream().sorted(BY_ID_NEWEST_FIRST).toList();
    }

    /** {@return the installed ids as a phrase for messages} */
    public String installedIds() {
        TreeSet<String> ids = new TreeSet<>();
        drivers.forEach(d -> ids.add(d.info().id()));
        return ids.isEmpty() ? "no driver is installed" : "installed: " + String.join(", ", ids);
    }
}
