// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Footage that was removed before its retention was over, since its volume had no room. Any thread; at once.
 *
 * @since 0.1
 */
@ProviderType
public interface EarlyRemoval {
    /** {@return volumes of which something went so, since the server started} */
    List<OfVolume> totals();

    /**
     * How much it is.
     *
     * @param volume the volume's name
     */
    record OfVolume(UUID volumeId, String volume, long segments, long bytes) {}
}
