// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;

/** A media worker that makes a picture of H.264 of each that it is given, on the feeder's own thread. */
final class FakeTranscoder implements Transcoder {
    private static final byte[] SETS = HexFormat.of()
            .parseHex("00000001" + "6742c01ed900a02ff97011000003000100000300320f162e48" + "00000001" + "68cb83cb20");

    final List<Process> processes = new CopyOnWriteArrayList<>();
    /** More than one is a fault: there is one process for all viewers. */
    final AtomicInteger running = new AtomicInteger();
    /** What starting a process does first. */
    volatile Runnable onStart = () -> {};

    /** One process. */
    final class Process implements TranscodeSession {
        final TranscodeRequest request;
        private final SourceListener listener;
        private volatile boolean over;

        Process(TranscodeRequest request, SourceListener listener) {
            this.request = request;
            this.listener = listener;
            running.incrementAndGet();
        }

        @Override
        public void picture(boolean key, long timestamp, ByteBuffer data) throws IOException {
            if (over) {
                throw new IOException("it is over");
            }
            int end = data.limit();
            byte[] slice = {0, 0, 0, 1, (byte) (key ? 0x65 : 0x41), (byte) 0x88, data.get(end - 2), data.get(end - 1)};
            ByteBuffer out = ByteBuffer.allocate(SETS.length + slice.length);
            if (key) {
                out.put(SETS);
            }
            listener.unit(
                    0, key ? SourceListener.KEY : 0, timestamp, out.put(slice).flip());
        }

        @Override
        public void caption(long timestamp, String text) {
            throw new UnsupportedOperationException("nothing is written into live streams");
        }

        /** A sound of so many ticks becomes one of as many, at 48 kHz. */
        @Override
        public void sound(long timestamp, ByteBuffer data) throws IOException {
            if (over) {
                throw new IOException("it is over");
            }
            listener.unit(1, SourceListener.KEY, timestamp * 6, data);
        }

        @Override
        public void finish() {
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, "finished"));
        }

        /** As a process that was killed. */
        void crash() {
            end(new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, "the media process crashed"));
        }

        private synchronized void end(SourceEnd how) {
            if (!over) {
                over = true;
                running.decrementAndGet();
                listener.ended(how);
            }
        }

        @Override
        public void close() {
            end(new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, "closed"));
        }
    }

    @Override
    public TranscodeSession transcode(TranscodeRequest request, SourceListener listener) {
        onStart.run();
        Process process = new Process(request, listener);
        processes.add(process);
        return process;
    }
}
