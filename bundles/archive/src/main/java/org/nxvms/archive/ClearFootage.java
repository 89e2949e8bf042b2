// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeReadable;

/** Opens chunks for those who want to see them; one that is not encrypted stays the file it is, zero copy and all. */
final class ClearFootage {
    /** Run info, chunk head and encryption box have some 350 bytes. */
    private static final int HEAD_BYTES_MAX = 1024;

    private static final int UUID_BOX = 'u' << 24 | 'u' << 16 | 'i' << 8 | 'd';
    private static final int PRFT = 'p' << 24 | 'r' << 16 | 'f' << 8 | 't';
    private static final int MOOF = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'f';

    private final FootageCiphers ciphers;
    private final ClearRoom room;

    ClearFootage(FootageCiphers ciphers) {
        this(ciphers, new ClearRoom());
    }

    ClearFootage(FootageCiphers ciphers, ClearRoom room) {
        this.ciphers = ciphers;
        this.room = room;
    }

    /** A chunk that is still written, or waits to be sealed. */
    VolumeReadable growing(OpenChunk chunk, VolumeReadable file) throws IOException {
        if (chunk.encrypted().isEmpty()) {
            return file;
        }
        return orClose(file, () -> {
            ChunkKey key = ciphers.open(chunk.encrypted().get(), chunk.path());
            return new DecryptedReadable(file, key, chunk.index().get(0).offset(), chunk::fragmentAt, room);
        });
    }

    /** A sealed chunk; whether it is encrypted stands in its head, a page that is read anyhow. */
    VolumeReadable sealed(Segment segment, VolumeReadable file) throws IOException {
        return orClose(file, () -> {
            Optional<ChunkBoxes.Encrypted> box = encryption(segment, file);
            if (box.isEmpty()) {
                return file;
            }
            ChunkKey key = ciphers.open(box.get(), segment.path());
            List<FragmentEntry> index = ChunkReader.index(file, segment.path());
            return new DecryptedReadable(file, key, index.get(0).offset(), offset -> at(index, offset), room);
        });
    }

    private interface Opening {
        VolumeReadable open() throws IOException;
    }

    private static VolumeReadable orClose(VolumeReadable file, Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** Behind the init segment: run info, chunk head, and the box that is looked for, then the first fragment. */
    private static Optional<ChunkBoxes.Encrypted> encryption(Segment segment, VolumeReadable file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES_MAX);
        ChunkReader.fill(new ReadableChannel(file), head, segment.initBytes());
        int at = 0;
        while (head.limit() - at >= 8 && head.getInt(at + 4) == UUID_BOX) {
            Optional<ChunkBoxes.Encrypted> found =
                    read(segment, head.duplicate().position(at));
            if (found.isPresent()) {
                return found;
            }
            if (CipherBox.isAt(head, at)) {
                throw altered(segment);
            }
            int size = head.getInt(at);
            if (size < 8 || size > head.limit() - at) {
                break;
            }
            at += size;
        }
        if (head.limit() - at < 8 || !isFragment(head.getInt(at + 4))) {
            requireClear(segment, file);
        }
        return Optional.empty();
    }

    private static boolean isFragment(int type) {
        return type == PRFT || type == MOOF;
    }

    /** The head is damaged: footage in the clear is evidence all the same, but ciphertext must not go out as footage. */
    private static void requireClear(Segment segment, VolumeReadable file) throws IOException {
        long first = ChunkReader.index(file, segment.path()).get(0).offset();
        ByteBuffer begin = ByteBuffer.allocate(CipherBox.BYTES);
        ChunkReader.fill(new ReadableChannel(file), begin, first);
        if (CipherBox.isAt(begin, 0)) {
            throw altered(segment);
        }
    }

    private static FootageDamagedException altered(Segment segment) {
        return new FootageDamagedException(
                segment.path() + " is encrypted, and its head was altered so that it does not say how");
    }

    private static Optional<ChunkBoxes.Encrypted> read(Segment segment, ByteBuffer at) throws IOException {
        try {
            return ChunkBoxes.Encrypted.read(at);
        } catch (IllegalArgumentException newer) {
            throw new FootageDamagedException(segment.path() + ": " + newer.getMessage());
        }
    }

    private static Optional<FragmentEntry> at(List<FragmentEntry> index, long offset) {
        int low = 0;
        int high = index.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            FragmentEntry entry = index.get(middle);
            if (offset < entry.offset()) {
                high = middle - 1;
            } else if (offset >= entry.offset() + entry.length()) {
                low = middle + 1;
            } else {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
