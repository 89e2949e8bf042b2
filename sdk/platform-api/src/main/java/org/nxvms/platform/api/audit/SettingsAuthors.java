// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Knows who changes settings otherwise than by their file, which does not say who it was. From memory; any thread. */
@ProviderType
public interface SettingsAuthors {
    /**
     * {@return who has just changed settings; empty when nobody knows} Each change is told once.
     *
     * @param file name of their file without its ending
     */
    Optional<AuditNote.Actor> take(String file);
}
