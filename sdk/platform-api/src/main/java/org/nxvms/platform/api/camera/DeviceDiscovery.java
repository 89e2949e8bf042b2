// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Looks for devices by the drivers that can. Any thread; nothing waits. One scan at a time; the last few are remembered. */
@ProviderType
public interface DeviceDiscovery {
    int SECONDS_MIN = 1;
    int SECONDS_MAX = 60;
    int SECONDS_DEFAULT = 5;

    /**
     * Begins a scan.
     *
     * @param drivers ids; empty for all that can search
     * @param seconds {@value #SECONDS_MIN}..{@value #SECONDS_MAX}
     * @throws org.nxvms.platform.api.NoSuchResourceException when one of the drivers is not installed or cannot search
     * @throws IllegalStateException when a scan is under way, or no driver can search
     */
    DiscoveryScan begin(Set<String> drivers, int seconds);

    /** {@return a scan with what it has found so far} */
    Optional<DiscoveryScan> scan(UUID id);
}
