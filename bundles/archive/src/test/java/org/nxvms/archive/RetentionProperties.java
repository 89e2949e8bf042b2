// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeSpace;

/** Retention removes what is too old and the oldest of what is too much, and never one chunk more. */
class RetentionProperties {
    private static final java.nio.file.Path NOTHING_REMOVED = java.nio.file.Path.of("target", "nothing-removed");
    private static final long DAY_US = 86_400_000_000L;
    private static final long NOW = 400 * DAY_US;
    private static final long CAPACITY = 10_000;

    private Path folder;
    private FileVolume disk;

    /** A chunk's age, size and retention. */
    record Stored(int ageDays, int bytes, int retentionDays) {}

    @BeforeProperty
    void open() throws IOException {
        folder = Files.createTempDirectory("retention");
        disk = new FileVolume(new FileVolume.Settings(
                "main", folder.resolve("v"), 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("m")));
        disk.checkNow();
    }

    @AfterProperty
    void close() throws IOException {
        disk.close();
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Provide
    Arbitrary<List<Stored>> archives() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 120),
                        Arbitraries.integers().between(1, 2_000),
                        Arbitraries.integers().between(1, 150))
                .as(Stored::new)
                .list()
                .ofMaxSize(12);
    }

    private Path home() {
        return folder.resolve(UUID.randomUUID() + ".tsv");
    }

    /** A clock that agrees with all that is known. */
    private static RetentionClock clock() {
        RetentionClock clock = new RetentionClock(() -> NOW, System::nanoTime, 24);
        clock.learn(NOW);
        return clock;
    }

    /** One volume with these chunks; its medium is small and its free space is told. */
    private final class World {
        final MemoryIndex index = new MemoryIndex();
        final FaultyVolume volume = new FaultyVolume(disk);
        final Map<UUID, Gap> gaps = new HashMap<>();
        final Map<String, Integer> sizes = new HashMap<>();
        final List<StoredSegment> all = new ArrayList<>();
        final OpenReaders readers = new OpenReaders();
        final IndexWriter rows = new IndexWriter(none -> {}, none -> {}, none -> {}, none -> {});
        final LockBook locks = new LockBook(home(), () -> NOW);
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
        final Retention retention = new Retention(
                new ChunkRemover(
                        ledger,
                        readers,
                        locks,
                        new ChunkClaims(),
                        new SpareFiles(List::of),
                        new RemovedSegments(NOTHING_REMOVED)),
                rows,
                readers,
                clock(),
                locks,
                1);
        final FootageVolume footage = new FootageVolume(volume, "file", 5, 5, null);

        /** One that is due at once and minds who is busy. */
        Retention retention(ChunkClaims claims) {
            return new Retention(
                    new ChunkRemover(
                            ledger,
                            readers,
                            locks,
                            claims,
                            new SpareFiles(List::of),
                            new RemovedSegments(NOTHING_REMOVED)),
                    rows,
                    readers,
                    clock(),
                    locks,
                    0);
        }

        World(List<Stored> chunks) throws IOException {
            for (String left : files()) {
                disk.delete(left);
            }
            disk.delete(LockBook.PATH);
            for (int i = 0; i < chunks.size(); i++) {
                add(chunks.get(i), i);
            }
            volume.space = Optional.of(this::space);
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
            long bytes =
                    kept.stream().mapToLong(row -> row.segment().sizeBytes()).sum();
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

    @Property(tries = 20)
    void aFullVolumeIsFreedToItsReserveAndNoFurther(@ForAll("archives") List<Stored> chunks) throws IOException {
        World world = new World(chunks);
        world.reserve = 3_000;
        world.retention.turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
    }

    @Property(tries = 40)
    void lockedFootageIsNeverRemovedAndTheNextOldestGoes(
            @ForAll("archives") List<Stored> chunks,
            @ForAll @IntRange(max = 120) int lockedFromDays,
            @ForAll @IntRange(min = 1, max = 40) int lockedDays)
            throws IOException {
        World world = new World(chunks);
        world.reserve = 3_000;
        long fromUs = NOW - lockedFromDays * DAY_US;
        world.locks.lock(
                new EvidenceLock(
                        UUID.randomUUID(),
                        List.of(Footage.CAMERA.cameraId()),
                        fromUs,
                        fromUs + lockedDays * DAY_US,
                        "theft",
                        "admin",
                        NOW),
                List.of(world.volume));
        world.retention.turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);

        // A new process knows of the lock from the volume alone.
        LockBook fresh = new LockBook(home(), () -> NOW);
        new Retention(
                        new ChunkRemover(
                                world.ledger,
                                world.readers,
                                fresh,
                                new ChunkClaims(),
                                new SpareFiles(List::of),
                                new RemovedSegments(NOTHING_REMOVED)),
                        world.rows,
                        world.readers,
                        clock(),
                        fresh,
                        1)
                .turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
    }

    @Property(tries = 20)
    void aQuotaIsKept(@ForAll("archives") List<Stored> chunks) throws IOException {
        World world = new World(chunks);
        world.volume.quota = OptionalLong.of(2_500);
        world.volume.space = Optional.of(() -> new VolumeSpace(1L << 40, 1L << 39, 0));
        world.retention.turn(world.footage, Optional.of(world.index));
        world.check(2_500);
    }

    @Property(tries = 15)
    void withoutADatabaseTheOldestByNameGoAndRowsFollow(@ForAll("archives") List<Stored> chunks) throws IOException {
        World world = new World(chunks.stream()
                .map(chunk -> new Stored(chunk.ageDays(), chunk.bytes(), 3650))
                .toList());
        world.reserve = 3_000;
        world.index.down = true;
        world.retention.turn(world.footage, Optional.of(world.index));
        world.index.down = false;
        new Retention(
                        new ChunkRemover(
                                world.ledger,
                                world.readers,
                                world.locks,
                                new ChunkClaims(),
                                new SpareFiles(List::of),
                                new RemovedSegments(NOTHING_REMOVED)),
                        world.rows,
                        world.readers,
                        clock(),
                        world.locks,
                        1)
                .turn(world.footage, Optional.of(world.index));

        assertThat(world.index.rows.values().stream().map(row -> row.segment().path()))
                .containsExactlyInAnyOrderElementsOf(world.files());
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
    }

    @Property(tries = 20)
    void aRemovalThatBreaksOffIsFinished(@ForAll("archives") List<Stored> chunks) throws IOException {
        World world = new World(chunks);
        world.reserve = 3_000;
        int[] steps = new int[1];
        world.volume.gate = (operation, path) -> {
            // From then on nothing is done: who lives on makes room elsewhere for what could not be removed.
            if (++steps[0] > chunks.size() % 5) {
                throw new IOException("died");
            }
        };
        try {
            world.retention.turn(world.footage, Optional.of(world.index));
        } catch (IOException died) {
            assertThat(died).hasMessage("died");
        }
        world.volume.gate = (operation, path) -> {};
        new Retention(
                        new ChunkRemover(
                                world.ledger,
                                world.readers,
                                world.locks,
                                new ChunkClaims(),
                                new SpareFiles(List::of),
                                new RemovedSegments(NOTHING_REMOVED)),
                        world.rows,
                        world.readers,
                        clock(),
                        world.locks,
                        1)
                .turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
        assertThat(Markers.delete(world.volume).all()).isEmpty();
    }

    @Example
    void whatAnotherIsBusyWithIsNotPassedByOnceItIsFree() throws IOException {
        World world = new World(List.of(new Stored(120, 10, 7), new Stored(110, 10, 7)));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(claims);
        world.all.forEach(row -> claims.claim(row.segment().id()));
        assertThat(retention.turn(world.footage, Optional.of(world.index))).isZero();

        world.all.forEach(row -> claims.release(row.segment().id()));
        assertThat(retention.turn(world.footage, Optional.of(world.index)))
                .as("expired chunks removed")
                .isEqualTo(2);
        world.check(CAPACITY);
    }

    @Example
    void theOldestGoFirstAgainOnceNobodyIsBusyWithThem() throws IOException {
        World world = new World(
                List.of(new Stored(100, 2_000, 3650), new Stored(90, 2_000, 3650), new Stored(80, 2_000, 3650)));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(claims);
        List<UUID> ids = world.all.stream().map(row -> row.segment().id()).toList();
        claims.claim(ids.get(0));
        claims.claim(ids.get(1));
        world.reserve = 5_000;
        retention.turn(world.footage, Optional.of(world.index));
        assertThat(world.index.rows).containsOnlyKeys(ids.get(0), ids.get(1));

        claims.release(ids.get(0));
        claims.release(ids.get(1));
        world.reserve = 7_000;
        retention.turn(world.footage, Optional.of(world.index));
        assertThat(world.index.rows).containsOnlyKeys(ids.get(1));
    }

    @Example
    void aVolumeWhoseFootageOthersAreBusyWithIsNotSaidToBeFullOfEvidence() throws IOException {
        World world = new World(List.of(new Stored(100, 2_000, 3650)));
        world.locks.lock(
                new EvidenceLock(
                        UUID.randomUUID(), List.of(new UUID(3, 3)), 0, DAY_US, "theft elsewhere", "admin", NOW),
                List.of(world.volume));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(claims);
        claims.claim(world.all.get(0).segment().id());
        world.reserve = 9_000;
        retention.turn(world.footage, Optional.of(world.index));
        assertThat(retention.trouble()).isEmpty();
    }
}
