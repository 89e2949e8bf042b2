// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.support;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes a ZIP with what somebody needs who helps: versions, states, figures, recent log lines. No secret is in it, and no name of
 * a person or a camera. Called on threads of requests and of the shell; blocks for as long as it collects and writes.
 */
@ProviderType
public interface SupportBundles {
    /**
     * Writes one. What cannot be told now is said to be missing in it; the rest is written all the same.
     *
     * @param out is not closed
     * @param progress told the name of each file before it is written
     * @throws SupportBusyException when another one is being written; nothing was written then
     * @throws IOException when {@code out} failed, or takes what it gets so slowly that the time is over: what was written is torn
     */
    Written write(OutputStream out, Consumer<String> progress) throws IOException;

    /**
     * What was written.
     *
     * @param bytes before it was packed
     */
    record Written(int files, long bytes) {}
}
