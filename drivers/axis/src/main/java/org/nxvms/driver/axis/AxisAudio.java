// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** The loudspeaker, by {@code audio/transmit.cgi}: one long POST of G.711 mu-law. */
final class AxisAudio implements AudioOut {
    private static final String PATH = "/axis-cgi/audio/transmit.cgi";
    private static final Format NARROW = new Format(Codec.PCMU, 8_000, 1);
    private static final Format WIDE = new Format(Codec.PCMU, 16_000, 1);

    private final AxisHttp http;
    private volatile Optional<Speech> open = Optional.empty();
    private volatile boolean closed;

    AxisAudio(AxisHttp http) {
        this.http = http;
    }

    @Override
    public List<Format> formats() {
        return List.of(NARROW, WIDE);
    }

    @Override
    public Talk talk(Format format) throws DriverException {
        if (!formats().contains(format)) {
            throw new DriverException(Kind.UNSUPPORTED, "The camera is sent G.711 mu-law at 8 or 16 kHz only.");
        }
        FramePipe pipe = new FramePipe(http.executor());
        String type = format.equals(NARROW) ? "audio/basic" : "audio/axis-mulaw-128";
        Speech speech = new Speech(http, pipe, http.upload(PATH, type, pipe));
        open = Optional.of(speech);
        if (closed) {
            // Closed while the camera was asked: close() did not see this talk.
            speech.close();
            throw new DriverException(Kind.CLOSED, "The session has been closed.");
        }
        return speech;
    }

    /** With its session ends what was begun in it. */
    void close() {
        closed = true;
        open.ifPresent(Speech::close);
    }

    /** One talk under way. */
    private record Speech(AxisHttp http, FramePipe pipe, CompletableFuture<HttpResponse<Void>> answer) implements Talk {
        @Override
        public void send(ByteBuffer frame) throws DriverException, InterruptedException {
            http.requireOpen();
            if (answer.isDone()) {
                throw new DriverException(Kind.UNREACHABLE, "The camera has ended the talk; begin anew.");
            }
            byte[] bytes = new byte[frame.remaining()];
            frame.get(bytes);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(http.timeoutMs());
            while (!pipe.put(ByteBuffer.wrap(bytes))) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the talk was ended");
                }
                if (System.nanoTime() - end > 0 || answer.isDone()) {
                    throw new DriverException(
                            Kind.UNREACHABLE, "The camera takes no more sound for " + http.timeoutMs() + " ms.");
                }
            }
        }

        @Override
        public void close() {
            pipe.close();
            answer.cancel(true);
        }
    }
}
