// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink.NotDurableException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;

/**
 * A chunk that is not sealed yet. One thread appends, later one thread seals; any thread may ask for the index, which
 * holds whole fragments only. The lock is taken once per fragment, never while the disk is waited for.
 */
final class OpenChunk {
    private final Volume volume;
    private final RunFacts run;
    private final ChunkName name;
    private final String path;
    private final VolumeFile file;
    private final byte[] previousRoot;
    private final byte[] headHash = new byte[HashChain.HASH_BYTES];
    private final FragmentPeek peek = new FragmentPeek();
    private final ByteBuffer[] single = new ByteBuffer[1];

    private final Object lock = new Object();
    private final FragmentTable table;
    private volatile long wholeBytes;
    private volatile long forcedBytes;
    private volatile boolean folderForced;
    /** A force failed: what lies behind {@link #forcedBytes} may not be on the disk, whatever a later force says. */
    private volatile boolean doubted;

    private HashChain chain;
    private volatile int flags;

    /** Continues a chunk whose fragments up to {@code wholeBytes} are in {@code table}; hashes may be missing. */
    OpenChunk(
            Volume volume,
            RunFacts run,
            ChunkName name,
            VolumeFile file,
            byte[] previousRoot,
            FragmentTable table,
            long wholeBytes) {
        this.volume = volume;
        this.run = run;
        this.name = name;
        this.path = name.path();
        this.file = file;
        this.previousRoot = previousRoot.clone();
        this.chain = new HashChain(previousRoot);
        this.table = table;
        this.wholeBytes = wholeBytes;
    }

