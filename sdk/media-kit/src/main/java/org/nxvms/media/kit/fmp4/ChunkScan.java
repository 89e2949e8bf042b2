// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the whole fragments of a chunk file, also of one whose writer died: everything up to {@link #wholeBytes()} is
 * sound, what follows may be cut off. Reads headers only, so the time depends on the number of fragments, not on bytes.
 *
 * @param init the init segment
 * @param fragments whole fragments in file order
 * @param wholeBytes position behind the last whole fragment, or behind the init segment when there is none
 * @param problem why the scan stopped before the end of the file; empty when all of it was understood
 */
public record ChunkScan(InitReader.Init init, List<Fragment> fragments, long wholeBytes, Optional<String> problem) {
    /**
     * One whole fragment.
     *
     * @param offset where it begins in the file, {@code prft} and {@link CipherBox} included
     * @param bytes all of it
     * @param moofOffset where its {@code moof} begins; sample offsets count from there
     * @param wallUs capture time of its first access unit, 0 if the file does not tell
     * @param header its access units
     */
    public record Fragment(long offset, long bytes, long moofOffset, long wallUs, FragmentHeader header) {
        /** {@return whether the first access unit of the first track is a key} */
        public boolean startsWithKey() {
            return header.track(0)
                    .map(table -> table.count() > 0 && table.key()[0])
                    .orElse(false);
        }
    }

    /** Bounds a scan of a hostile file; a chunk of five minutes has some hundred. */
    private static final int FRAGMENTS_MAX = 1 << 20;

    public ChunkScan {
        fragments = List.copyOf(fragments);
    }

    /**
     * Scans a file from its beginning to its present size.
     *
     * @throws Mp4Exception when not even the init segment is sound: nothing in the file can be played
     * @throws IOException when the file cannot be read
     */
    public static ChunkScan of(FileChannel file) throws IOException, Mp4Exception {
        long fileBytes = file.size();
        ByteBuffer head = read(file, 0, (int) Math.min(fileBytes, InitReader.INIT_BYTES_MAX));
        InitReader.Init init = InitReader.read(head);
        return new Scanner(file, fileBytes, init).scan();
    }

    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.flip();
    }

    /** The walk over the top-level boxes. */
    private static final class Scanner {
        private final FileChannel file;
        private final long fileBytes;
        private final InitReader.Init init;
        private final List<Fragment> fragments = new ArrayList<>();
        private long whole;
        private long fragmentStart = -1;
        private long moofStart = -1;
        private long wallUs;
        private FragmentHeader header;

        Scanner(FileChannel file, long fileBytes, InitReader.Init init) {
            this.file = file;
            this.fileBytes = fileBytes;
            this.init = init;
            this.whole = init.bytes();
        }

        ChunkScan scan() throws IOException {
            Optional<String> problem;
            try {
                problem = walk();
            } catch (Mp4Exception damaged) {
                problem = Optional.of(damaged.getMessage() + " (in the fragment at " + whole + ")");
            }
            return new ChunkScan(init, fragments, whole, problem);
        }

        private Optional<String> walk() throws IOException, Mp4Exception {
            long at = whole;
            while (at < fileBytes) {
                ByteBuffer start = read(file, at, (int) Math.min(16, fileBytes - at));
                if (start.remaining() < 8) {
                    return Optional.of("the file ends within a box header at " + at);
                }
                long size = Integer.toUnsignedLong(start.getInt(0));
                int type = start.getInt(4);
                if (size == 1 && start.remaining() == 16) {
                    size = start.getLong(8);
                }
                if (size < 8 || size > fileBytes - at) {
                    return Optional.of("box " + Boxes.name(type) + " at " + at + " claims " + size + " bytes, the file"
                            + " has " + (fileBytes - at) + " left");
                }
                if (fragments.size() == FRAGMENTS_MAX) {
                    return Optional.of("more than " + FRAGMENTS_MAX + " fragments");
                }
                box(type, at, size);
                at += size;
            }
            return fragmentStart >= 0
                    ? Optional.of("the fragment at " + fragmentStart + " has no data")
                    : Optional.empty();
        }

        private void box(int type, long at, long size) throws IOException, Mp4Exception {
            if (type == Boxes.PRFT) {
                fragmentStart = fragmentStart < 0 ? at : fragmentStart;
                wallUs = Prft.wallUs(read(file, at, (int) Math.min(size, 64)));
            } else if (type == Boxes.MOOF) {
                if (size > FragmentHeader.MOOF_BYTES_MAX) {
                    throw new Mp4Exception("moof of " + size + " bytes");
                }
                fragmentStart = fragmentStart < 0 ? at : fragmentStart;
                moofStart = at;
                header = FragmentHeader.parse(read(file, at, (int) size));
            } else if (type == Boxes.MDAT && header != null) {
                long end = at + size;
                checkSamples(end - moofStart);
                fragments.add(new Fragment(fragmentStart, end - fragmentStart, moofStart, wallUs, header));
                whole = end;
                forgetFragment();
            } else if (fragmentStart < 0 && type == Boxes.UUID_BOX && isCipherBox(at, size)) {
                fragmentStart = at;
            } else if (fragmentStart < 0 && (type == Boxes.UUID_BOX || type == Boxes.MFRA)) {
                whole = at + size;
            } else {
                throw new Mp4Exception("unexpected box " + Boxes.name(type) + " at " + at);
            }
        }

        private boolean isCipherBox(long at, long size) throws IOException {
            return size == CipherBox.BYTES && CipherBox.isAt(read(file, at, CipherBox.BYTES), 0);
        }

        private void checkSamples(long fragmentBytes) throws Mp4Exception {
            for (SampleTable table : header.tracks()) {
                for (int i = 0; i < table.count(); i++) {
                    if (table.offset()[i] + table.size()[i] > fragmentBytes) {
                        throw new Mp4Exception("a sample lies outside of its fragment");
                    }
                }
            }
        }

        private void forgetFragment() {
            fragmentStart = -1;
            moofStart = -1;
            wallUs = 0;
            header = null;
        }
    }
}
