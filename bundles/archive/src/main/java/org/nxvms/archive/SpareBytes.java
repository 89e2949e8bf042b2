// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import org.nxvms.platform.api.archive.Archive.SegmentBytes;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;

/**
 * Bytes of a segment that are read from its copy from the moment on at which its file cannot be read any more; both hold
 * the same. Safe for several threads.
 */
final class SpareBytes implements SegmentBytes {
    /** Opens the copy; empty when there is none. */
    @FunctionalInterface
    interface Copy {
        Optional<SegmentBytes> open();
    }

    private final Copy copy;
    private volatile SegmentBytes current;
    private boolean replaced;
    private boolean closed;

    SpareBytes(SegmentBytes file, Copy copy) {
        this.current = file;
        this.copy = copy;
    }

    @Override
    public long size() throws IOException {
        return current.size();
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        SegmentBytes file = current;
        int from = target.position();
        try {
            int read = file.read(target, offset);
            if (read < 0 && offset < file.size()) {
                throw new EOFException("the file is shorter than it was");
            }
            return read;
        } catch (IOException unreadable) {
            target.position(from);
            return instead(file, unreadable).read(target, offset);
        }
    }

    @Override
    public void check(long offset) throws IOException {
        SegmentBytes file = current;
        try {
            file.check(offset);
        } catch (IOException damaged) {
            instead(file, damaged).check(offset);
        }
    }

    @Override
    public long transferTo(long offset, long length, WritableByteChannel target) throws IOException {
        SegmentBytes file = current;
        if (target instanceof GatheringByteChannel) {
            // Sent by the system: how much of it before a failure nobody can say.
            return file.transferTo(offset, length, target);
        }
        Counted counted = new Counted(target);
        try {
            return file.transferTo(offset, length, counted);
        } catch (IOException failed) {
            if (counted.failed) {
                throw failed;
            }
            SegmentBytes other = instead(file, failed);
            return counted.bytes + other.transferTo(offset + counted.bytes, length - counted.bytes, target);
        }
    }

    /** No other file of the footage would help: what is missing is the key, or memory. */
    static boolean saysNothingOfTheFile(IOException why) {
        return why instanceof FootageKeyMissingException || why instanceof FootageBusyException;
    }

    private synchronized SegmentBytes instead(SegmentBytes failed, IOException why) throws IOException {
        if (current != failed) {
            return current;
        }
        if (closed || replaced || saysNothingOfTheFile(why)) {
            throw why;
        }
        replaced = true;
        SegmentBytes other = copy.open().orElseThrow(() -> why);
        current = other;
        try {
            failed.close();
        } catch (IOException itFailedAnyhow) {
            why.addSuppressed(itFailedAnyhow);
        }
        return other;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        current.close();
    }

    /** Knows what went through, and whether it was the receiver that failed. */
    private static final class Counted implements WritableByteChannel {
        private final WritableByteChannel target;
        private long bytes;
        private boolean failed;

        Counted(WritableByteChannel target) {
            this.target = target;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            try {
                int written = target.write(source);
                bytes += written;
                return written;
            } catch (IOException gone) {
                failed = true;
                throw gone;
            }
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}
