// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.rendition;

import java.util.List;
import java.util.UUID;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Has renditions made. One encoding serves all who read the rendition in the stream hub, however many; it ends some seconds after
 * the last of them. Readers are the wish: what is read goes on being made when this service is exchanged.
 */
@ProviderType
public interface Renditions {
    /**
     * Has a rendition made, or finds it made already. Any thread, returns at once; the caller then opens a reader in the hub
     * within a few seconds. Does nothing for a stream that is no rendition.
     *
     * @throws RenditionRefusedException when the form is none, or as many are made and wait as may be
     */
    void open(StreamId stream) throws RenditionRefusedException;

    /**
     * As the other, for a user: of those that are made and wait, one user has begun only so many. A rendition that is made already
     * counts for who began it, and is found by all.
     *
     * @throws RenditionRefusedException also when the user has begun as many as one user may
     * @since 1.1.0
     */
    default void open(StreamId stream, UUID userId) throws RenditionRefusedException {
        open(stream);
    }

    /**
     * As {@link #open(StreamId)}, and waits until there is a picture, for who must know its format.
     *
     * @param timeoutMs 1..15_000
     * @throws RenditionRefusedException also when no picture comes in time; the message says what it waits for
     */
    StreamFormat await(StreamId stream, int timeoutMs) throws RenditionRefusedException;

    /**
     * As the other, for a user; see {@link #open(StreamId, UUID)}.
     *
     * @since 1.1.0
     */
    default StreamFormat await(StreamId stream, UUID userId, int timeoutMs) throws RenditionRefusedException {
        return await(stream, timeoutMs);
    }

    /** {@return those that are made or wait} */
    List<RenditionStatus> statuses();
}
