// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that keeps nothing, but counts how much was written and is not on the disk. */
final class CountingFile extends FileChannel {
    /** Nothing becomes durable any more. */
    volatile boolean fails;
    /** Nothing is taken. */
    volatile boolean full;

    private long unforcedMax;
    private long unforced;
    private long position;
    private long size;

    @Override
    public synchronized int write(ByteBuffer source) {
        int written = source.remaining();
        source.position(source.limit());
        position += written;
        size = Math.max(size, position);
        unforced += written;
        unforcedMax = Math.max(unforcedMax, unforced);
        return written;
    }

    @Override
    public synchronized int write(ByteBuffer source, long at) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        int written = source.remaining();
        source.position(source.limit());
        unforced += written;
        unforcedMax = Math.max(unforcedMax, unforced);
        return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        if (fails) {
            throw new IOException("the disk is gone");
        }
        long begun = unforced();
        // What is written meanwhile is not durable with it.
        Thread.yield();
        synchronized (this) {
            unforced -= begun;
        }
    }

    synchronized long unforced() {
        return unforced;
    }

    synchronized long unforcedMax() {
        return unforcedMax;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long at) {
        position = at;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public FileChannel truncate(long bytes) {
        size = Math.min(size, bytes);
        return this;
    }

    @Override
    protected void implCloseChannel() {
        // Nothing is open.
    }

    @Override
    public FileLock tryLock(long from, long bytes, boolean shared) {
        return new FileLock(this, from, bytes, shared) {
            @Override
            public boolean isValid() {
                return true;
            }

            @Override
            public void release() {
                // Nobody else wants it.
            }
        };
    }

    @Override
    public FileLock lock(long from, long bytes, boolean shared) {
        return tryLock(from, bytes, shared);
    }

    @Override
    public int read(ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long from, long bytes, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long bytes) {
        throw new UnsupportedOperationException();
    }
}
