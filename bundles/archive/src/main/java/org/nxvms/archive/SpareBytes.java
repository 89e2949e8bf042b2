// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
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
}
