// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where an engine that goes leaves its running sessions for the one that comes in its place. What the sources send meanwhile
 * is read and kept, within limits, so that they neither notice nor have to drop anything. Any thread; neither method blocks.
 *
 * <p>A session that nobody takes within {@link #HOLD_MS_MAX} is ended, and its run with {@link GapCause#MAINTENANCE}. So
 * nothing must be left when the whole server stops.
 *
 * @since 0.1
 */
@ProviderType
public interface SessionShelf {
    /** How long a session waits for a successor: an exchange takes a second, on a busy machine two. */
    int HOLD_MS_MAX = 8_000;

    /** Leaves a session. It is the shelf's from now on; one that was left for the same stream before is ended. */
    void leave(LeftSession session);

    /**
     * {@return what was left for a stream, with all that came meanwhile; empty when nothing was} It is the caller's from
     * now on: who cannot go on with it closes its channel and ends its run.
     */
    Optional<LeftSession> take(StreamId stream);
}
