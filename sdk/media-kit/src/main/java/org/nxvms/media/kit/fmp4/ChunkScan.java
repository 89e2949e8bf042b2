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
 * sound, what follows may be cut off. Reads headers only, so the time depends on the number of fragments, not on bytes;
 * {@link #past} reads what is damaged too.
 *
 * @param init the init segment
 * @param fragments whole fragments in file order
 * @param wholeBytes position behind the last whole fragment, or behind the init segment when there is none
 * @param problem what was not understood first; empty when all of the file was
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
    /** The same: what may be read in vain of places that look like the beginning of a fragment. */
    private static final long VAIN_BYTES_MAX = 64 << 20;

    private static final int PRFT_BYTES = 32;
    private static final int BLOCK_BYTES = 64 << 10;

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
        return scanner(file).scan(false);
    }

    /**
     * As {@link #of}, but does not end at what is damaged: goes on where the next whole fragment begins. So between the
     * fragments there may be bytes that belong to none.
     */
    public static ChunkScan past(FileChannel file) throws IOException, Mp4Exception {
        return scanner(file).scan(true);
    }

    private static Scanner scanner(FileChannel file) throws IOException, Mp4Exception {
        long fileBytes = file.size();
        ByteBuffer head = read(file, 0, (int) Math.min(fileBytes, InitReader.INIT_BYTES_MAX));
        return new Scanner(file, fileBytes, InitReader.read(head));
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
        private long at;
        private long whole;
        private long fragmentStart = -1;
        private long moofStart = -1;
        private long wallUs;
        private FragmentHeader header;
        /** From here on a fragment is looked for when something is damaged. */
        private long searched;

        private long vainBytes;

        Scanner(FileChannel file, long fileBytes, InitReader.Init init) {
            this.file = file;
            this.fileBytes = fileBytes;
            this.init = init;
            this.at = init.bytes();
            this.whole = at;
            this.searched = at;
        }

        ChunkScan scan(boolean past) throws IOException {
            Optional<String> problem = walked();
            for (Optional<String> next = problem; past && next.isPresent() && isResumed(); ) {
                next = walked();
            }
            return new ChunkScan(init, fragments, whole, problem);
        }

        private Optional<String> walked() throws IOException {
            try {
                return walk();
            } catch (Mp4Exception damaged) {
                return Optional.of(damaged.getMessage() + " (in the fragment at " + whole + ")");
            }
        }

        /** Goes to the next place where a fragment may begin; {@return false when there is none} */
        private boolean isResumed() throws IOException {
            long moof = nextMoof();
            if (moof < 0 || vainBytes > VAIN_BYTES_MAX) {
                return false;
            }
            searched = moof + 1;
            forgetFragment();
            at = moof;
            if (isBox(at - PRFT_BYTES, Boxes.PRFT, PRFT_BYTES)) {
                at -= PRFT_BYTES;
            }
            if (isBox(at - CipherBox.BYTES, Boxes.UUID_BOX, CipherBox.BYTES)
                    && isCipherBox(at - CipherBox.BYTES, CipherBox.BYTES)) {
                at -= CipherBox.BYTES;
            }
            return true;
        }

        private long behindFragments() {
            if (fragments.isEmpty()) {
                return init.bytes();
            }
            Fragment last = fragments.get(fragments.size() - 1);
            return last.offset() + last.bytes();
        }

        private boolean isBox(long from, int type, int bytes) throws IOException {
            if (from < behindFragments()) {
                return false;
            }
            ByteBuffer box = read(file, from, 8);
            return box.remaining() == 8 && box.getInt(0) == bytes && box.getInt(4) == type;
        }

        /** {@return where the next moof of a size that can be begins; -1 when there is none} */
        private long nextMoof() throws IOException {
            for (long from = Math.max(searched, behindFragments()); fileBytes - from >= 8; ) {
                ByteBuffer block = read(file, from, (int) Math.min(BLOCK_BYTES, fileBytes - from));
                for (int i = 0; i + 8 <= block.limit(); i++) {
                    long size = Integer.toUnsignedLong(block.getInt(i));
                    if (block.getInt(i + 4) == Boxes.MOOF && size <= FragmentHeader.MOOF_BYTES_MAX) {
                        vainBytes += BLOCK_BYTES + size;
                        return from + i;
                    }
                }
                if (block.limit() < 8) {
                    break;
                }
                from += block.limit() - 7;
            }
            return -1;
        }

        private Optional<String> walk() throws IOException, Mp4Exception {
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

        private void box(int type, long from, long size) throws IOException, Mp4Exception {
            if (type == Boxes.PRFT) {
                fragmentStart = fragmentStart < 0 ? from : fragmentStart;
                wallUs = Prft.wallUs(read(file, from, (int) Math.min(size, 64)));
            } else if (type == Boxes.MOOF) {
                if (size > FragmentHeader.MOOF_BYTES_MAX) {
                    throw new Mp4Exception("moof of " + size + " bytes");
                }
                fragmentStart = fragmentStart < 0 ? from : fragmentStart;
                moofStart = from;
                header = FragmentHeader.parse(read(file, from, (int) size));
            } else if (type == Boxes.MDAT && header != null) {
                long end = from + size;
                checkSamples(end - moofStart);
                fragments.add(new Fragment(fragmentStart, end - fragmentStart, moofStart, wallUs, header));
                whole = end;
                vainBytes = 0;
                forgetFragment();
            } else if (fragmentStart < 0 && type == Boxes.UUID_BOX && isCipherBox(from, size)) {
                fragmentStart = from;
            } else if (fragmentStart < 0 && (type == Boxes.UUID_BOX || type == Boxes.MFRA || type == Boxes.FREE)) {
                whole = from + size;
            } else {
                throw new Mp4Exception("unexpected box " + Boxes.name(type) + " at " + from);
            }
        }

        private boolean isCipherBox(long from, long size) throws IOException {
            return size == CipherBox.BYTES && CipherBox.isAt(read(file, from, CipherBox.BYTES), 0);
        }

        private void checkSamples(long fragmentBytes) throws IOException, Mp4Exception {
            long end = header.dataEnd();
            if (end > fragmentBytes) {
                throw new Mp4Exception("a sample lies outside of its fragment");
            }
            if (end > 0 && end < fragmentBytes && isNextFragment(moofStart + end)) {
                throw new Mp4Exception("an mdat reaches beyond the beginning of the next fragment");
            }
        }

        private boolean isNextFragment(long from) throws IOException {
            ByteBuffer box = read(file, from, CipherBox.BYTES);
            int type = box.remaining() < 8 ? 0 : box.getInt(4);
            return type == Boxes.MOOF || type == Boxes.PRFT || CipherBox.isAt(box, 0);
        }

        private void forgetFragment() {
            fragmentStart = -1;
            moofStart = -1;
            wallUs = 0;
            header = null;
        }
    }
}
