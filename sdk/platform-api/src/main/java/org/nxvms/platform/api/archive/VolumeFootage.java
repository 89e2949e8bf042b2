// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What becomes of footage whose volume is taken out of use for good: it leaves index, timeline and coverage, which say why,
 * and comes back when the volume does. Any thread; blocks on database and system disk.
 *
 * @since 0.1
 */
@ProviderType
public interface VolumeFootage {
    /**
     * {@return what lies on the volume and nowhere else, as far as the index knows}
     *
     * @throws org.nxvms.platform.api.StoreException when the database does not answer
     */
    Only onlyOn(UUID volumeId);

    /**
     * The volume is about to be taken out of use with what is on it; said before that is done, and durable when it returns.
     * Rows follow once it is gone.
     *
     * @param name for people who look for it later
     * @throws java.io.UncheckedIOException when it cannot be remembered: then it must not be taken out of use
     */
    void leaves(UUID volumeId, String name);

    /** It is not taken out of use after all. */
    void stays(UUID volumeId);

    /** How much it is. */
    record Only(long segments, long bytes) {}
}
