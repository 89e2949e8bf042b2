// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * Moves one sealed chunk to another volume (ADR 24). Order: locks told, marker, copy, synced, read back and compared, row
 * switched, original removed, marker away. Wherever it breaks off, {@link Arrivals} ends it; at no moment is there less
 * than one whole file that the row names. Mover's thread; blocks on disk, at the pace given.
 */
final class ChunkMove {
    private static final int BLOCK_BYTES = 256 << 10;

    private final LockBook locks;
    private final OpenReaders readers;
    private final Pace pace;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);

    ChunkMove(LockBook locks, OpenReaders readers, Pace pace) {
        this.locks = locks;
        this.readers = readers;
        this.pace = pace;
    }

    /**
     * @param goesOn asked between blocks; a copy that is not wanted any more is taken back
     * @return false when it was not moved, since it is not wanted any more or the chunk is not there any more
     */
    boolean run(Volume source, Volume target, Segment segment, ChunkIndex index, BooleanSupplier goesOn)
            throws IOException {
        String path = segment.path();
        String marker = Arrivals.marker(source, path);
        // What is locked is locked wherever it lies, also when the old volume is never seen again.
        locks.sync(target);
        Markers.move(target).set(marker);
        boolean copied = false;
        try {
            copied = copy(source, target, path, goesOn);
        } finally {
            if (!copied) {
                target.delete(path);
                Markers.move(target).clear(marker);
            }
        }
        if (!copied) {
            return false;
        }
        if (!index.relocate(segment.id(), source.id(), target.id())) {
            target.delete(path);
            Markers.move(target).clear(marker);
            return false;
        }
        readers.removed(segment);
        source.delete(path);
        Markers.move(target).clear(marker);
        return true;
    }

    private boolean copy(Volume source, Volume target, String path, BooleanSupplier goesOn) throws IOException {
        MessageDigest digest = sha256();
        long bytes;
        try (VolumeReadable in = source.read(path);
                VolumeFile out = target.create(path)) {
            bytes = in.size();
            ByteBuffer[] parts = {block};
            for (long at = 0; at < bytes; at += block.limit()) {
                if (!goesOn.getAsBoolean()) {
                    return false;
                }
                read(in, at, bytes, path);
                digest.update(block.duplicate());
                out.write(parts, 0, 1);
            }
            out.force();
            out.forceDirectory();
        }
        byte[] original = digest.digest();
        try (VolumeReadable copy = target.read(path)) {
            if (copy.size() != bytes) {
                throw new IOException("the copy of " + path + " has " + copy.size() + " bytes, not " + bytes);
            }
            for (long at = 0; at < bytes; at += block.limit()) {
                read(copy, at, bytes, path);
                digest.update(block.duplicate());
            }
        }
        if (!MessageDigest.isEqual(original, digest.digest())) {
            throw new IOException("the copy of " + path + " on volume " + target.name()
                    + " is not what was read on volume " + source.name() + "; check both disks");
        }
        return true;
    }

    private void read(VolumeReadable file, long at, long end, String path) throws IOException {
        block.clear().limit((int) Math.min(BLOCK_BYTES, end - at));
        pace.take(block.limit());
        while (block.hasRemaining()) {
            if (file.read(block, at + block.position()) <= 0) {
                throw new IOException(path + " became shorter while it was read");
            }
        }
        block.flip();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
