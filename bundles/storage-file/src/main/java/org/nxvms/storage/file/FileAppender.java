// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.nxvms.storage.spi.VolumeFile;

/** Appends to one file by gathering writes. The position is kept here, so that a failed write can be cut off. */
final class FileAppender implements VolumeFile {
    private final Folders folders;
    private final Path file;
    private final FileChannel channel;
    private final Consumer<IOException> onFailure;
    private long position;

    FileAppender(Folders folders, Path file, FileChannel channel, Consumer<IOException> onFailure) throws IOException {
        this.folders = folders;
        this.file = file;
        this.channel = channel;
        this.onFailure = onFailure;
        this.position = channel.size();
        channel.position(position);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer[] buffers, int from, int count) throws IOException {
        long left = 0;
        for (int i = from; i < from + count; i++) {
            left += buffers[i].remaining();
        }
        try {
            // The system call takes at most IOV_MAX buffers and may write a part; what is consumed is skipped.
            while (left > 0) {
                long written = channel.write(buffers, from, count);
                position += written;
                left -= written;
                while (count > 0 && !buffers[from].hasRemaining()) {
                    from++;
                    count--;
                }
            }
        } catch (IOException failed) {
            onFailure.accept(failed);
            throw new IOException("writing " + file + " at " + position + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public void rewrite(long offset, ByteBuffer bytes) throws IOException {
        if (offset < 0 || offset + bytes.remaining() > position) {
            throw new IllegalArgumentException(
                    offset + "+" + bytes.remaining() + " is not within the " + position + " bytes of " + file);
        }
        try {
            for (long at = offset; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failed) {
            onFailure.accept(failed);
            throw new IOException("writing " + file + " again at " + offset + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
        channel.position(size);
        position = size;
    }

    @Override
    public void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException failed) {
            onFailure.accept(failed);
            throw new IOException("syncing " + file + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public void forceDirectory() throws IOException {
        try {
            folders.forceEntry(file);
        } catch (IOException failed) {
            onFailure.accept(failed);
            throw new IOException("syncing the folder of " + file + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
