// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.nxvms.platform.api.archive.Archive;

/**
 * A text that may be megabytes long, held packed (a tenth of that) while it is sent to who takes it slowly, and given out packed or
 * plain. Read from its beginning to its end. One thread at a time.
 */
final class PackedText implements Archive.SegmentBytes {
    private final long length;
    private final ReadableByteChannel in;
    private long at;

    private PackedText(long length, InputStream in) {
        this.length = length;
        this.in = Channels.newChannel(in);
    }

    /** @param unpack whether it is to be given out plain */
    static PackedText of(byte[] text, boolean unpack) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(Math.max(64, text.length / 8));
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text);
        }
        byte[] bytes = packed.toByteArray();
        return unpack
                ? new PackedText(text.length, new GZIPInputStream(new ByteArrayInputStream(bytes)))
                : new PackedText(bytes.length, new ByteArrayInputStream(bytes));
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        if (offset != at) {
            throw new IllegalArgumentException("read at " + offset + " after " + at);
        }
        int read = in.read(target);
        at += Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
