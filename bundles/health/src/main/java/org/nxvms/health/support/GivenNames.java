// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.UserDirectory;
import org.osgi.service.cm.ConfigurationAdmin;

/** Names that people gave, as the services know them now, and what is told instead. */
final class GivenNames {
    /** Words that stand in sentences of ours, and say nothing of anybody. */
    private static final Set<String> OF_EVERYBODY = Set.of(
            "admin",
            "administrator",
            "localhost",
            "shell",
            "root",
            "main",
            "default",
            "archive",
            "data",
            "db",
            "database",
            "postgres",
            "server",
            "camera",
            "broker",
            "mqtt",
            "ldap",
            "mail",
            "ntp");

    private static final int ID_SHOWN = 8;

    private GivenNames() {}

    /** Of a service that is away, or cannot read its database, there are none: the sieve does not rest on them alone. */
    static Map<String, String> of(
            CameraRegistry cameras,
            UserDirectory users,
            ServerIdentity identity,
            Archive archive,
            ConfigurationAdmin settings) {
        Map<String, String> names = new HashMap<>();
        ifItCan(() -> SetHosts.of(settings, System.getenv()).forEach((host, instead) -> put(names, host, instead)));
        if (identity != null) {
            put(names, identity.name(), "[server]");
        }
        ifItCan(() -> {
            if (cameras != null) {
                cameras.list().forEach(camera -> of(camera, names));
            }
        });
        ifItCan(() -> {
            if (users != null) {
                int number = 0;
                for (UserDirectory.User user : users.list()) {
                    put(names, user.username(), "[user-" + ++number + "]");
                }
            }
        });
        ifItCan(() -> {
            if (archive != null) {
                archive.volumes().forEach(volume -> of(volume, names));
            }
        });
        return names;
    }

    private static void of(VolumeUsage volume, Map<String, String> names) {
        String instead = "[volume-" + volume.id().toString().substring(0, ID_SHOWN) + "]";
        put(names, volume.name(), instead);
        // Names begin with a letter or a digit.
        put(names, volume.location().replaceFirst("^/+", ""), instead);
    }

    private static void of(Camera camera, Map<String, String> names) {
        String instead = "[camera-" + camera.id().toString().substring(0, ID_SHOWN) + "]";
        put(names, camera.name(), instead);
        camera.group().ifPresent(group -> put(names, group, "[group]"));
        camera.username().ifPresent(name -> put(names, name, "[login]"));
        Optional.ofNullable(camera.address().getHost()).ifPresent(host -> put(names, host, instead));
        camera.subAddress().map(URI::getHost).ifPresent(host -> put(names, host, instead));
    }

    private static void put(Map<String, String> names, String name, String instead) {
        if (!OF_EVERYBODY.contains(name.toLowerCase(java.util.Locale.ROOT))) {
            names.putIfAbsent(name, instead);
        }
    }

    private static void ifItCan(Runnable read) {
        try {
            read.run();
        } catch (RuntimeException away) {
            org.slf4j.LoggerFactory.getLogger(GivenNames.class)
                    .warn("Names in the support bundle are sieved by their form only: {}", away.getMessage());
        }
    }
}
