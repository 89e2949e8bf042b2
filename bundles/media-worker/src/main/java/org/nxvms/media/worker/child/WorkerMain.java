// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameReader;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.HostAnswer;
import org.nxvms.media.worker.wire.SourceOrder;
import org.nxvms.media.worker.wire.StillOrder;
import org.nxvms.media.worker.wire.TranscodeOrder;
import org.nxvms.media.worker.wire.WireException;

/**
 * Entry point of the child. Frames travel over the standard streams; the main thread only reads orders, so that it notices
 * at once when the server is gone, whatever FFmpeg is doing on the other threads.
 */
public final class WorkerMain {
    /** One allocation of FFmpeg's; a picture of 8192 x 4320 needs 53 MiB. */
    private static final long ALLOCATION_BYTES_MAX = 128L << 20;

    private WorkerMain() {}

    public static void main(String[] arguments) {
        FrameWriter out = new FrameWriter(new FileOutputStream(FileDescriptor.out));
        // What anybody prints must not get between the frames.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        int status = 0;
        try {
            Watchdog watchdog = new Watchdog(out);
            watchdog.start();
            LogTap log = new LogTap(out);
            log.install();
            avutil.av_max_alloc(ALLOCATION_BYTES_MAX);
            out.write(
                    FrameType.HELLO,
                    new Body()
                            .number(FrameType.MAGIC)
                            .number(FrameType.VERSION)
                            .text(avutil.av_version_info().getString())
                            .toBytes());
            obey(new FrameReader(new FileInputStream(FileDescriptor.in)), out, watchdog, log);
        } catch (IOException serverGone) {
            status = 1;
        }
        // Not exit: a thread that hangs in native code must not keep the process.
        Runtime.getRuntime().halt(status);
    }

    private static void obey(FrameReader in, FrameWriter out, Watchdog watchdog, LogTap log) throws IOException {
        Stills stills = new Stills(out, watchdog);
        Door door = new Door(out);
        Transcoding transcoding = new Transcoding(out, watchdog);
        int type = in.next();
        while (type >= 0) {
            switch (type) {
                case FrameType.OPEN -> {
                    SourceOrder order = SourceOrder.read(in.body());
                    log.hide(order.password());
                    Thread thread = new Thread(new Source(order, door, out, watchdog, log), "source");
                    thread.setDaemon(true);
                    thread.start();
                }
                case FrameType.TRANSCODE -> transcoding.begin(TranscodeOrder.read(in.body()));
                case FrameType.UNIT -> transcoding.unit(in.body());
                case FrameType.CAPTION -> transcoding.caption(in.body());
                case FrameType.FINISH -> transcoding.finish();
                case FrameType.DECODE -> stills.add(StillOrder.read(in.body()));
                case FrameType.PICTURE -> stills.add(StillOrder.Picture.read(in.body()));
                case FrameType.HOST -> door.answered(HostAnswer.read(in.body()));
                default -> throw new WireException("an order of type " + type);
            }
            type = in.next();
        }
    }
}
