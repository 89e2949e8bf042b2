// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.archive.RetentionProperties.Stored;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeSpace;

/** One volume with chunks; its medium is small and its free space is told. */
final class RetentionWorld {
    static final long DAY_US = 86_400_000_000L;
    static final long NOW = 400 * DAY_US;
    static final long CAPACITY = 10_000;
    private static final Path NOTHING_REMOVED = Path.of("target", "nothing-removed");

    private final FileVolume disk;
    private final Path folder;
    final MemoryIndex index = new MemoryIndex();
    final FaultyVolume volume;
    final Map<UUID, Gap> gaps = new HashMap<>();
    final Map<String, Integer> sizes = new HashMap<>();
    final List<StoredSegment> all = new ArrayList<>();
    final OpenReaders readers = new OpenReaders();
    final IndexWriter rows = new IndexWriter(none -> {}, none -> {}, none -> {}, none -> {});
    final LockBook locks;
    final GapLedger ledger = new GapLedger(new GapLedger.Sink() {
        @Override
        public void save(Gap gap) {
            gaps.put(gap.id(), gap);
        }

        @Override
        public void drop(Gap gap) {
            gaps.remove(gap.id());
        }
    });
    final Retention retention;
    final FootageVolume footage;

    /** @param folder for what the server keeps */
    RetentionWorld(FileVolume disk, Path folder, List<Stored> chunks) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.volume = new FaultyVolume(disk);
        this.footage = new FootageVolume(volume, "file", 5, 5, onlyAJournal());
        this.locks = lockBook();
        this.retention = retention(locks, new ChunkClaims(), 1);
        for (String left : files()) {
            disk.delete(left);
        }
        disk.delete(LockBook.PATH);
        for (int i = 0; i < chunks.size(); i++) {
            add(chunks.get(i), i);
        }
        volume.space = Optional.of(this::space);
    }

    /** {@return one who is told nothing: the volume is never opened} */
    private static FootageVolume.Listener onlyAJournal() {
        JournalQueue journal = new JournalQueue();
        return (FootageVolume.Listener) Proxy.newProxyInstance(
                RetentionWorld.class.getClassLoader(),
                new Class<?>[] {FootageVolume.Listener.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("toJournal")) {
                        return journal;
                    }
                    throw new AssertionError(method.getName());
                });
    }

    /** {@return that of a process that knows of no lock yet} */
    LockBook lockBook() {
        return new LockBook(folder.resolve(UUID.randomUUID() + ".tsv"), () -> NOW);
    }

    /** {@return one that minds who is busy} */
    Retention retention(LockBook book, ChunkClaims claims, int intervalSeconds) {
        return new Retention(
                new ChunkRemover(
                        ledger, readers, book, claims, new SpareFiles(List::of), new RemovedSegments(NOTHING_REMOVED)),
                rows,
                readers,
                clock(),
                book,
                intervalSeconds);
    }

    /** A clock that agrees with all that is known. */
    private static RetentionClock clock() {
        RetentionClock clock = new RetentionClock(() -> NOW, System::nanoTime, 24);
        clock.learn(NOW);
        return clock;
    }

    private void add(Stored chunk, int i) throws IOException {
        long startUs = NOW - chunk.ageDays() * DAY_US + i * 1000L;
        ChunkName name = ChunkName.of(Footage.CAMERA, startUs, new UUID(1, i), i);
        try (VolumeFile file = disk.create(name.path())) {
            file.write(new ByteBuffer[] {ByteBuffer.allocate(chunk.bytes())}, 0, 1);
        }
        sizes.put(name.path(), chunk.bytes());
        Segment segment = new Segment(
                name.segmentId(),
                Footage.CAMERA,
                ArchiveHouse.SERVER,
                disk.id(),
                name.path(),
                name.runId(),
                i,
                startUs,
                startUs + 60_000_000,
                chunk.bytes(),
                false,
                "00",
                1,
                "avc1",
                1,
                1,
                false,
                ClockSource.ARRIVAL,
                1,
                Optional.empty());
        all.add(new StoredSegment(segment, chunk.retentionDays()));
        index.insert(List.of(all.get(all.size() - 1)));
    }

    long reserve;

    VolumeSpace space() {
        return new VolumeSpace(CAPACITY, CAPACITY - used(), reserve);
    }

    long used() {
        return files().stream().mapToLong(sizes::get).sum();
    }

    List<String> files() {
        List<String> paths = new ArrayList<>();
        try {
            disk.list("", entry -> !entry.path().endsWith(".mp4") || paths.add(entry.path()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        return paths;
    }

    boolean isExpired(StoredSegment row) {
        return row.segment().endUs() + row.retentionDaysMax() * DAY_US < NOW;
    }

    boolean isLocked(StoredSegment row) {
        return locks.holds(row.segment());
    }

    /** Nothing but expired chunks and the fewest oldest ones may be gone, and no locked one. */
    void check(long bytesMax) {
        List<String> files = files();
        assertThat(index.rows.values().stream().map(row -> row.segment().path()))
                .as("rows are files")
                .containsExactlyInAnyOrderElementsOf(files);
        List<StoredSegment> kept = all.stream()
                .filter(row -> !isExpired(row) || isLocked(row))
                .sorted(Comparator.comparingLong(row -> row.segment().startUs()))
                .toList();
        long bytes = kept.stream().mapToLong(row -> row.segment().sizeBytes()).sum();
        List<String> expected = new ArrayList<>();
        for (StoredSegment row : kept) {
            if (bytes > bytesMax && !isLocked(row)) {
                bytes -= row.segment().sizeBytes();
            } else {
                expected.add(row.segment().path());
            }
        }
        assertThat(files).containsExactlyInAnyOrderElementsOf(expected);
        all.stream().filter(row -> !files.contains(row.segment().path())).forEach(row -> assertThat(gaps.values())
                .as("removed time is explained")
                .anyMatch(gap -> gap.cause() == GapCause.DELETED_BY_RETENTION
                        && gap.fromUs() <= row.segment().startUs()
                        && gap.toUs().orElseThrow() >= row.segment().endUs()));
    }
}
