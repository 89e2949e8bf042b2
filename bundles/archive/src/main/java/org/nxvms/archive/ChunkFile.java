// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/** What lies on a volume under a chunk's path, as {@link Arrivals} must know it before either of two files may go. */
final class ChunkFile {
    private static final int BLOCK_BYTES = 256 << 10;

    private final Volume volume;
    private final String path;
    private final boolean absent;
    private final Optional<ChunkReader.Sealed> sealed;

    private ChunkFile(Volume volume, String path, boolean absent, Optional<ChunkReader.Sealed> sealed) {
        this.volume = volume;
        this.path = path;
        this.absent = absent;
        this.sealed = sealed;
    }

    /**
     * Reads head and index.
     *
     * @throws IOException when it cannot be told: a disk that cannot be read says nothing about what is on it
     */
    static ChunkFile look(Volume volume, String path) throws IOException {
        try {
            return new ChunkFile(volume, path, false, ChunkReader.read(volume, path));
        } catch (NoSuchFileException none) {
            // On a volume that is not there every file is missing.
            volume.space();
            return new ChunkFile(volume, path, true, Optional.empty());
        } catch (ChunkReader.DamagedException broken) {
            return new ChunkFile(volume, path, false, Optional.empty());
        }
    }

    Volume volume() {
        return volume;
    }

    boolean isAbsent() {
        return absent;
    }

    /** {@return whether it has all parts of a finished chunk; its footage may still be damaged, see {@link #verify}} */
    boolean isSealed() {
        return sealed.isPresent();
    }

    StoredSegment row() {
        return sealed.orElseThrow().row();
    }

    /** {@return whether both are sealed and say that they hold the same} */
    boolean isSame(ChunkFile other) {
        return isSealed()
                && other.isSealed()
                && row().segment().sizeBytes() == other.row().segment().sizeBytes()
                && row().segment().sha256().equals(other.row().segment().sha256());
    }

    /**
     * Reads all footage and compares it with the root that was sealed.
     *
     * @throws IOException when it cannot be read, is not what was sealed, or nobody waits for the answer any more
     */
    void verify(Pace pace, BooleanSupplier goesOn) throws IOException {
        ChunkReader.Sealed known = sealed.orElseThrow();
        HashChain chain = new HashChain(known.previousRoot());
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        try (VolumeReadable file = volume.read(path)) {
            chain.chain(digest(file, 0, known.entries().get(0).offset(), block, pace, goesOn), 0);
            for (FragmentIndex.Entry entry : known.entries()) {
                chain.chain(digest(file, entry.offset(), entry.bytes(), block, pace, goesOn), 0);
            }
        }
        if (!Optional.of(chain.rootHex()).equals(known.row().segment().sha256())) {
            throw new IOException(path + " on volume " + volume.name() + " is not what was sealed; check the disk");
        }
    }

    private byte[] digest(
            VolumeReadable file, long from, long length, ByteBuffer block, Pace pace, BooleanSupplier goesOn)
            throws IOException {
        MessageDigest digest = sha256();
        long end = from + length;
        for (long at = from; at < end; at += block.limit()) {
            if (!goesOn.getAsBoolean()) {
                throw new IOException("reading " + path + " is given up, since volume " + volume.name() + " leaves");
            }
            block.clear().limit((int) Math.min(block.capacity(), end - at));
            pace.take(block.limit());
            while (block.hasRemaining()) {
                if (file.read(block, at + block.position()) <= 0) {
                    throw new IOException(
                            path + " on volume " + volume.name() + " is shorter than its index says, at byte " + at);
                }
            }
            digest.update(block.flip());
        }
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
