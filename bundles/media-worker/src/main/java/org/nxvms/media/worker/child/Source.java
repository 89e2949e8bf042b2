// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.SourceOrder;
import org.nxvms.media.worker.wire.TrackFacts;

/** Opens one source and sends its packets to the server until it ends; then the process ends with it. */
final class Source implements Runnable {
    private static final int KEY = 1;
    private static final int DISCONTINUITY = 2;
    /** A larger packet is dropped: no stream the server keeps holds one. */
    private static final int UNIT_BYTES_MAX = 8 << 20;
    /** A file shorter than this would be read without end by its loop. */
    private static final int LOOP_UNITS_MIN = 2;

    private final SourceOrder order;
    private final Door door;
    private final FrameWriter out;
    private final Watchdog watchdog;
    private final LogTap log;
    private final Pacer pacer = new Pacer();
    private byte[] payload = new byte[256 << 10];
    private boolean discontinuity;
    private boolean paced;

    Source(SourceOrder order, Door door, FrameWriter out, Watchdog watchdog, LogTap log) {
        this.order = order;
        this.door = door;
        this.out = out;
        this.watchdog = watchdog;
        this.log = log;
    }

    @Override
    public void run() {
        int status = 0;
        try {
            out.write(FrameType.ENDED, fetch());
        } catch (IOException serverGone) {
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    /** {@return how it ended, as the body of a frame} */
    private byte[] fetch() throws IOException {
        try (Demuxer demuxer = new Demuxer(order, door, watchdog, log)) {
            out.write(FrameType.OPENED, TrackFacts.list(demuxer.open()));
            // These come as they were sent and must be taken out of their buffers at once.
            paced = !demuxer.untimed()
                    && !order.uri().startsWith("srt:")
                    && !order.uri().startsWith("udp:")
                    && !VideoDevice.is(order.uri());
            long units = pass(demuxer);
            while (order.loop() && units >= LOOP_UNITS_MIN) {
                demuxer.rewind();
                discontinuity = true;
                units = pass(demuxer);
            }
            return EndReason.END.body("the source has ended");
        } catch (SourceFailure failure) {
            return failure.reason().body(failure.getMessage());
        } catch (InterruptedException | RuntimeException | LinkageError fault) {
            return EndReason.FAULT.body("fault in the media process: " + fault);
        }
    }

    /** {@return units sent until the end of the source} */
    private long pass(Demuxer demuxer) throws IOException, SourceFailure, InterruptedException {
        long units = 0;
        int track = demuxer.read();
        while (track >= 0) {
            if (send(demuxer, track)) {
                units++;
            }
            track = demuxer.read();
        }
        return units;
    }

    private boolean send(Demuxer demuxer, int track) throws IOException, InterruptedException {
        int size = demuxer.size();
        long ticks = demuxer.untimed() ? System.nanoTime() / 1000 * 9 / 100 : demuxer.ticks(track);
        if (size <= 0 || size > UNIT_BYTES_MAX || ticks == Long.MIN_VALUE) {
            return false;
        }
        if (paced && track == 0) {
            waitFor(demuxer.decodeUs(track));
        }
        TrackFacts changed = demuxer.changed(track);
        if (changed != null) {
            Body body = new Body().number(track);
            changed.write(body);
            out.write(FrameType.CHANGED, body.toBytes());
        }
        if (payload.length < size) {
            payload = new byte[Math.min(UNIT_BYTES_MAX, Math.max(size, payload.length * 2))];
        }
        demuxer.copyTo(payload);
        int flags = demuxer.key() ? KEY : 0;
        if (discontinuity && track == 0) {
            flags |= DISCONTINUITY;
            discontinuity = false;
        }
        out.unit(track, flags, ticks, payload, size);
        return true;
    }

    private void waitFor(long decodeUs) throws InterruptedException {
        long waitNs = pacer.waitNs(decodeUs, System.nanoTime());
        discontinuity |= pacer.jumped();
        if (waitNs > 0) {
            TimeUnit.NANOSECONDS.sleep(waitNs);
        }
    }
}
