// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.media.kit.fmp4.FragmentIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink.NotDurableException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chunk that is not sealed yet. One thread appends, later one thread seals; any thread may ask for the index, which
 * holds whole fragments only. The lock is taken once per fragment, never while the disk is waited for.
 */
final class OpenChunk {
    private static final Logger LOG = LoggerFactory.getLogger(OpenChunk.class);

    private final Volume volume;
    private final RunFacts run;
    private final ChunkName name;
    private final String path;
    private final VolumeFile file;
    private final DurableBytes durable;
    private final byte[] previousRoot;
    private final Optional<ChunkEncryption> encryption;
    private final byte[] headHash = new byte[HashChain.HASH_BYTES];
    private final FragmentPeek peek = new FragmentPeek();
    private final ByteBuffer[] single = new ByteBuffer[1];

    private final Object lock = new Object();
    private final FragmentTable table;
    private volatile long wholeBytes;

    private HashChain chain;
    private volatile int flags;
    /** The chunk in which the run goes on, until that is known to be on the disk or never will be. */
    private volatile Optional<OpenChunk> successor = Optional.empty();

    private volatile boolean abandoned;

    /** Continues a chunk whose fragments up to {@code wholeBytes} are in {@code table}; hashes may be missing. */
    OpenChunk(
            Volume volume,
            RunFacts run,
            ChunkName name,
            VolumeFile file,
            byte[] previousRoot,
            Optional<ChunkEncryption> encryption,
            FragmentTable table,
            long wholeBytes) {
        this.volume = volume;
        this.run = run;
        this.name = name;
        this.path = name.path();
        this.file = file;
        this.durable = new DurableBytes(file);
        this.previousRoot = previousRoot.clone();
        this.encryption = encryption;
        this.chain = new HashChain(previousRoot);
        this.table = table;
        this.wholeBytes = wholeBytes;
    }

