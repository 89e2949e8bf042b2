// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeSettings;

/** Volumes as they are configured, in memory, by the contract's rules. */
public final class FakeVolumeAdmin implements VolumeAdmin {
    public final Map<String, VolumeSettings.Limits> configured = new TreeMap<>();
    public final Map<String, String> folders = new TreeMap<>();
    public final Set<String> retired = new TreeSet<>();
    public final Set<String> backups = new TreeSet<>();

    @Override
    public Map<String, VolumeSettings.Limits> volumes() {
        return configured;
    }

    @Override
    public Map<String, String> folders() {
        return folders;
    }

    @Override
    public Set<String> retired() {
        return retired;
    }

    /** Who they are, once they were initialised. */
    public final Map<String, UUID> identities = new TreeMap<>();

    /** Of whom that is not known any more. */
    public final Set<String> spoilt = new TreeSet<>();

    @Override
    public Optional<UUID> identity(String name) {
        if (spoilt.contains(name)) {
            throw new IllegalStateException("which footage is on volume " + name + " is not known");
        }
        return Optional.ofNullable(identities.get(name));
    }

    @Override
    public Set<String> backups() {
        return backups;
    }

    @Override
    public void retire(String name, boolean wanted) {
        if (!configured.containsKey(name)) {
            throw new NoSuchResourceException("There is no volume " + name);
        }
        if (wanted && configured.size() == 1) {
            throw new IllegalStateException("volume " + name + " is the only one that takes footage");
        }
        if (wanted) {
            retired.add(name);
        } else {
            retired.remove(name);
        }
    }

    @Override
    public void add(VolumeSettings settings) {
        if (configured.putIfAbsent(settings.name(), settings.limits()) != null) {
            throw new IllegalStateException("there is a volume " + settings.name() + " already");
        }
        if (settings.role() == VolumeSettings.Role.BACKUP) {
            backups.add(settings.name());
        }
    }

    @Override
    public void change(String name, VolumeSettings.Limits limits) {
        if (configured.replace(name, limits) == null) {
            throw new NoSuchResourceException("There is no volume " + name);
        }
    }

    @Override
    public void remove(String name) {
        if (!configured.containsKey(name)) {
            throw new NoSuchResourceException("There is no volume " + name);
        }
        if (configured.size() == 1) {
            throw new IllegalStateException("volume " + name + " is the only one");
        }
        configured.remove(name);
    }
}
