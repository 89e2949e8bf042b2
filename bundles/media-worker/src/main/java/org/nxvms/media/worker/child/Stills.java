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
    /** And as much for each that is decoded before. */
    private static final int MORE_MS = 50;

    private static final int MORE_MS_MAX = 20_000;

    private final FrameWriter out;
    private final Watchdog watchdog;
    private final BlockingQueue<StillOrder> orders = new ArrayBlockingQueue<>(WAITING_MAX);
    /** Of the order that is being made; whoever sends more waits. */
    private final BlockingQueue<StillOrder.Picture> more = new ArrayBlockingQueue<>(WAITING_MAX);

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

    /** Main thread; waits while there is enough to do. */
    void add(StillOrder.Picture picture) throws WireException {
        if (!started) {
            throw new WireException("a picture of no still");
        }
        try {
            more.put(picture);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
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

    private void make(StillOrder order) throws IOException, InterruptedException {
        watchdog.expect(STILL_MS_MAX + Math.min(MORE_MS_MAX, order.more() * MORE_MS));
        int left = order.more();
        try (StillMaker maker = new StillMaker(order)) {
            maker.begin();
            while (left > 0) {
                left--;
                maker.add(more.take());
            }
            byte[] still = maker.still();
            out.write(
                    FrameType.STILL,
                    ByteBuffer.allocate(4 + still.length)
                            .putInt(order.number())
                            .put(still)
                            .array());
        } catch (StillMaker.Undecodable undecodable) {
            // They are on their way, and no order's but this one's.
            for (; left > 0; left--) {
                more.take();
            }
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
