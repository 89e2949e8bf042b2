// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Encodes streams anew in child processes of the lowest priority, one for each.
 *
 * @since 0.1
 */
@ProviderType
public interface Transcoder {
    /**
     * Begins. Any thread; returns at once. What becomes of it, also that no process could be started, is told to the listener:
     * a track {@code h264}, its pictures with start codes and parameter sets within, their time stamps those of the units
     * they are made of; and a track {@code opus} where sound was asked for.
     */
    TranscodeSession transcode(TranscodeRequest request, SourceListener listener);
}
