// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.plugin.Plugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health of plugins: those that are to run do. */
@Component(service = HealthCheck.class)
public final class PluginsHealth implements HealthCheck {
    private final PluginInstaller installer;

    @Activate
    public PluginsHealth(@Reference PluginInstaller installer) {
        this.installer = installer;
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public boolean requiredForReadiness() {
        // What a driver is needed for goes on without it.
        return false;
    }

    @Override
    public Result check() {
        List<Plugin> all = installer.plugins();
        Map<String, Object> figures = Map.of("plugins", all.size());
        Optional<String> trouble = installer.trouble();
        if (trouble.isPresent()) {
            return new Result(Status.DOWN, trouble.get() + ".", figures).found("plugin_inventory_unreadable");
        }
        List<String> failed = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Plugin plugin : all) {
            if (plugin.state() == Plugin.State.FAILED) {
                failed.add(plugin.name() + " " + plugin.current().version() + ": " + plugin.detail());
                findings.add(new Finding("plugin_failed", Map.of("plugin", plugin.name())));
            }
        }
        return failed.isEmpty()
                ? new Result(Status.UP, "", figures)
                : new Result(Status.DEGRADED, String.join(" ", failed), figures, findings);
    }
}
