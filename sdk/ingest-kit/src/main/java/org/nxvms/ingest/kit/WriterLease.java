// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamWriter;

/**
 * The writer of one stream. Outlives sessions, so that a reconnect keeps the ring, whose size the hub fits to what the
 * camera sends. Loop thread only.
 */
public final class WriterLease {
    private static final long MAIN_BPS = 4_000_000;
    private static final long SUB_BPS = 1_000_000;
    /** Smaller than any ring there is. */
    private static final StreamBudget AS_IT_IS = new StreamBudget(256 << 10, 64, 1024);

    private final StreamHub hub;
    private final StreamId stream;
    private final RunAllowance runs = new RunAllowance();
    private StreamWriter writer;

    public WriterLease(StreamHub hub, StreamId stream) {
        this.hub = hub;
        this.stream = stream;
    }

    /**
     * {@return the writer, opened when there is none}
     *
     * @throws IllegalStateException when the hub has no memory for it
     */
    public StreamWriter writer() {
        if (writer == null || !writer.holdsLease()) {
            writer = hub.openWriter(
                    stream, StreamBudget.forBitrate(stream.role() == StreamRole.MAIN ? MAIN_BPS : SUB_BPS));
        }
        return writer;
    }

    /**
     * Takes the stream over with the ring that it has, from whoever writes it.
     *
     * @return whether there is an open run, which goes on
     */
    public boolean takeOver() {
        writer = hub.openWriter(stream, AS_IT_IS);
        return writer.continueRun() > 0;
    }

    /** Leaves the stream, and the run that is open, to whoever takes it over. */
    public void leave() {
        writer = null;
    }

    /** {@return how many runs the stream may begin} */
    public RunAllowance runs() {
        return runs;
    }

    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }
}
