// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bytedeco.ffmpeg.global.avutil;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.TranscodeOrder;
import org.nxvms.media.worker.wire.WireException;

/** Encodes one stream anew on a thread of its own; then the process ends with it. */
final class Transcoding implements Runnable {
    private static final int KEY = 1;
    private static final int HEADER_BYTES = 10;
    /** What comes faster waits in the pipe, and its writer in the server. */
    private static final int WAITING_MAX = 8;
    /** A picture of 8K takes a second; what takes this long is hostile. */
    private static final int PICTURE_MS_MAX = 10_000;
    /** So many in a row without a picture, and none will come; those that are shown later are far fewer. */
    private static final int FRUITLESS_MAX = 250;

    private static final Unit LAST = new Unit(0, false, 0, new byte[0], Optional.empty());

    private record Unit(int track, boolean key, long timestamp, byte[] data, Optional<Caption> caption) {}

    private record Caption(long timestamp, String text) {}

    private final FrameWriter out;
    private final Watchdog watchdog;
    private final BlockingQueue<Unit> units = new ArrayBlockingQueue<>(WAITING_MAX);
    private TranscodeOrder order;
    /** Of the picture that comes next. */
    private Optional<Caption> caption = Optional.empty();

    Transcoding(FrameWriter out, Watchdog watchdog) {
        this.out = out;
        this.watchdog = watchdog;
    }

    /** Main thread. */
    void begin(TranscodeOrder wanted) throws WireException {
        if (order != null) {
            throw new WireException("more than one stream to encode");
        }
        order = wanted;
        // A camera's damaged pictures would say so each.
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
        Thread thread = new Thread(this, "transcoding");
        thread.setDaemon(true);
        thread.start();
    }

    /** Main thread; waits while there is enough to do. */
    void unit(ByteBuffer body) throws IOException {
        if (order == null || body.remaining() <= HEADER_BYTES) {
            throw new WireException("a unit of " + body.remaining() + " bytes");
        }
        int track = body.get();
        boolean key = (body.get() & KEY) != 0;
        long timestamp = body.getLong();
        byte[] data = new byte[body.remaining()];
        body.get(data);
        put(new Unit(track, key, timestamp, data, track == 0 ? caption : Optional.empty()));
        if (track == 0) {
            caption = Optional.empty();
        }
    }

    /** Main thread: what is written into the next picture. */
    void caption(ByteBuffer body) throws WireException {
        caption = Optional.of(new Caption(Body.whole(body), Body.text(body)));
    }

    /** Main thread: nothing follows. */
    void finish() throws IOException {
        if (order == null) {
            throw new WireException("the end of no stream");
        }
        put(LAST);
    }

    private void put(Unit unit) throws IOException {
        try {
            units.put(unit);
        } catch (InterruptedException stop) {
            throw new IOException("interrupted", stop);
        }
    }

    @Override
    public void run() {
        int status = 0;
        try {
            out.write(FrameType.ENDED, encode());
        } catch (IOException serverGone) {
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    private byte[] encode() throws IOException {
        try (Recoder recoder = new Recoder(order, out)) {
            int fruitless = 0;
            while (fruitless < FRUITLESS_MAX) {
                Unit unit = units.take();
                watchdog.expect(PICTURE_MS_MAX);
                if (unit == LAST) {
                    recoder.finish();
                    return EndReason.END.body("it is encoded to its end");
                }
                if (unit.track() == 0) {
                    unit.caption().ifPresent(of -> recoder.caption(of.timestamp(), of.text()));
                    fruitless = recoder.take(unit.key(), unit.timestamp(), unit.data()) ? 0 : fruitless + 1;
                } else {
                    recoder.sound(unit.timestamp(), unit.data());
                }
                watchdog.relax();
            }
            return EndReason.UNSUPPORTED.body("the camera's pictures cannot be decoded");
        } catch (Recoder.Unusable unusable) {
            return EndReason.UNSUPPORTED.body(unusable.getMessage());
        } catch (InterruptedException | RuntimeException | LinkageError fault) {
            return EndReason.FAULT.body("fault in the media process: " + fault);
        }
    }
}
