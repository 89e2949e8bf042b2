// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;

/**
 * A session with a source between two engines. Made of the JDK's classes alone: nothing in it belongs to the bundle that
 * left it.
 *
 * @param stream what it brings
 * @param run of the stream's run, which stays open
 * @param facts what the engine must know to go on, in its own words; it may be another version that reads them
 * @param channel connected, not blocking, registered nowhere
 * @param unread what came through the channel and was not used, in order
 * @since 0.1
 */
public record LeftSession(
        StreamId stream, OpenRun run, Map<String, String> facts, SocketChannel channel, ByteBuffer unread) {
    public LeftSession {
        facts = Map.copyOf(facts);
    }

    /**
     * The run that is to be continued.
     *
     * @param epoch of the lease that left it open
     * @param endUs wall time at which its footage ends if nobody goes on
     */
    public record OpenRun(long epoch, long endUs) {}

    /** Without the facts, which are long and hold what a session is known by. */
    @Override
    public String toString() {
        return "session of " + stream + ", " + unread.remaining() + " bytes unread";
    }
}
