// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of one stream and the memory it asks for: what the stream really sends is measured, and a ring that turns out
 * too small for it is replaced at a key frame. Outlives sessions, so that a reconnect keeps the ring. Loop thread only.
 */
public final class WriterLease {
    private static final Logger LOG = LoggerFactory.getLogger(WriterLease.class);
    private static final long MAIN_BPS = 4_000_000;
    private static final long SUB_BPS = 1_000_000;
    private static final long MEASURE_NS = 5_000_000_000L;
    /** The ring is sized for 14 s of payload; replaced when the real rate leaves less than 10 s. */
    private static final double TOLERANCE = 1.4;

    private static final double HEADROOM = 1.25;

    private final StreamHub hub;
    private final StreamId stream;
    private final RunAllowance runs = new RunAllowance();
    private StreamWriter writer;
    private long plannedBps;
    private long measuredBps;
    private long windowStartNs;
    private long windowBytes;
    private boolean windowOpen;
    private boolean refused;

    public WriterLease(StreamHub hub, StreamId stream) {
        this.hub = hub;
        this.stream = stream;
        this.plannedBps = stream.role() == StreamRole.MAIN ? MAIN_BPS : SUB_BPS;
    }

    /**
     * {@return the writer, opened when there is none}
     *
     * @throws IllegalStateException when the hub has no memory for it
     */
    public StreamWriter writer() {
        if (writer == null || !writer.holdsLease()) {
            writer = hub.openWriter(stream, StreamBudget.forBitrate(plannedBps));
        }
        return writer;
    }

    /** {@return how many runs the stream may begin} */
    public RunAllowance runs() {
        return runs;
    }

    public void received(int bytes, long nowNs) {
        if (!windowOpen) {
            windowOpen = true;
            windowStartNs = nowNs;
            windowBytes = 0;
        }
        windowBytes += bytes;
        if (nowNs - windowStartNs >= MEASURE_NS) {
            measuredBps = windowBytes * 8_000_000_000L / (nowNs - windowStartNs);
            windowOpen = false;
        }
    }

    public boolean wantsMoreMemory() {
        return !refused && measuredBps > plannedBps * TOLERANCE;
    }

    /** Takes a larger ring; when the hub has no memory for it, the present one has to do. */
    public StreamWriter renew() {
        long wished = (long) (measuredBps * HEADROOM);
        try {
            writer = hub.openWriter(stream, StreamBudget.forBitrate(wished));
            plannedBps = wished;
        } catch (IllegalStateException noMemory) {
            refused = true;
            LOG.warn(
                    "{} sends {} kbit/s and keeps a ring for {} kbit/s: {}",
                    stream,
                    measuredBps / 1000,
                    plannedBps / 1000,
                    noMemory.getMessage());
        }
        return writer;
    }

    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }
}
