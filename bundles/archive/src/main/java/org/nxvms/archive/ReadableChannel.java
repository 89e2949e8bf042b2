// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.nxvms.storage.spi.VolumeReadable;

/** Shows a volume's file to the media kit, which reads by position only; everything else is refused. */
final class ReadableChannel extends FileChannel {
    private final VolumeReadable file;

    ReadableChannel(VolumeReadable file) {
        this.file = file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw refused();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }

    private static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("only reading by position");
    }

    @Override
    public int read(ByteBuffer target) {
        throw refused();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw refused();
    }

    @Override
    public int write(ByteBuffer source) {
        throw refused();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw refused();
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw refused();
    }

    @Override
    public long position() {
        throw refused();
    }

    @Override
    public FileChannel position(long newPosition) {
        throw refused();
    }

    @Override
    public FileChannel truncate(long size) {
        throw refused();
    }

    @Override
    public void force(boolean metaData) {
        throw refused();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw refused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw refused();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw refused();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw refused();
    }
}
