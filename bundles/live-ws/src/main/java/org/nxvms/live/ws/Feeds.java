// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.rendition.RenditionRefusedException;

/** Where a viewer finds the stream it wants. */
@FunctionalInterface
interface Feeds {
    /**
     * {@return the stream's feed, joined: the caller leaves it later; empty when there is no memory for one more}
     *
     * @param userId who watches
     */
    Optional<Feed> join(Key wanted, UUID userId) throws RenditionRefusedException;

    /** A stream as it is shared: with its sound, or without for those who may not listen. */
    record Key(StreamId stream, boolean sound) {}
}