    /** Makes the file and writes its head. */
    static OpenChunk create(Volume volume, RunFacts run, ChunkName name, long startUs, byte[] previousRoot)
            throws IOException {
        ByteBuffer head = run.head(name.sequence(), startUs, previousRoot);
        VolumeFile file = volume.create(name.path());
        try {
            OpenChunk chunk =
                    new OpenChunk(volume, run, name, file, previousRoot, new FragmentTable(), head.remaining());
            chunk.chainHead(head);
            chunk.single[0] = head;
            file.write(chunk.single, 0, 1);
            return chunk;
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** As {@link org.nxvms.platform.api.archive.FootageSink.Run#append}, within this chunk. */
    boolean append(ByteBuffer[] parts, int count, Fragment fragment, BooleanSupplier stillIntact) throws IOException {
        long offset = wholeBytes;
        peek.read(parts[0]);
        long length = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer part = parts[i];
            int position = part.position();
            length += part.remaining();
            chain.update(part);
            part.position(position);
        }
        boolean intact;
        try {
            if (length > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a fragment of " + length + " bytes");
            }
            file.write(parts, 0, count);
            intact = stillIntact.getAsBoolean();
            if (!intact) {
                file.truncate(offset);
            }
        } catch (IOException | RuntimeException failed) {
            chain.drop();
            takeBack(offset);
            throw failed;
        }
        if (!intact) {
            chain.drop();
            return false;
        }
        synchronized (lock) {
            table.place(offset, (int) length, peek.moofOffset(), peek.presentationTime());
            chain.add(table.hashes(), table.count() * HashChain.HASH_BYTES);
            table.commit(fragment.startUs, fragment.durationUs, fragment.key, fragment.accessUnits);
            wholeBytes = offset + length;
        }
        return true;
    }

    /** A fragment's facts, reused from call to call. */
    static final class Fragment {
        long startUs;
        long durationUs;
        boolean key;
        int accessUnits;
    }

    private void takeBack(long size) {
        try {
            file.truncate(size);
        } catch (IOException stillFailing) {
            // Sealing cuts again before it writes the index, and repair after a crash does the same.
        }
    }

    private void chainHead(ByteBuffer head) {
        chain.update(head.duplicate());
        chain.add(headHash, 0);
    }

    /** Flusher: makes what is there durable. {@return whether there was anything to do} */
    boolean force() throws IOException {
        long size = wholeBytes;
        if (size == forcedBytes) {
            return false;
        }
        if (!folderForced) {
            file.forceDirectory();
            folderForced = true;
        }
        forceFile();
        forcedBytes = size;
        return true;
    }

    private void forceFile() throws IOException {
        try {
            file.force();
        } catch (IOException failed) {
            doubted = true;
            throw failed;
        }
    }

    /** Before each append: nothing is added behind bytes that may not be on the disk. */
    void requireNoDoubt() throws NotDurableException {
        if (!doubted) {
            return;
        }
        synchronized (lock) {
            long endUs = table.count() == 0 ? Long.MAX_VALUE : table.endUsWithin(forcedBytes);
            throw new NotDurableException(
                    path + ": the disk did not confirm that footage is on it; the last of it is written again",
                    null,
                    endUs);
        }
    }

    /** Repair: reads the file again for hashes that a crash took. */
    void rehash(ByteBuffer buffer) throws IOException {
        try (var bytes = volume.read(path)) {
            chain = new HashChain(previousRoot);
            hash(bytes, 0, table.offset(0), buffer);
            chain.add(headHash, 0);
            for (int i = 0; i < table.count(); i++) {
                hash(bytes, table.offset(i), table.bytes(i), buffer);
                chain.add(table.hashes(), i * HashChain.HASH_BYTES);
            }
        }
    }

    private void hash(org.nxvms.storage.spi.VolumeReadable bytes, long from, long length, ByteBuffer buffer)
            throws IOException {
        long at = from;
        long end = from + length;
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = bytes.read(buffer, at);
            if (read <= 0) {
                throw new IOException(path + " became shorter while it was read");
            }
            chain.update(buffer.flip());
            at += read;
        }
    }

    /**
     * Writes seal and index, and makes all durable in the order of storage.md invariant 2. May be called again after it
     * failed. The caller writes the row.
     */
    StoredSegment seal(SigningKeys keys) throws IOException {
        if (doubted) {
            writeAgain();
        }
        ByteBuffer tail = tail(keys);
        if (file.position() != wholeBytes) {
            file.truncate(wholeBytes);
        }
        single[0] = tail;
        file.write(single, 0, 1);
        long size = file.position();
        forceFile();
        file.forceDirectory();
        folderForced = true;
        file.close();
        Segment open = segment();
        return new StoredSegment(sealed(open, size, chain.rootHex()), run.retentionDaysMax());
    }

    /** Reads back what may not be on the disk and writes it again; what cannot be read back as it was is cut off. */
    private void writeAgain() throws IOException {
        int whole;
        try (var bytes = volume.read(path)) {
            whole = new SecondWrite(bytes, file, table).run(forcedBytes, headHash);
        }
        if (whole <= 0) {
            throw new LostException(path + " cannot be read back after a failed fsync");
        }
        synchronized (lock) {
            if (whole < table.count()) {
                wholeBytes = table.offset(whole);
                table.cutTo(whole);
                // A chunk that follows continues more than is left.
                flags |= Checkpoint.REPAIRED;
                chain = new HashChain(previousRoot);
                chain.chain(headHash, 0);
                for (int i = 0; i < whole; i++) {
                    chain.chain(table.hashes(), i * HashChain.HASH_BYTES);
                }
            }
        }
    }

    /** Nothing of the chunk can be sealed. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message);
        }
    }

    private ByteBuffer tail(SigningKeys keys) {
        synchronized (lock) {
            byte[] index = FragmentIndex.build(table.indexEntries());
            ByteBuffer tail =
                    ByteBuffer.allocate(ChunkBoxes.Seal.bytes(table.count()) + ChunkBoxes.Signed.BYTES + index.length);
            new ChunkBoxes.Seal(chain.root(), table.accessUnits()).write(tail);
            keys.sign(checkpoint().message())
                    .ifPresent(by -> new ChunkBoxes.Signed(flags, by.keyId(), by.signature()).write(tail));
            return tail.put(index).flip();
        }
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(
                path,
                previousRoot,
                chain.root(),
                table.firstStartUs(),
                table.endUs(),
                table.count(),
                wholeBytes,
                flags);
    }

    /** Says before sealing that the run goes on in another chunk, or that this one is repaired. */
    void flags(int checkpointFlags) {
        flags = checkpointFlags;
    }

    private static Segment sealed(Segment open, long size, String root) {
        return new Segment(
                open.id(),
                open.stream(),
                open.serverId(),
                open.volumeId(),
                open.path(),
                open.runId(),
                open.sequence(),
                open.startUs(),
                open.endUs(),
                size,
                false,
                open.initId(),
                open.initBytes(),
                open.codecs(),
                open.width(),
                open.height(),
                open.hasAudio(),
                open.clockSource(),
                open.accessUnits(),
                Optional.of(root));
    }

    /** {@return the chunk as a segment; only while it has a fragment} */
    Segment segment() {
        synchronized (lock) {
            return new Segment(
                    name.segmentId(),
                    run.stream(),
                    run.serverId(),
                    volume.id(),
                    path,
                    run.runId(),
                    name.sequence(),
                    table.firstStartUs(),
                    table.endUs(),
                    wholeBytes,
                    true,
                    run.initId(),
                    run.initBytes(),
                    run.format().codecs(),
                    run.width(),
                    run.height(),
                    run.hasAudio(),
                    run.clock(),
                    table.accessUnitsTotal(),
                    Optional.empty());
        }
    }

    List<FragmentEntry> index() {
        synchronized (lock) {
            return table.entries();
        }
    }

    boolean isEmpty() {
        synchronized (lock) {
            return table.count() == 0;
        }
    }

    long startUs() {
        synchronized (lock) {
            return table.firstStartUs();
        }
    }

    long endUs() {
        synchronized (lock) {
            return table.endUs();
        }
    }

    long wholeBytes() {
        return wholeBytes;
    }

    byte[] root() {
        return chain.root();
    }

    RunFacts run() {
        return run;
    }

    ChunkName name() {
        return name;
    }

    String path() {
        return path;
    }

    /** Closes the file without sealing; for a chunk that is given up or removed. */
    void abandon() throws IOException {
        file.close();
    }
}
