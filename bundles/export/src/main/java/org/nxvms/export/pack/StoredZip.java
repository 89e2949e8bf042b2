// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.EOFException;
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
    private static final long FORCE_BYTES = 16L << 20;
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel file;
    private final Instant when;
    private final List<Entry> entries;
    private final Optional<PairedSha256> pair;
    private final SideWork hasher = new SideWork("hashes");
    private final SideWork syncer = new SideWork("syncs");
    private final CRC32 crc = new CRC32();
    private ByteBuffer filling = ByteBuffer.allocateDirect(BUFFER_BYTES);
    /** Was written, and is still hashed. */
    private ByteBuffer passed = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private SideWork.Begun hashing = SideWork.Begun.NOTHING;
    private SideWork.Begun syncing = SideWork.Begun.NOTHING;
    private String name = "";
    private long headerAt;
    private long bytes;
    private long unforced;
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
                path,
                when,
                written,
                pair);
    }

    /** @param file is closed with it, also when this fails */
    StoredZip(FileChannel file, Path path, Instant when, List<Entry> written, Optional<PairedSha256> pair)
            throws IOException {
        this.file = file;
        this.pair = pair;
        this.when = when;
        this.entries = new ArrayList<>(written);
        try {
            lock(path);
            long end = written.isEmpty() ? 0 : written.get(written.size() - 1).end();
            if (file.size() < end) {
                throw new IOException(path + " is shorter than what was written to it");
            }
            file.truncate(end);
            file.position(end);
        } catch (IOException failed) {
            file.close();
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
        headerAt = file.position();
        bytes = 0;
        crc.reset();
        hashes = FileHashes.of(pair);
        put(ZipHeaders.local(name, when, 0, 0));
    }

    /** Appends to the entry; consumes the buffer. */
    public void write(ByteBuffer content) throws IOException {
        int length = content.remaining();
        if (bytes + length > ZipHeaders.FILE_BYTES_MAX) {
            throw new IOException(name + " would be larger than a file in a package may be");
        }
        bytes += length;
        while (content.hasRemaining()) {
            int part = Math.min(content.remaining(), filling.remaining());
            filling.put(filling.position(), content, content.position(), part);
            filling.position(filling.position() + part);
            content.position(content.position() + part);
            if (!filling.hasRemaining()) {
                pass();
            }
        }
    }

    /** What was collected is hashed, and meanwhile written. */
    private void pass() throws IOException {
        // The one before is read by nobody from now on.
        hashing.end();
        ByteBuffer full = filling.flip();
        filling = passed.clear();
        passed = full;
        ByteBuffer hashed = full.duplicate();
        FileHashes into = hashes;
        hashing = hasher.begin(() -> into.add(hashed));
        crc.update(full.duplicate());
        ByteBuffer part = full.duplicate();
        while (part.position() < full.limit()) {
            part.limit(part.position() + (int) Math.min(full.limit() - part.position(), FORCE_BYTES - unforced));
            unforced += part.remaining();
            put(part);
            if (unforced >= FORCE_BYTES) {
                sync(false);
            }
        }
    }

    /** Begins to make durable what was written, when what was to be durable before is. */
    private void sync(boolean metadata) throws IOException {
        synced();
        syncing = syncer.begin(() -> file.force(metadata));
        unforced = 0;
    }

    private void synced() throws IOException {
        SideWork.Begun before = syncing;
        syncing = SideWork.Begun.NOTHING;
        before.end();
    }

    /** Work for when all entries that have ended are durable. */
    @FunctionalInterface
    public interface Durable {
        void then() throws IOException;
    }

    /** Has something done on another thread when all entries that have ended are durable, at the latest when this is closed. */
    public void whenDurable(Durable work) {
        SideWork.Begun before = syncing;
        syncing = syncer.begin(() -> {
            before.end();
            work.then();
        });
    }

    /** {@return bytes of the entry so far} */
    public long entryBytes() {
        return bytes;
    }

    /** {@return bytes of the package so far} */
    public long size() throws IOException {
        return file.position() + filling.position();
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
        pass();
        hashing.end();
        long contentAt = headerAt + ZipHeaders.LOCAL_BYTES + name.getBytes(StandardCharsets.UTF_8).length;
        CRC32 written = new CRC32();
        CRC32 changed = new CRC32();
        FileHashes anew = FileHashes.of(pair);
        for (long at = 0; at < bytes; ) {
            ByteBuffer part = filling.clear().limit((int) Math.min(filling.capacity(), bytes - at));
            pace.pass(part.remaining());
            read(part, contentAt + at);
            written.update(part.duplicate());
            if (at == 0) {
                part.put(0, beginning, beginning.position(), beginning.remaining());
            }
            changed.update(part.duplicate());
            anew.add(part);
            at += part.remaining();
        }
        filling.clear();
        if (written.getValue() != crc.getValue()) {
            throw new IOException("what was written of " + name + " is not what the disk gives back");
        }
        for (ByteBuffer first = beginning.duplicate(); first.hasRemaining(); ) {
            file.write(first, contentAt + first.position() - beginning.position());
        }
        unforced += beginning.remaining();
        return end(changed.getValue(), anew);
    }

    private void read(ByteBuffer target, long at) throws IOException {
        while (target.hasRemaining()) {
            if (file.read(target, at + target.position()) < 0) {
                throw new EOFException(name + " ends early on the disk");
            }
        }
        target.flip();
    }

    /** Ends the entry, which is durable when {@link #whenDurable} says so. */
    public Entry end() throws IOException {
        pass();
        hashing.end();
        return end(crc.getValue(), hashes);
    }

    private Entry end(long sum, FileHashes hashed) throws IOException {
        long end = file.position();
        ByteBuffer header = ZipHeaders.local(name, when, sum, bytes);
        for (long at = headerAt; header.hasRemaining(); ) {
            at += file.write(header, at);
        }
        file.position(end);
        sync(true);
        FileHashes.Ended ended = hashed.end();
        Entry entry = new Entry(name, headerAt, bytes, sum, HexFormat.of().formatHex(ended.whole()), ended.pieces());
        entries.add(entry);
        return entry;
    }

    /** Forgets the entry that was begun. */
    public void drop() throws IOException {
        hashing.end();
        filling.clear();
        file.truncate(headerAt);
        file.position(headerAt);
    }

    /** {@return a whole small file as an entry} */
    public Entry add(String entryName, byte[] content) throws IOException {
        begin(entryName);
        write(ByteBuffer.wrap(content));
        return end();
    }

    /** Writes the directory; the package is whole and durable on return. */
    public long finish() throws IOException {
        put(ZipHeaders.directory(entries, when, file.position()));
        synced();
        file.force(true);
        return file.position();
    }

    private void put(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            file.write(content);
        }
    }

    /** What was begun beside is over on return. */
    @Override
    public void close() throws IOException {
        try (file;
                syncer;
                hasher) {
            try {
                hashing.end();
            } finally {
                synced();
            }
        }
    }
}
