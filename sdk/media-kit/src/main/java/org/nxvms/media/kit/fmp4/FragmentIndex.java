// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is appended when a chunk is sealed: a {@code uuid} box of our own with everything about each fragment, then
 * {@code mfra} (ISO/IEC 14496-12 8.8.9), which any player can use to seek. Both are found from the end of the file.
 */
public final class FragmentIndex {
    /**
     * One fragment.
     *
     * @param offset where it begins in the file
     * @param bytes its length
     * @param moofOffset where its {@code moof} begins
     * @param wallUs capture time of its first access unit
     * @param durationUs its length in time
     * @param presentationTime of its first access unit of track 0, in that track's timescale
     * @param key whether it begins with a key frame
     * @param hash SHA-256 of its bytes (32 bytes), or all zero when not known; not copied
     */
    public record Entry(
            long offset,
            int bytes,
            long moofOffset,
            long wallUs,
            long durationUs,
            long presentationTime,
            boolean key,
            byte[] hash) {
        public Entry {
            if (hash.length != HASH_BYTES) {
                throw new IllegalArgumentException("hash of " + hash.length + " bytes, expected " + HASH_BYTES);
            }
        }
    }

    /** Length of a SHA-256. */
    public static final int HASH_BYTES = 32;

    private static final UUID TYPE = UUID.fromString("6e78766d-7369-6e64-8001-9d6c2be8f014");
    private static final int ENTRY_BYTES = 8 + 4 + 8 + 8 + 8 + 8 + 4 + HASH_BYTES;
    private static final int HEADER_BYTES = 8 + 16 + 4 + 4;
    private static final int ENTRIES_MAX = 1 << 20;
    private static final int MFRO_BYTES = 16;

    private FragmentIndex() {}

    /** The bytes to append behind the last fragment. */
    public static byte[] build(List<Entry> entries) {
        if (entries.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException(entries.size() + " fragments, at most " + ENTRIES_MAX);
        }
        int own = HEADER_BYTES + entries.size() * ENTRY_BYTES + 4;
        ByteBuffer out = ByteBuffer.allocate(own + 64 + entries.size() * 19);
        int box = Boxes.begin(out, Boxes.UUID_BOX);
        Boxes.putUuid(out, TYPE);
        out.putInt(1 << 24).putInt(entries.size());
        for (Entry entry : entries) {
            out.putLong(entry.offset()).putInt(entry.bytes()).putLong(entry.moofOffset());
            out.putLong(entry.wallUs()).putLong(entry.durationUs()).putLong(entry.presentationTime());
            out.putInt(entry.key() ? 1 : 0).put(entry.hash());
        }
        out.putInt(own);
        Boxes.end(out, box);
        mfra(out, entries);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void mfra(ByteBuffer out, List<Entry> entries) {
        int mfra = Boxes.begin(out, Boxes.MFRA);
        int tfra = Boxes.beginFull(out, Boxes.TFRA, 1, 0);
        out.putInt(1).putInt(0);
        int countAt = out.position();
        out.putInt(0);
        int keys = 0;
        for (Entry entry : entries) {
            if (entry.key()) {
                out.putLong(entry.presentationTime()).putLong(entry.moofOffset());
                out.put((byte) 1).put((byte) 1).put((byte) 1);
                keys++;
            }
        }
        out.putInt(countAt, keys);
        Boxes.end(out, tfra);
        int mfro = Boxes.beginFull(out, Boxes.MFRO, 0, 0);
        out.putInt(out.position() + 4 - mfra);
        Boxes.end(out, mfro);
        Boxes.end(out, mfra);
    }

    /**
     * Reads the index of a sealed chunk from the end of the file.
     *
     * @return empty when the chunk is not sealed
     * @throws Mp4Exception when an index is there and damaged; {@link ChunkScan} can still read the chunk
     */
    public static Optional<List<Entry>> read(FileChannel file) throws IOException, Mp4Exception {
        long fileBytes = file.size();
        if (fileBytes < MFRO_BYTES) {
            return Optional.empty();
        }
        ByteBuffer mfro = read(file, fileBytes - MFRO_BYTES, MFRO_BYTES);
        if (mfro.getInt(0) != MFRO_BYTES || mfro.getInt(4) != Boxes.MFRO) {
            return Optional.empty();
        }
        long indexEnd = fileBytes - Integer.toUnsignedLong(mfro.getInt(12));
        if (indexEnd < HEADER_BYTES + 4) {
            throw new Mp4Exception("the mfra box claims more bytes than the file has");
        }
        int own = read(file, indexEnd - 4, 4).getInt(0);
        if (own < HEADER_BYTES + 4 || own > indexEnd || own > HEADER_BYTES + 4 + (long) ENTRIES_MAX * ENTRY_BYTES) {
            throw new Mp4Exception("the index box claims " + own + " bytes");
        }
        return Optional.of(entries(read(file, indexEnd - own, own)));
    }

    private static List<Entry> entries(ByteBuffer in) throws Mp4Exception {
        int own = in.remaining();
        if (in.getInt() != own
                || in.getInt() != Boxes.UUID_BOX
                || !Boxes.getUuid(in).equals(TYPE)) {
            throw new Mp4Exception("no index box before mfra");
        }
        int version = in.getInt() >>> 24;
        int count = in.getInt();
        if (version != 1 || count < 0 || HEADER_BYTES + 4 + (long) count * ENTRY_BYTES != own) {
            throw new Mp4Exception(
                    "index box of version " + version + " with " + count + " entries in " + own + " bytes");
        }
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long offset = in.getLong();
            int bytes = in.getInt();
            long moofOffset = in.getLong();
            long wallUs = in.getLong();
            long durationUs = in.getLong();
            long presentationTime = in.getLong();
            boolean key = in.getInt() != 0;
            byte[] hash = new byte[HASH_BYTES];
            in.get(hash);
            entries.add(new Entry(offset, bytes, moofOffset, wallUs, durationUs, presentationTime, key, hash));
        }
        return entries;
    }

    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException, Mp4Exception {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new Mp4Exception("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
