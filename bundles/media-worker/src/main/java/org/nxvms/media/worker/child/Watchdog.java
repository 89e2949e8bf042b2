// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;

/**
 * Tells the server that the process lives, and ends the process when FFmpeg does not come back: a native call that ignores its
 * interrupt callback can only be ended together with its process.
 */
final class Watchdog extends Thread {
    private static final long NONE = Long.MAX_VALUE;
    /** How long after its deadline a call may take to notice its interrupt callback. */
    private static final long GRACE_NS = 2_000_000_000L;

    private final FrameWriter out;
    private volatile long deadlineNs = NONE;

    Watchdog(FrameWriter out) {
        super("watchdog");
        setDaemon(true);
        this.out = out;
    }

    /** A native call begins that shall end within this time. */
    void expect(long timeoutMs) {
        deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
    }

    void relax() {
        deadlineNs = NONE;
    }

    /** Asked by FFmpeg about ten times a second while it waits. */
    boolean overdue() {
        long deadline = deadlineNs;
        return deadline != NONE && System.nanoTime() - deadline > 0;
    }

    @Override
    public void run() {
        try {
            while (true) {
                out.write(FrameType.HEARTBEAT, new byte[0]);
                long deadline = deadlineNs;
                if (deadline != NONE && System.nanoTime() - deadline > GRACE_NS) {
                    out.write(FrameType.ENDED, EndReason.FAULT.body("FFmpeg did not come back from a call in time"));
                    Runtime.getRuntime().halt(3);
                }
                Thread.sleep(FrameType.HEARTBEAT_MS);
            }
        } catch (IOException | InterruptedException serverGone) {
            Runtime.getRuntime().halt(1);
        }
    }
}
