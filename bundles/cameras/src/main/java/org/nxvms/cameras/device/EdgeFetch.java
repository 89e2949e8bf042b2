// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;

/** Fetches a part of a device's own recording, as fast as it is read here. */
final class EdgeFetch extends Errand {
    private static final int PIECE_BYTES = 64 << 10;
    /** What waits for its reader. */
    private static final int PIECES_MAX = 4;

    private static final int READER_AWAY_MS_MAX = 60_000;
    private static final int LOOK_MS = 200;

    /** What is fetched. */
    record Order(String recording, Instant from, Instant to) {}

    private final Order order;
    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES_MAX);
    private final CompletableFuture<String> begun = new CompletableFuture<>();
    private volatile Optional<DriverException> failure = Optional.empty();
    private volatile boolean over;
    /** Of the errand's thread. */
    private boolean whole;

    EdgeFetch(UUID camera, Reach.Way way, Order order) {
        super(camera, way);
        this.order = order;
    }

    @Override
    void carryOut(CameraSession session) throws DriverException, InterruptedException {
        EdgeRecordings edge = session.capability(EdgeRecordings.class)
                .orElseThrow(() -> new DriverException(
                        Kind.UNSUPPORTED, "The camera, or its driver, has no recordings of its own."));
        EdgeRecordings.Download download = edge.fetch(order.recording(), order.from(), order.to());
        try {
            String mediaType = download.mediaType();
            outside();
            if (!mediaType.matches("video/[A-Za-z0-9.+-]{1,40}")) {
                throw new DriverException(Kind.PROTOCOL, "The driver names no kind of video file.");
            }
            begun.complete(mediaType);
            pass(download);
        } finally {
            Thread.interrupted();
            within();
            download.close();
        }
    }

    private void pass(EdgeRecordings.Download download) throws DriverException, InterruptedException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        while (!isStopped()) {
            piece.clear();
            within();
            int count = download.read(piece);
            outside();
            if (count < 0) {
                whole = true;
                return;
            }
            if (count == 0 || piece.position() != count) {
                throw new DriverException(Kind.PROTOCOL, "The driver says that it read what it has not.");
            }
            byte[] copy = new byte[count];
            piece.flip().get(copy);
            if (!pieces.offer(copy, READER_AWAY_MS_MAX, TimeUnit.MILLISECONDS)) {
                throw new DriverException(Kind.CLOSED, "Nobody reads what the camera sends; the fetch was ended.");
            }
        }
    }

    @Override
    void over(Optional<DriverException> why) {
        DriverException broken = why.orElseGet(() -> new DriverException(Kind.CLOSED, "The fetch was ended."));
        // What is not read to its end must not look whole, whoever ended it.
        failure = whole ? Optional.empty() : Optional.of(broken);
        over = true;
        begun.completeExceptionally(broken);
    }

    /** {@return completed with the kind of file once the device sends, or with why it does not} */
    CompletableFuture<String> begun() {
        return begun;
    }

    /** {@return what is fetched; closing it ends the fetch} */
    InputStream stream() {
        return new Reader();
    }

    private final class Reader extends InputStream {
        private byte[] piece = new byte[0];
        private int at;

        @Override
        public int read() throws IOException {
            return next() ? piece[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!next()) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, from, count);
            at += count;
            return count;
        }

        /** Waits until a byte is there; {@return false at the end}. */
        private boolean next() throws IOException {
            if (at < piece.length) {
                return true;
            }
            try {
                long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Errands.SILENT_MS_MAX);
                while (true) {
                    boolean last = over; // before the look: what is put there comes first
                    byte[] more = pieces.poll(last ? 0 : LOOK_MS, TimeUnit.MILLISECONDS);
                    if (more != null) {
                        piece = more;
                        at = 0;
                        return true;
                    }
                    if (last) {
                        if (failure.isPresent()) {
                            throw new IOException(failure.get().getMessage());
                        }
                        return false;
                    }
                    if (System.nanoTime() - endNs > 0) {
                        throw new IOException("The camera does not send on; the fetch was ended.");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The reader was interrupted.", e);
            }
        }

        @Override
        public void close() {
            stop();
            pieces.clear();
        }
    }
}
