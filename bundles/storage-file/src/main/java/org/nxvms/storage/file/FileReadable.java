// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.nxvms.storage.spi.VolumeReadable;

/** Reads one file by position; into a buffer outside the heap the kernel copies by itself. */
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
    public void close() throws IOException {
        channel.close();
    }
}
