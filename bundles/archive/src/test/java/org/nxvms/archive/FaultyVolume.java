// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;
import org.nxvms.storage.spi.VolumeSpace;

/**
 * A volume whose every change first asks a gate, which may throw or wait; space and quota can be told. Once the process
 * that uses it died nothing changes any more.
 */
final class FaultyVolume implements Volume {
    /** Asked before each change; the name of the operation is the method's. */
    @FunctionalInterface
    interface Gate {
        void before(String operation, String path) throws IOException;
    }

    /** What is done to the disk, behind the gate. */
    @FunctionalInterface
    private interface Change<T> {
        T run() throws IOException;
    }

    private final Volume volume;
    /** Held for reading by each change. */
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

    private boolean dead;
    volatile Gate gate = (operation, path) -> {};
    /** Asked before each file is opened for reading. */
    volatile Gate readGate = (operation, path) -> {};
    /** Asked before files are listed; of the whole volume when the path is empty. */
    volatile Gate listGate = (operation, path) -> {};

    volatile Optional<Supplier<VolumeSpace>> space = Optional.empty();
    volatile OptionalLong quota = OptionalLong.empty();
    /** What the disk would hold after a power cut, by path. */
    final Map<String, Durability> durability = new ConcurrentHashMap<>();
    /** A failed force also takes the bytes from the page cache, as some file systems do: they read as zeros. */
    volatile boolean forgetsPages;

    volatile int weight = WEIGHT_DEFAULT;
    volatile boolean retired;
    volatile boolean encrypted;
    volatile boolean backup;
    volatile int daysMin;
    volatile OptionalInt daysMax = OptionalInt.empty();
    /** Bytes of a write that reach the disk before the gate's failure; a torn write. */
    volatile int tornBytes;

    FaultyVolume(Volume volume) {
        this.volume = volume;
    }

    /** The process that uses it dies: when this returns, nothing that it was about to change will change. */
    void die() {
        gate = (operation, path) -> {
            throw new IOException("the process is dead");
        };
        life.writeLock().lock();
        try {
            dead = true;
        } finally {
            life.writeLock().unlock();
        }
    }

    private <T> T alive(Change<T> change) throws IOException {
        life.readLock().lock();
        try {
            if (dead) {
                throw new IOException("the process is dead");
            }
            return change.run();
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public String name() {
        return volume.name();
    }

    @Override
    public UUID id() {
        return volume.id();
    }

    @Override
    public Status status() {
        return volume.status();
    }

    @Override
    public String statusDetail() {
        return volume.statusDetail();
    }

    @Override
    public VolumeSpace space() throws IOException {
        return space.isPresent() ? space.get().get() : volume.space();
    }

    @Override
    public OptionalLong quotaBytes() {
        return quota;
    }

    @Override
    public boolean isEncrypted() {
        return encrypted || volume.isEncrypted();
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public boolean isRetired() {
        return retired;
    }

    @Override
    public boolean isBackup() {
        return backup;
    }

    @Override
    public int retentionDaysMin() {
        return daysMin;
    }

    @Override
    public OptionalInt retentionDaysMax() {
        return daysMax;
    }

    @Override
    public String location() {
        return volume.location();
    }

    @Override
    public VolumeFile create(String path) throws IOException {
        gate.before("create", path);
        return alive(() -> new File(path, volume.create(path)));
    }

    @Override
    public VolumeFile append(String path) throws IOException {
        gate.before("append", path);
        return alive(() -> new File(path, volume.append(path)));
    }

    @Override
    public VolumeReadable read(String path) throws IOException {
        readGate.before("read", path);
        return volume.read(path);
    }

    @Override
    public boolean delete(String path) throws IOException {
        gate.before("delete", path);
        return alive(() -> volume.delete(path));
    }

    @Override
    public void list(String folder, Predicate<FileEntry> visitor) throws IOException {
        listGate.before("list", folder);
        volume.list(folder, visitor);
    }

    /**
     * A file as the kernel sees it: bytes are dirty when written and durable once an fsync after that returned. One that
     * fails makes dirty bytes clean all the same, so the next has nothing to do for them ("fsyncgate").
     */
    static final class Durability {
        private final BitSet dirty = new BitSet();
        private final BitSet durable = new BitSet();

        synchronized void written(long from, long to) {
            dirty.set((int) from, (int) to);
            durable.clear((int) from, (int) to);
        }

        synchronized void truncated(long size) {
            dirty.clear((int) size, Integer.MAX_VALUE);
            durable.clear((int) size, Integer.MAX_VALUE);
        }

        synchronized void forced() {
            durable.or(dirty);
            dirty.clear();
        }

        synchronized BitSet failedToForce() {
            BitSet lost = (BitSet) dirty.clone();
            dirty.clear();
            return lost;
        }

        /** {@return how many of the file's first bytes survive a power cut} */
        synchronized int durableBytes() {
            return durable.nextClearBit(0);
        }
    }

    private final class File implements VolumeFile {
        private final String path;
        private final VolumeFile file;
        private final Durability kernel;

        File(String path, VolumeFile file) {
            this.path = path;
            this.file = file;
            this.kernel = durability.computeIfAbsent(path, first -> new Durability());
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public void write(ByteBuffer[] buffers, int from, int count) throws IOException {
            try {
                gate.before("write", path);
            } catch (IOException torn) {
                alive(() -> tear(buffers, from, count));
                throw torn;
            }
            alive(() -> {
                long at = file.position();
                file.write(buffers, from, count);
                kernel.written(at, file.position());
                return at;
            });
        }

        private int tear(ByteBuffer[] buffers, int from, int count) throws IOException {
            int left = tornBytes;
            for (int i = from; i < from + count && left > 0; i++) {
                ByteBuffer part = buffers[i].duplicate();
                part.limit(part.position() + Math.min(left, part.remaining()));
                left -= part.remaining();
                file.write(new ByteBuffer[] {part}, 0, 1);
            }
            return left;
        }

        @Override
        public void rewrite(long offset, ByteBuffer bytes) throws IOException {
            gate.before("rewrite", path);
            alive(() -> {
                long end = offset + bytes.remaining();
                file.rewrite(offset, bytes);
                kernel.written(offset, end);
                return end;
            });
        }

        @Override
        public void truncate(long size) throws IOException {
            gate.before("truncate", path);
            alive(() -> {
                file.truncate(size);
                kernel.truncated(size);
                return size;
            });
        }

        @Override
        public void force() throws IOException {
            try {
                gate.before("force", path);
            } catch (IOException failed) {
                alive(this::forget);
                throw failed;
            }
            alive(() -> {
                file.force();
                kernel.forced();
                return kernel;
            });
        }

        private BitSet forget() throws IOException {
            BitSet lost = kernel.failedToForce();
            if (forgetsPages && !lost.isEmpty()) {
                int from = lost.nextSetBit(0);
                file.rewrite(from, ByteBuffer.allocate(lost.length() - from));
            }
            return lost;
        }

        @Override
        public void forceDirectory() throws IOException {
            gate.before("forceDirectory", path);
            alive(() -> {
                file.forceDirectory();
                return kernel;
            });
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
