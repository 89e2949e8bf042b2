// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.nxvms.platform.api.archive.PairedSha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a ZIP whose entries are stored as they are. Each byte is hashed from the memory that it is written from, beside its
 * writing (ADR 126). What is written is made durable every {@link #FORCE_BYTES}, while as much again is written at most, so that it
 * never fills the memory that the recorder's files need, and behind each entry: a half-written package is taken up again behind the
 * last entry that is durable. One thread at a time.
 */
public final class StoredZip implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredZip.class);
    /** Stays in a processor's cache until it is hashed. */
    private static final int PART_BYTES = 1 << 20;

    private final FileChannel file;
    private final BlockFile blocks;
    private final Instant when;
    private final List<Ended> entries = new ArrayList<>();
    private final Optional<PairedSha256> pair;
    private final SideWork hasher = new SideWork("hashes");
    private final CRC32 crc = new CRC32();
    private SideWork.Begun hashing = SideWork.Begun.NOTHING;
    private int unhashed;
    private String name = "";
    private long headerAt;
    private long bytes;
    private FileHashes hashes;

    /**
     * An entry that is written.
     *
     * @param at where its header begins
     * @param bytes of its content
     * @param sha256 of its content, lower-case hex
     * @param pieces SHA-256 of each of its pieces, one behind the other; not copied
     */
    public record Entry(String name, long at, long bytes, long crc, String sha256, byte[] pieces) {
        /** {@return where in the package the next one begins} */
        public long end() {
            return at + ZipHeaders.LOCAL_BYTES + name.getBytes(StandardCharsets.UTF_8).length + bytes;
        }

        private Entry hashed(FileHashes.Ended hashes) {
            return new Entry(name, at, bytes, crc, HexFormat.of().formatHex(hashes.whole()), hashes.pieces());
        }
    }

    /** An entry that has ended, and may still be hashed. Any thread. */
    @FunctionalInterface
    public interface Ended {
        /** {@return it} Waits until it is hashed. */
        Entry entry() throws IOException;
    }

    /**
     * Begins, or goes on.
     *
     * @param when stands as the time of all entries
     * @param written entries that are there, in their order; whatever is behind them is cut off
     * @param pair hashes a file and its pieces at once
     * @throws InUseException when somebody else writes it
     * @throws IOException also when the file is shorter than its entries
     */
    public StoredZip(Path path, Instant when, List<Entry> written, Optional<PairedSha256> pair) throws IOException {
        this(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                BlockFile.pastCache(path),
                path,
                when,
                written,
                pair);
    }

    /**
     * @param file is closed with it, also when this fails
     * @param past the same file, past the page cache; is closed, too
     */
    StoredZip(
            FileChannel file,
            Optional<FileChannel> past,
            Path path,
            Instant when,
            List<Entry> written,
            Optional<PairedSha256> pair)
            throws IOException {
        this.file = file;
        this.blocks = new BlockFile(file, past);
        this.pair = pair;
        this.when = when;
        written.forEach(entry -> entries.add(() -> entry));
        try {
            lock(path);
            long end = written.isEmpty() ? 0 : written.get(written.size() - 1).end();
            if (file.size() < end) {
                throw new IOException(path + " is shorter than what was written to it");
            }
            blocks.startAt(end);
        } catch (IOException failed) {
            blocks.close();
            throw failed;
        }
    }

    /** Somebody else writes the package, as who was told to stop and has not yet. */
    public static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        InUseException(Path path) {
            super(path + " is being written by somebody else");
        }
    }

    /** Held until it is closed, within the process too, whatever class loader wrote before. */
    private void lock(Path path) throws IOException {
        try {
            if (file.tryLock() == null) {
                throw new InUseException(path);
            }
        } catch (OverlappingFileLockException ours) {
            throw new InUseException(path);
        } catch (InUseException inUse) {
            throw inUse;
        } catch (IOException cannotLock) {
            // A network share may know no locks. Then it is as it is.
            LOG.debug("{} is written without a lock: {}", path, cannotLock.getMessage());
        }
    }

    /** Begins an entry; the one before has ended. */
    public void begin(String entryName) throws IOException {
        if (entryName.getBytes(StandardCharsets.UTF_8).length > ZipHeaders.NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a name of at most " + ZipHeaders.NAME_BYTES_MAX + " bytes: " + entryName);
        }
        name = entryName;
        headerAt = blocks.at();
        bytes = 0;
        crc.reset();
        hashes = FileHashes.of(pair);
        blocks.put(ZipHeaders.local(name, when, 0, 0));
    }

    /** Appends to the entry; consumes the buffer. */
    public void write(ByteBuffer content) throws IOException {
        int length = content.remaining();
        if (bytes + length > ZipHeaders.FILE_BYTES_MAX) {
            throw new IOException(name + " would be larger than a file in a package may be");
        }
        bytes += length;
        while (content.hasRemaining()) {
            int part = Math.min(content.remaining(), Math.min(blocks.room(), PART_BYTES - unhashed));
            blocks.put(content, part);
            unhashed += part;
            if (unhashed == PART_BYTES || blocks.isFull()) {
                hash();
            }
        }
    }

    /** Begins to hash what was not yet. */
    private void hash() {
        ByteBuffer part = blocks.last(unhashed);
        FileHashes into = hashes;
        hashing = hasher.begin(() -> into.add(part));
        blocks.reads(hashing);
        crc.update(part.duplicate());
        unhashed = 0;
    }

    /** Work for when all entries that have ended are durable. */
    @FunctionalInterface
    public interface Durable {
        void then() throws IOException;
    }

    /** Has something done on another thread when all entries that have ended are durable, at the latest when this is closed. */
    public void whenDurable(Durable work) {
        blocks.whenDurable(work::then);
    }

    /** {@return bytes of the entry so far} */
    public long entryBytes() {
        return bytes;
    }

    /** {@return bytes of the package so far} */
    public long size() {
        return blocks.at();
    }

    /** Passed before so many bytes are read again. */
    @FunctionalInterface
    public interface Pace<E extends Exception> {
        void pass(long bytes) throws IOException, E;
    }

    /**
     * Ends the entry as {@link #end()} does, with another beginning than was written: as long, and 1 MiB at most. A hash begins with
     * the first byte, so that all of it is read again, and must be what was written.
     */
    public <E extends Exception> Entry end(ByteBuffer beginning, Pace<E> pace) throws IOException, E {
        hash();
        hashing.end();
        blocks.flush();
        long contentAt = headerAt + ZipHeaders.LOCAL_BYTES + name.getBytes(StandardCharsets.UTF_8).length;
        CRC32 written = new CRC32();
        CRC32 changed = new CRC32();
        FileHashes anew = FileHashes.of(pair);
        ByteBuffer part = ByteBuffer.allocateDirect(PART_BYTES);
        for (long at = 0; at < bytes; at += part.remaining()) {
            part.clear().limit((int) Math.min(part.capacity(), bytes - at));
            pace.pass(part.remaining());
            blocks.read(part, contentAt + at);
            part.flip();
            written.update(part.duplicate());
            if (at == 0) {
                part.put(0, beginning, beginning.position(), beginning.remaining());
            }
            changed.update(part.duplicate());
            anew.add(part);
        }
        if (written.getValue() != crc.getValue()) {
            throw new IOException("what was written of " + name + " is not what the disk gives back");
        }
        blocks.replace(contentAt, beginning);
        return ended(changed.getValue(), anew).entry();
    }

    /** Ends the entry, which is durable when {@link #whenDurable} says so. What is hashed of it later keeps nobody from the next one. */
    public Ended end() throws IOException {
        hash();
        return ended(crc.getValue(), hashes);
    }

    private Ended ended(long sum, FileHashes hashed) throws IOException {
        blocks.replace(headerAt, ZipHeaders.local(name, when, sum, bytes));
        blocks.sync();
        AtomicReference<Entry> entry = new AtomicReference<>(new Entry(name, headerAt, bytes, sum, "", new byte[0]));
        hashing = hasher.begin(() -> {
            FileHashes.Ended ended = hashed.end();
            entry.updateAndGet(of -> of.hashed(ended));
        });
        SideWork.Begun begun = hashing;
        Ended ended = () -> {
            begun.end();
            return entry.get();
        };
        entries.add(ended);
        return ended;
    }

    /** Forgets the entry that was begun. */
    public void drop() throws IOException {
        unhashed = 0;
        blocks.startAt(headerAt);
    }

    /** {@return a whole small file as an entry} */
    public Entry add(String entryName, byte[] content) throws IOException {
        begin(entryName);
        write(ByteBuffer.wrap(content));
        return end().entry();
    }

    /** Writes the directory; the package is whole and durable on return. */
    public long finish() throws IOException {
        List<Entry> all = new ArrayList<>();
        for (Ended entry : entries) {
            all.add(entry.entry());
        }
        blocks.put(ZipHeaders.directory(all, when, blocks.at()));
        blocks.finish();
        return blocks.at();
    }

    /** What was begun beside is over on return. */
    @Override
    public void close() throws IOException {
        // It reads what the blocks hold.
        hasher.close();
        blocks.close();
    }
}