    /** Makes the file and writes its head. */
    static OpenChunk create(
            Volume volume,
            RunFacts run,
            ChunkName name,
            long startUs,
            byte[] previousRoot,
            Optional<ChunkEncryption> encryption)
            throws IOException {
        ByteBuffer head = run.head(name.sequence(), startUs, previousRoot, encryption.map(ChunkEncryption::box));
        VolumeFile file = volume.create(name.path());
        try {
            OpenChunk chunk = new OpenChunk(
                    volume, run, name, file, previousRoot, encryption, new FragmentTable(), head.remaining());
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
    boolean append(ByteBuffer[] parts, int count, FragmentFacts fragment, BooleanSupplier stillIntact)
            throws IOException {
        peek.read(parts[0]);
        if (encryption.isEmpty()) {
            return write(parts, count, peek.moofOffset(), fragment, stillIntact);
        }
        ChunkEncryption with = encryption.get();
        FragmentCipher cipher = with.take();
        try {
            single[0] = with.encrypt(cipher, wholeBytes, parts, count);
            // A hash that is known is that of the clear bytes.
            fragment.hash = HashChain.UNKNOWN;
            return write(single, 1, CipherBox.BYTES + peek.moofOffset(), fragment, stillIntact);
        } finally {
            with.giveBack(cipher);
        }
    }

    private boolean write(
            ByteBuffer[] parts, int count, int moofOffset, FragmentFacts fragment, BooleanSupplier stillIntact)
            throws IOException {
        long offset = wholeBytes;
        long length = chain.begin(parts, count, fragment.hash);
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
            table.place(offset, (int) length, moofOffset, peek.presentationTime());
            chain.add(table.hashes(), table.count() * HashChain.HASH_BYTES);
            table.commit(fragment.startUs, fragment.durationUs, fragment.key, fragment.accessUnits);
            wholeBytes = offset + length;
        }
        return true;
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
        if (size == durable.bytes()) {
            return false;
        }
        durable.force(size);
        return true;
    }

    boolean isDoubted() {
        return durable.isDoubted();
    }

    /** Recorder: the run goes on in another chunk, which holds a fragment already. */
    void continuedBy(OpenChunk next) {
        successor = Optional.of(next);
    }

    /**
     * Keeper, before sealing: a chunk says that it is continued only when its successor survives a power cut; otherwise
     * that cut would look as if somebody had taken the successor away.
     *
     * @return false when that is not known yet
     */
    boolean settleContinuation() throws IOException {
        OpenChunk next = successor.orElse(null);
        if (next != null && !next.abandoned) {
            if (!next.isOnDisk()) {
                if (next.isDoubted()) {
                    return false;
                }
                next.force();
            }
            flags |= Checkpoint.CONTINUED;
        }
        successor = Optional.empty();
        return true;
    }

    private boolean isOnDisk() {
        synchronized (lock) {
            return table.count() > 0 && durable.bytes() >= table.offset(0) + table.bytes(0);
        }
    }

    /** Before each append: nothing is added behind bytes that may not be on the disk. */
    void requireNoDoubt() throws NotDurableException {
        if (!durable.isDoubted()) {
            return;
        }
        synchronized (lock) {
            long endUs = table.count() == 0 ? Long.MAX_VALUE : table.endUsWithin(durable.bytes());
            throw new NotDurableException(
                    path + ": the disk did not confirm that footage is on it; the last of it is written again",
                    null,
                    endUs);
        }
    }

    /** Repair: reads the file again for hashes that a crash took. */
    void rehash(Runnable beat) throws IOException {
        try (var bytes = volume.read(path)) {
            chain = new Rehash(bytes, path, beat).run(previousRoot, headHash, table);
        }
    }

    /**
     * Writes seal and index, and makes all durable in the order of archive.md invariant 2. May be called again after it
     * failed. The caller writes the row.
     */
    StoredSegment seal(SigningKeys keys) throws IOException {
        if (durable.isDoubted()) {
            writeAgain();
        }
        ByteBuffer tail = tail(keys);
        if (file.position() != wholeBytes) {
            file.truncate(wholeBytes);
        }
        single[0] = tail;
        file.write(single, 0, 1);
        long size = file.position();
        durable.forceSealed(wholeBytes);
        closeSealed();
        return new StoredSegment(
                segment(size, false, Optional.of(chain.rootHex())), run.retentionDaysMax(), run.retentionDaysMin());
    }

    /** All is on the disk: what closing says changes nothing, and a closed file could not be sealed again. */
    private void closeSealed() {
        try {
            file.close();
        } catch (IOException tooLateToMatter) {
            LOG.info("Closing {}: {}", path, tooLateToMatter.getMessage());
        }
    }

    /** Reads back what may not be on the disk and writes it again; what cannot be read back as it was is cut off. */
    private void writeAgain() throws IOException {
        int whole;
        try (var bytes = volume.read(path)) {
            whole = new SecondWrite(bytes, file, table).run(durable.bytes(), headHash);
        }
        if (whole <= 0) {
            throw new LostChunkException(path + " cannot be read back after a failed fsync");
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

    /** Says before sealing that it is repaired. */
    void repaired() {
        flags |= Checkpoint.REPAIRED;
    }

    /** {@return the chunk as a segment; only while it has a fragment} */
    Segment segment() {
        return segment(wholeBytes, true, Optional.empty());
    }

    private Segment segment(long bytes, boolean open, Optional<String> root) {
        synchronized (lock) {
            return run.segment(
                    name,
                    volume.id(),
                    new RunFacts.Extent(table.firstStartUs(), table.endUs(), bytes, open, table.accessUnitsTotal()),
                    root);
        }
    }

    /** {@return how its footage is encrypted; empty when it is not} */
    Optional<ChunkBoxes.Encrypted> encrypted() {
        return encryption.map(ChunkEncryption::box);
    }

    /** {@return the fragment in which a byte lies} */
    Optional<FragmentEntry> fragmentAt(long offset) {
        synchronized (lock) {
            return table.at(offset);
        }
    }

    List<FragmentEntry> index() {
        synchronized (lock) {
            return table.entries();
        }
    }

    /** {@return what damage took within it; only a repaired one has any} */
    List<Hole> holes() {
        synchronized (lock) {
            return table.holes(name.startUs(), encryption.isPresent());
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
        abandoned = true;
        file.close();
    }
}
