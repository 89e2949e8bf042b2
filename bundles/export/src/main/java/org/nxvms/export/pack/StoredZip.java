// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a ZIP whose entries are stored as they are. Each byte is hashed from the memory that it is then written from.
 * What is written is made durable every {@link #FORCE_BYTES}, so that it never fills the memory that the recorder's files
 * need, and after each entry: a half-written package is taken up again behind its last entry. One thread at a time.
 */
public final class StoredZip implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredZip.class);
    private static final long FORCE_BYTES = 32L << 20;

    private final FileChannel file;
    private final Instant when;
    private final List<Entry> entries;
    private final CRC32 crc = new CRC32();
    private String name = "";
    private long headerAt;
    private long bytes;
    private long unforced;
    private MessageDigest whole = PieceHashes.sha256();
    private PieceHashes pieces = new PieceHashes();

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
     * @throws InUseException when somebody else writes it
     * @throws IOException also when the file is shorter than its entries
     */
    public StoredZip(Path path, Instant when, List<Entry> written) throws IOException {
        this(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE), path, when, written);
    }

    /** @param file is closed with it, also when this fails */
    StoredZip(FileChannel file, Path path, Instant when, List<Entry> written) throws IOException {
        this.file = file;
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
        whole = PieceHashes.sha256();
        pieces = new PieceHashes();
        put(ZipHeaders.local(name, when, 0, 0));
    }

    /** Appends to the entry; consumes the buffer. */
    public void write(ByteBuffer content) throws IOException {
        int length = content.remaining();
        if (bytes + length > ZipHeaders.FILE_BYTES_MAX) {
            throw new IOException(name + " would be larger than a file in a package may be");
        }
        crc.update(content.duplicate());
        whole.update(content.duplicate());
        pieces.add(content);
        bytes += length;
        ByteBuffer part = content.duplicate();
        while (content.hasRemaining()) {
            part.limit(content.position() + (int) Math.min(content.remaining(), FORCE_BYTES - unforced));
            unforced += part.remaining();
            put(part);
            content.position(part.position());
            if (unforced >= FORCE_BYTES) {
                file.force(false);
                unforced = 0;
            }
        }
    }

    /** {@return bytes of the entry so far} */
    public long entryBytes() {
        return bytes;
    }

    /** {@return bytes of the package so far} */
    public long size() throws IOException {
        return file.position();
    }

    /** Ends the entry; durable on return. */
    public Entry end() throws IOException {
        long end = file.position();
        ByteBuffer header = ZipHeaders.local(name, when, crc.getValue(), bytes);
        for (long at = headerAt; header.hasRemaining(); ) {
            at += file.write(header, at);
        }
        file.position(end);
        file.force(true);
        unforced = 0;
        Entry entry = new Entry(
                name, headerAt, bytes, crc.getValue(), HexFormat.of().formatHex(whole.digest()), pieces.end());
        entries.add(entry);
        return entry;
    }

    /** Forgets the entry that was begun. */
    public void drop() throws IOException {
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
        file.force(true);
        return file.position();
    }

    private void put(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            file.write(content);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
