// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import org.osgi.annotation.versioning.ProviderType;

/** One opened source. */
@ProviderType
public interface SourceSession extends AutoCloseable {
    /**
     * Ends the source and its process. Any thread, never blocks, idempotent; {@link SourceListener#ended}
     * follows unless it was told before.
     */
    @Override
    void close();
}
