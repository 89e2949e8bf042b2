// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.TrackFormat;

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
    /** The same: what may be read in vain of places that look like the beginning of a fragment, in all. */
    private static final long VAIN_BYTES_MAX = 256 << 20;
    /**
     * What may be looked through for a fragment, in all: the largest chunk that can be configured, damaged as a whole. One
     * without key frames may be four times as large; where more than this of it is damaged, it is left alone.
     */
    static final long SEARCH_BYTES_MAX = 2L << 30;
    /** An access unit takes about so much memory, and time as if it were read. */
    private static final long SAMPLE_COST_BYTES = 64;
    /** A box between fragments costs about what reading so much does. */
    private static final int BOX_COST_BYTES = 4096;
    /** A fragment that was looked for comes at most so much after the one before it. */
    private static final long MISSED_S_MAX = 3600;

    private static final int MISSED_MAX = 100_000;
    /** It is compared with so many before it. */
    private static final int REFERENCES = 3;
    /** How far wall time and media time may differ over what is missed. */
    private static final long DRIFT_US_MAX = 10_000_000;

    static final int PRFT_BYTES = 32;
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
        return scanner(file).scan();
    }

    /**
     * As {@link #of}, but does not end at what is damaged: goes on where the next whole fragment begins. So between the
     * fragments there may be bytes that belong to none. What a camera sent is among what is looked through, and may look
     * like a fragment: one that is found so must go on where the one before it ended, by number, media time and wall time.
     * Nothing is looked for in a fragment that only the end of the file breaks off.
     *
     * @param beat told again and again while it goes on
     * @throws Mp4Exception also when so much is damaged that looking for fragments would take too long
     */
    public static ChunkScan past(FileChannel file, Runnable beat) throws IOException, Mp4Exception {
        return past(file, beat, SEARCH_BYTES_MAX);
    }

    static ChunkScan past(FileChannel file, Runnable beat, long searchBytesMax) throws IOException, Mp4Exception {
        return scanner(file).past(beat, searchBytesMax);
    }

    private static Scanner scanner(FileChannel file) throws IOException, Mp4Exception {
        long fileBytes = file.size();
        ByteBuffer head = read(file, 0, (int) Math.min(fileBytes, InitReader.INIT_BYTES_MAX));
        return new Scanner(file, fileBytes, InitReader.read(head));
    }

    /** {@return what stands there, less at the end of the file} */
    static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
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

        private Runnable beat = () -> {};
        private long searchBytesLeft;
        private long vainBytes;
        private boolean hasPrft;
        /** The fragment in work was looked for. */
        private boolean resumed;
        /** The end of the file breaks the payload off, and nothing else is wrong with it. */
        private boolean torn;

        Scanner(FileChannel file, long fileBytes, InitReader.Init init) {
            this.file = file;
            this.fileBytes = fileBytes;
            this.init = init;
            this.at = init.bytes();
            this.whole = at;
            this.searched = at;
        }

        ChunkScan scan() throws IOException {
            Optional<String> problem = walked();
            return new ChunkScan(init, fragments, whole, problem);
        }

        ChunkScan past(Runnable beat, long searchBytesMax) throws IOException, Mp4Exception {
            this.beat = beat;
            this.searchBytesLeft = searchBytesMax;
            Optional<String> problem = walked();
            for (Optional<String> next = problem; next.isPresent() && !torn && isResumed(); ) {
                next = walked();
            }
            if (isTooMuch()) {
                throw new Mp4Exception("too much of it is damaged to look for more behind " + whole);
            }
            return new ChunkScan(init, fragments, whole, problem);
        }

        private boolean isTooMuch() {
            return vainBytes > VAIN_BYTES_MAX || searchBytesLeft < 0;
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
            if (moof < 0 || isTooMuch()) {
                return false;
            }
            searched = moof + 1;
            forgetFragment();
            resumed = true;
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
            for (long from = Math.max(searched, behindFragments()); fileBytes - from >= 8 && searchBytesLeft >= 0; ) {
                ByteBuffer block = read(file, from, (int) Math.min(BLOCK_BYTES, fileBytes - from));
                beat.run();
                for (int i = 0; i + 8 <= block.limit(); i++) {
                    long size = Integer.toUnsignedLong(block.getInt(i));
                    if (block.getInt(i + 4) == Boxes.MOOF && size <= FragmentHeader.MOOF_BYTES_MAX) {
                        vainBytes += BLOCK_BYTES + size;
                        searchBytesLeft -= i;
                        return from + i;
                    }
                }
                if (block.limit() < 8) {
                    break;
                }
                from += block.limit() - 7;
                searchBytesLeft -= block.limit();
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
                    torn = !resumed
                            && type == Boxes.MDAT
                            && header != null
                            && header.dataEnd() == at + size - moofStart;
                    return Optional.of("box " + Boxes.name(type) + " at " + at + " claims " + size + " bytes, the file"
                            + " has " + (fileBytes - at) + " left");
                }
                if (fragments.size() == FRAGMENTS_MAX || vainBytes > VAIN_BYTES_MAX) {
                    return Optional.of("more fragments or boxes than a chunk can have");
                }
                box(type, at, size);
                at += size;
            }
            return fragmentStart >= 0
                    ? Optional.of("the fragment at " + fragmentStart + " has no data")
                    : Optional.empty();
        }

        private void box(int type, long from, long size) throws IOException, Mp4Exception {
            if (type == Boxes.PRFT && !hasPrft && header == null) {
                hasPrft = true;
                fragmentStart = fragmentStart < 0 ? from : fragmentStart;
                wallUs = Prft.wallUs(read(file, from, (int) Math.min(size, 64)));
            } else if (type == Boxes.MOOF && header == null) {
                if (size > FragmentHeader.MOOF_BYTES_MAX) {
                    throw new Mp4Exception("moof of " + size + " bytes");
                }
                fragmentStart = fragmentStart < 0 ? from : fragmentStart;
                moofStart = from;
                header = FragmentHeader.parse(read(file, from, (int) size));
                vainBytes += resumed ? SAMPLE_COST_BYTES * header.samples() : 0;
                beat.run();
            } else if (type == Boxes.MDAT && header != null) {
                long end = from + size;
                checkSamples(end - moofStart);
                if (resumed) {
                    requireNext();
                }
                fragments.add(new Fragment(fragmentStart, end - fragmentStart, moofStart, wallUs, header));
                whole = end;
                forgetFragment();
            } else if (fragmentStart < 0 && type == Boxes.UUID_BOX && isCipherBox(from, size)) {
                fragmentStart = from;
            } else if (fragmentStart < 0 && (type == Boxes.UUID_BOX || type == Boxes.MFRA || type == Boxes.FREE)) {
                whole = from + size;
                vainBytes += BOX_COST_BYTES;
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

        /** Whether what was looked for is the run's, and not something that only looks so. */
        private void requireNext() throws Mp4Exception {
            List<TrackFormat> tracks = init.format().tracks();
            boolean is = !header.tracks().isEmpty()
                    && header.tracks().stream().allMatch(table -> table.trackId() <= tracks.size() && table.count() > 0)
                    && (hasPrft || moofStart - whole <= CipherBox.BYTES + PRFT_BYTES)
                    && (isAfterOneOfTheLast(tracks) || fragments.size() < REFERENCES && isInRun());
            if (!is) {
                throw new Mp4Exception("what looks like a fragment at " + moofStart + " does not belong there");
            }
        }

        /** Of several, since what the last one says may be damaged too. */
        private boolean isAfterOneOfTheLast(List<TrackFormat> tracks) {
            return fragments.stream()
                    .skip(Math.max(0, fragments.size() - REFERENCES))
                    .anyMatch(last -> isAfter(last, tracks));
        }

        private boolean isInRun() {
            long sinceUs = wallUs - init.run().map(RunInfo::startUs).orElse(wallUs);
            return !hasPrft || sinceUs >= -DRIFT_US_MAX && sinceUs <= MISSED_S_MAX * 1_000_000;
        }

        private boolean isAfter(Fragment last, List<TrackFormat> tracks) {
            long number = (long) header.sequence() - last.header().sequence();
            if (number < 1 || number > MISSED_MAX || !isWallRight(last)) {
                return false;
            }
            for (SampleTable table : header.tracks()) {
                Optional<SampleTable> before = last.header().track(table.trackId() - 1);
                long clockRate = tracks.get(table.trackId() - 1).clockRate();
                long ticks = table.decodeTime()[0]
                        - before.map(SampleTable::endDecodeTime).orElse(table.decodeTime()[0]);
                if (ticks < -clockRate
                        || ticks > MISSED_S_MAX * clockRate
                        // Tracks beside the first may run at another pace than they told.
                        || table.trackId() == 1 && !isTimeRight(last, before, table, clockRate)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isWallRight(Fragment last) {
            long sinceUs = wallUs - last.wallUs();
            return !hasPrft || last.wallUs() == 0 || sinceUs >= -DRIFT_US_MAX && sinceUs <= MISSED_S_MAX * 1_000_000;
        }

        private boolean isTimeRight(Fragment last, Optional<SampleTable> before, SampleTable now, long clockRate) {
            if (!hasPrft
                    || last.wallUs() == 0
                    || before.isEmpty()
                    || before.get().count() == 0) {
                return true;
            }
            long mediaUs = Math.round((now.decodeTime()[0] - before.get().decodeTime()[0]) * 1e6 / clockRate);
            return Math.abs(wallUs - last.wallUs() - mediaUs) <= DRIFT_US_MAX;
        }

        private void forgetFragment() {
            hasPrft = false;
            resumed = false;
            fragmentStart = -1;
            moofStart = -1;
            wallUs = 0;
            header = null;
        }
    }
}
