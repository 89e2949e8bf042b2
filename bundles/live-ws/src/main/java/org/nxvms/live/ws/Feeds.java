// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import org.nxvms.media.StreamId;

/** Where a viewer finds the stream it wants. */
@FunctionalInterface
interface Feeds {
    /** {@return the stream's feed, joined: the caller leaves it later} */
    Feed join(StreamId stream);
}
