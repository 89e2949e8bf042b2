// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;

/** Copies a chunk's file to another volume, byte by byte: synced, read back and compared. One thread; blocks on disk. */
final class ChunkCopy {
    static final int BLOCK_BYTES = 256 << 10;

    private final Pace pace;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);

    ChunkCopy(Pace pace) {
        this.pace = pace;
    }

    /**
     * What was made is left to the caller, whatever comes of it.
     *
     * @param goesOn asked between blocks
     * @param created told once there is a file at the target
     * @return false when it does not go on
     */
    boolean run(Volume source, Volume target, String path, BooleanSupplier goesOn, Runnable created)
            throws IOException {
        MessageDigest digest = ChunkFile.sha256();
        long bytes;
        try (VolumeReadable in = source.read(path);
                VolumeFile out = target.create(path)) {
            created.run();
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
}
