// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bytedeco.ffmpeg.global.avutil;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.StillOrder;
import org.nxvms.media.worker.wire.WireException;

/** Makes one still after the other on a thread of its own. */
final class Stills implements Runnable {
    /** The server asks for one at a time; one more may be on its way. */
    private static final int WAITING_MAX = 2;
    /** 4K takes a tenth of a second; what takes this long is hostile. */
    private static final int STILL_MS_MAX = 5_000;

    private final FrameWriter out;
    private final Watchdog watchdog;
    private final BlockingQueue<StillOrder> orders = new ArrayBlockingQueue<>(WAITING_MAX);
    private boolean started;

    Stills(FrameWriter out, Watchdog watchdog) {
        this.out = out;
        this.watchdog = watchdog;
    }

    /** Main thread. */
    void add(StillOrder order) throws WireException {
        if (!started) {
            started = true;
            // Every picture would say the same of its pixel format.
            avutil.av_log_set_level(avutil.AV_LOG_ERROR);
            Thread thread = new Thread(this, "stills");
            thread.setDaemon(true);
            thread.start();
        }
        if (!orders.offer(order)) {
            throw new WireException("more stills at once than agreed");
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                make(orders.take());
            }
        } catch (IOException | InterruptedException serverGone) {
            Runtime.getRuntime().halt(1);
        }
    }

    private void make(StillOrder order) throws IOException {
        watchdog.expect(STILL_MS_MAX);
        try (StillMaker maker = new StillMaker(order)) {
            byte[] jpeg = maker.jpeg();
            out.write(
                    FrameType.STILL,
                    ByteBuffer.allocate(4 + jpeg.length)
                            .putInt(order.number())
                            .put(jpeg)
                            .array());
        } catch (StillMaker.Undecodable undecodable) {
            out.write(
                    FrameType.NO_STILL,
                    new Body()
                            .number(order.number())
                            .text(undecodable.getMessage())
                            .toBytes());
        } finally {
            watchdog.relax();
        }
    }
}
