// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads no faster than at a pace, which may change, so that the network and the disk are others'; and no more than what there
 * can be. One thread.
 */
final class PacedInput extends FilterInputStream {
    private static final int PIECE_BYTES = 64 << 10;

    /** More came than there can be. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("more comes of it than its time can hold");
        }
    }

    private final LongSupplier bytesPerSecond;
    private long dueNanos = System.nanoTime();
    private long left;

    /** @param most bytes that are read */
    PacedInput(InputStream in, LongSupplier bytesPerSecond, long most) {
        super(in);
        this.bytesPerSecond = bytesPerSecond;
        this.left = most;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        pause(1);
        return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, Math.min(length, PIECE_BYTES));
        pause(read);
        return read;
    }

    private void pause(int bytes) throws IOException {
        left -= Math.max(0, bytes);
        if (left < 0) {
            throw new TooLong();
        }
        long now = System.nanoTime();
        dueNanos =
                Math.max(dueNanos, now) + Math.max(0, bytes) * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond.getAsLong();
        try {
            TimeUnit.NANOSECONDS.sleep(dueNanos - now);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("filling is ended").initCause(stop);
        }
    }
}
