// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.nxvms.storage.spi.VolumeReadable;

/** Reads one file by position; {@code transferTo} is the kernel's sendfile(2) where the target is a socket. */
final class FileReadable implements VolumeReadable {
    private final FileChannel channel;

    FileReadable(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        return channel.read(target, offset);
    }

    @Override
    public long transferTo(long offset, long length, WritableByteChannel target) throws IOException {
        return channel.transferTo(offset, length, target);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
