// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between files and parts, behind what puts in values from elsewhere (OSGi Compendium 104.9): a part whose settings cannot be converted would not be there at all,
 * and with it recording would stop for a slip of the pen. Called on the threads that bring settings.
 */
@Component(
        service = {ConfigurationPlugin.class, ConfigurationListener.class, HealthCheck.class},
        property = ConfigurationPlugin.CM_RANKING + ":Integer=900")
public final class SettingsGuard implements ConfigurationPlugin, ConfigurationListener, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsGuard.class);
    private static final String FILE = "felix.fileinstall.filename";
    private static final int SHOWN_MAX = 5;
    /** The container's own, whose metatype leaves out half of what they take. */
    private static final List<String> OTHERS = List.of("org.apache.", "org.ops4j.", "org.eclipse.");

    private final CheckedSettings settings;
    /** Sentences by PID. */
    private final Map<String, List<String>> faults = new ConcurrentSkipListMap<>();

    @Activate
    public SettingsGuard(BundleContext context) {
        this(new CheckedSettings(new KnownSettings(context)::of));
    }

    SettingsGuard(CheckedSettings settings) {
        this.settings = settings;
    }

    @Override
    public void modifyConfiguration(ServiceReference<?> receiver, Dictionary<String, Object> properties) {
        if (!(properties.get(Constants.SERVICE_PID) instanceof String pid)
                || OTHERS.stream().anyMatch(pid::startsWith)) {
            return;
        }
        Optional<String> factory = Optional.ofNullable(properties.get(ConfigurationAdmin.SERVICE_FACTORYPID))
                .map(String::valueOf);
        List<String> now = settings.put(pid, factory, properties).stream()
                .map(fault -> file(pid, properties) + ": " + fault.key() + " " + fault.what() + "; " + fault.instead()
                        + ". docs/settings.md has what it can be")
                .toList();
        List<String> before = now.isEmpty() ? faults.remove(pid) : faults.put(pid, now);
        if (!now.equals(before)) {
            now.forEach(LOG::error);
            if (before != null && now.isEmpty()) {
                LOG.info("{} is in order again", file(pid, properties));
            }
        }
    }

    private static String file(String pid, Dictionary<String, Object> properties) {
        try {
            return Optional.ofNullable(properties.get(FILE))
                    .map(uri -> Path.of(URI.create(String.valueOf(uri))).toString())
                    .orElse("configuration " + pid);
        } catch (IllegalArgumentException noFile) {
            return "configuration " + pid;
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            settings.forget(event.getPid());
            faults.remove(event.getPid());
        }
    }

    // ---- health

    @Override
    public String name() {
        return "settings";
    }

    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        List<String> all = faults.values().stream().flatMap(List::stream).toList();
        if (all.isEmpty()) {
            return Result.up();
        }
        String more = all.size() > SHOWN_MAX ? " | and " + (all.size() - SHOWN_MAX) + " more; see the log" : "";
        return new Result(
                Status.DEGRADED,
                String.join(" | ", all.subList(0, Math.min(all.size(), SHOWN_MAX))) + more,
                Map.of("faults", all.size()));
    }
}
