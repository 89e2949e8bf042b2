// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Adds, changes and removes volumes in folders by their configuration, which takes effect about a second later. Any
 * thread; blocks on the system disk. {@link Archive#volumes()} tells how they fare.
 */
@ProviderType
public interface VolumeAdmin {
    /** {@return the limits of the volumes that are configured, by name; without those whose configuration is wrong} */
    Map<String, VolumeSettings.Limits> volumes();

    /** {@return the folders of the volumes that are configured, by name; also of those that are not in use} */
    default Map<String, String> folders() {
        return Map.of();
    }

    /**
     * Adds a volume.
     *
     * @throws IllegalStateException when there is one of that name; the message says so
     */
    void add(VolumeSettings settings);

    /**
     * Changes what may be changed.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is none of that name
     */
    void change(String name, VolumeSettings.Limits limits);

    /** {@return names of the volumes that are retired} */
    default Set<String> retired() {
        return Set.of();
    }

    /**
     * {@return who a configured volume is, also while it is not in use; empty when it was never initialised or seen}
     *
     * @throws IllegalStateException when that is not known any more; the message says what to do
     */
    default Optional<UUID> identity(String name) {
        return Optional.empty();
    }

    /** {@return names of the volumes that hold copies only (ADR 26)} */
    default Set<String> backups() {
        return Set.of();
    }

    /**
     * Retires a volume, or takes that back: new footage goes to others at once, and what is sealed on it is moved to them.
     * {@link VolumeMoves} tells how far it is.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is none of that name
     * @throws IllegalStateException when no other would be left that takes footage, or it is a backup volume
     */
    default void retire(String name, boolean retired) {
        throw new IllegalStateException("volumes of this kind cannot be retired");
    }

    /**
     * Takes a volume out of use. Its footage stays where it is, and can be seen again once the volume is added again.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is none of that name
     * @throws IllegalStateException when it is the last one that takes footage, since nothing could be recorded any more
     */
    void remove(String name);
}
