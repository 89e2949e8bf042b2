// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.function.LongFunction;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * An encrypted chunk as if it were none, every byte at its own place: payloads in the clear, all else as it lies there.
 * Holds one fragment at a time, and gives out nothing of it before its tag is right. Room for it is taken with the first
 * and kept until the end, so that what has begun is not broken off for who comes later. Several threads.
 */
final class DecryptedReadable implements VolumeReadable {
    private static final int NONE = -1;

    private final VolumeReadable file;
    private final ChunkKey key;
    private final long footageFrom;
    private final LongFunction<Optional<FragmentEntry>> fragments;
    private final ClearRoom room;
    private final FragmentCipher cipher = new FragmentCipher();
    private byte[] clear = new byte[0];
    private long clearFrom = NONE;
    private int clearBytes;
    private boolean closed;

    /**
     * @param footageFrom where the first fragment begins
     * @param fragments finds the one in which a byte lies; empty for what lies behind the last
     */
    DecryptedReadable(
            VolumeReadable file,
            ChunkKey key,
            long footageFrom,
            LongFunction<Optional<FragmentEntry>> fragments,
            ClearRoom room) {
        this.file = file;
        this.key = key;
        this.footageFrom = footageFrom;
        this.fragments = fragments;
        this.room = room;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public synchronized int read(ByteBuffer target, long offset) throws IOException {
        if (offset < footageFrom) {
            return readHead(target, offset);
        }
        Optional<FragmentEntry> fragment = fragments.apply(offset);
        if (fragment.isEmpty()) {
            return file.read(target, offset);
        }
        decrypt(fragment.get());
        int skip = (int) (offset - clearFrom);
        int count = Math.min(target.remaining(), clearBytes - skip);
        target.put(clear, skip, count);
        return count;
    }

    private int readHead(ByteBuffer target, long offset) throws IOException {
        int limit = target.limit();
        target.limit((int) Math.min(limit, target.position() + (footageFrom - offset)));
        try {
            return file.read(target, offset);
        } finally {
            target.limit(limit);
        }
    }

    /** As {@link org.nxvms.platform.api.archive.Archive.SegmentBytes#check}. */
    synchronized void check(long offset) throws IOException {
        Optional<FragmentEntry> fragment = fragments.apply(Math.max(offset, footageFrom));
        if (fragment.isEmpty()) {
            return;
        }
        if (offset < footageFrom) {
            reserve(fragment.get());
        } else {
            decrypt(fragment.get());
        }
    }

    private void decrypt(FragmentEntry fragment) throws IOException {
        if (clearFrom == fragment.offset()) {
            return;
        }
        clearFrom = NONE;
        int length = fragment.length();
        reserve(fragment);
        ByteBuffer target = ByteBuffer.wrap(clear, 0, length);
        while (target.hasRemaining()) {
            if (file.read(target, fragment.offset() + target.position()) <= 0) {
                throw new FootageDamagedException(key.path() + " is shorter than its index says");
            }
        }
        cipher.decrypt(key, clear, length, fragment.offset());
        clearFrom = fragment.offset();
        clearBytes = length;
    }

    /** Makes {@link #clear} long enough; what it holds is lost. */
    private void reserve(FragmentEntry fragment) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int length = fragment.length();
        if (length > FragmentCipher.FRAGMENT_BYTES_MAX) {
            throw new FootageDamagedException(key.path() + ": its index claims a fragment of " + length + " bytes");
        }
        int needed = length + CipherBox.TAG_BYTES;
        if (clear.length < needed) {
            clearFrom = NONE;
            room.take(needed - clear.length);
            // The old one goes first: both at once would be more than was taken.
            clear = new byte[0];
            clear = new byte[needed];
        }
    }

    @Override
    public void close() throws IOException {
        try {
            // First, and without waiting for who reads: it ends a read that a disk does not answer.
            file.close();
        } finally {
            giveBack();
        }
    }

    private synchronized void giveBack() {
        closed = true;
        clearFrom = NONE;
        room.give(clear.length);
        clear = new byte[0];
    }
}
