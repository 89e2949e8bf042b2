// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.RetentionWorld.CAPACITY;
import static org.nxvms.archive.RetentionWorld.DAY_US;
import static org.nxvms.archive.RetentionWorld.NOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.VolumeSpace;

/** Retention removes what is too old and the oldest of what is too much, and never one chunk more. */
class RetentionProperties {

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

    private RetentionWorld world(Stored... chunks) throws IOException {
        return world(List.of(chunks));
    }

    private RetentionWorld world(List<Stored> chunks) throws IOException {
        return new RetentionWorld(disk, folder, chunks);
    }

    @Property(tries = 20)
    void aFullVolumeIsFreedToItsReserveAndNoFurther(@ForAll("archives") List<Stored> chunks) throws IOException {
        RetentionWorld world = world(chunks);
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
        RetentionWorld world = world(chunks);
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
        world.retention(world.lockBook(), new ChunkClaims(), 1).turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
    }

    @Property(tries = 20)
    void aQuotaIsKept(@ForAll("archives") List<Stored> chunks) throws IOException {
        RetentionWorld world = world(chunks);
        world.volume.quota = OptionalLong.of(2_500);
        world.volume.space = Optional.of(() -> new VolumeSpace(1L << 40, 1L << 39, 0));
        world.retention.turn(world.footage, Optional.of(world.index));
        world.check(2_500);
    }

    @Property(tries = 15)
    void withoutADatabaseTheOldestByNameGoAndRowsFollow(@ForAll("archives") List<Stored> chunks) throws IOException {
        RetentionWorld world = world(chunks.stream()
                .map(chunk -> new Stored(chunk.ageDays(), chunk.bytes(), 3650))
                .toList());
        world.reserve = 3_000;
        world.index.down = true;
        world.retention.turn(world.footage, Optional.of(world.index));
        world.index.down = false;
        world.retention(world.locks, new ChunkClaims(), 1).turn(world.footage, Optional.of(world.index));

        assertThat(world.index.rows.values().stream().map(row -> row.segment().path()))
                .containsExactlyInAnyOrderElementsOf(world.files());
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
    }

    @Property(tries = 20)
    void aRemovalThatBreaksOffIsFinished(@ForAll("archives") List<Stored> chunks) throws IOException {
        RetentionWorld world = world(chunks);
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
        world.retention(world.locks, new ChunkClaims(), 1).turn(world.footage, Optional.of(world.index));
        world.check(CAPACITY - world.reserve - CAPACITY / 100);
        assertThat(Markers.delete(world.volume).all()).isEmpty();
    }

    @Example
    void whatAnotherIsBusyWithIsNotPassedByOnceItIsFree() throws IOException {
        RetentionWorld world = world(new Stored(120, 10, 7), new Stored(110, 10, 7));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(world.locks, claims, 0);
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
        RetentionWorld world =
                world(new Stored(100, 2_000, 3650), new Stored(90, 2_000, 3650), new Stored(80, 2_000, 3650));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(world.locks, claims, 0);
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
        RetentionWorld world = world(new Stored(100, 2_000, 3650));
        world.locks.lock(
                new EvidenceLock(
                        UUID.randomUUID(), List.of(new UUID(3, 3)), 0, DAY_US, "theft elsewhere", "admin", NOW),
                List.of(world.volume));
        ChunkClaims claims = new ChunkClaims();
        Retention retention = world.retention(world.locks, claims, 0);
        claims.claim(world.all.get(0).segment().id());
        world.reserve = 9_000;
        retention.turn(world.footage, Optional.of(world.index));
        assertThat(retention.trouble()).isEmpty();
    }
}
