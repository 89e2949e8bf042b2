// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.VolumeSpace;

/** Two volumes that footage can be moved between, and what a story needs to tell of it. */
abstract class MoveStory {
    @TempDir
    Path folder;

    final MemoryIndex index = new MemoryIndex();
    final AtomicLong nowUs = new AtomicLong(T0 + 60 * SECOND_US);
    final Map<String, FileVolume> disks = new HashMap<>();
    private IndexConnection connection;
    ChunkArchive archive;
    ArchiveReader footage;
    FaultyVolume a;
    FaultyVolume b;

    void start(Path at) {
        start(at, 1L << 30);
    }

    void start(Path at, long moveBytesPerSecond) {
        archive = new ChunkArchive(
                ArchiveHouse.SERVER,
                at,
                new ArchiveSettings(2, 256 << 20, 1, 1, 24, 5, moveBytesPerSecond),
                nowUs::get);
        footage = new ArchiveReader(archive);
        connection = new IndexConnection(index);
        archive.setIndex(connection.index());
        a = volume(at, "a");
        b = volume(at, "b");
    }

    /** The process dies: when this returns it changes nothing any more, not even what it was about to. */
    void die() {
        a.die();
        b.die();
        connection.cut();
        archive.unsetIndex(connection.index());
        Thread undertaker = new Thread(archive::close, "undertaker");
        undertaker.setDaemon(true);
        undertaker.start();
        disks.values().forEach(FileVolume::close);
    }

    FaultyVolume volume(Path at, String name) {
        FileVolume disk = new FileVolume(new FileVolume.Settings(
                name, at.resolve(name), 0, 0, -1, true, ArchiveHouse.SERVER, at.resolve("volumes")));
        disk.checkNow();
        disks.put(name, disk);
        FaultyVolume faulty = new FaultyVolume(disk);
        // However full this machine's disk is: without room nothing is moved.
        faulty.space = Optional.of(() -> new VolumeSpace(1L << 40, 1L << 39, 0));
        return faulty;
    }

    void use(FaultyVolume volume) {
        archive.addVolume(volume, Map.of());
        ArchiveHouse.await(() -> archive.footageVolumes().stream()
                        .anyMatch(one -> one.volume() == volume && one.refusal().isEmpty())
                && knowsItsRows());
    }

    /** What is taken out of the index from now on was not missing in it from the first. */
    private boolean knowsItsRows() {
        return archive.care().lostRows().isDecided();
    }

    @AfterEach
    void stop() {
        a.gate = (operation, path) -> {};
        b.gate = (operation, path) -> {};
        archive.close();
        disks.values().forEach(FileVolume::close);
    }

    /** Six seconds in three chunks of one run, on whichever volume there is. */
    List<Segment> record(FootageTerms terms) throws Exception {
        return record(terms, 6);
    }

    List<Segment> record(FootageTerms terms, int seconds) throws Exception {
        return record(terms, seconds, seconds / 2);
    }

    /** @param rows how many are there then */
    List<Segment> record(FootageTerms terms, int seconds, int rows) throws Exception {
        FootageSink.Run run = archive.openRun(
                archive.volumeFor(CAMERA, terms),
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0, ClockSource.ARRIVAL, terms));
        for (int second = 0; second < seconds; second++) {
            ArchiveHouse.append(run, T0, second);
        }
        run.end(T0 + seconds * SECOND_US);
        ArchiveHouse.await(() -> index.rows.size() == rows
                && knowsItsRows()
                && archive.footageVolumes().stream()
                        .allMatch(volume -> volume.live().isEmpty()));
        return segments();
    }

    List<Segment> segments() {
        return footage.segments(CAMERA, T0, T0 + 10 * SECOND_US, 10);
    }

    static List<String> files(FaultyVolume volume) {
        List<String> paths = new ArrayList<>();
        try {
            volume.list("", file -> !file.path().endsWith(".mp4") || paths.add(file.path()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        return paths;
    }

    boolean allOn(FaultyVolume volume) {
        return segments().stream().allMatch(segment -> segment.volumeId().equals(volume.id()));
    }

    Map<UUID, ByteBuffer> bytes() throws IOException {
        Map<UUID, ByteBuffer> all = new HashMap<>();
        for (Segment segment : segments()) {
            try (var file = footage.open(segment.id())) {
                ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
                while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                    // until all is read
                }
                all.put(segment.id(), bytes.flip());
            }
        }
        return all;
    }

    VolumeMoves.Move move() {
        return new ArchiveMoves(archive).moves().get(0);
    }

    void isSound() {
        ArchiveHouse.await(() -> archive.toJournal().isEmpty()
                && knowsItsRows()
                && archive.rows().waitingGaps().isEmpty()
                && archive.rows().droppedGaps().isEmpty());
        assertThat(archive.check(true, progress -> {}).problems()).isEmpty();
    }

    List<String> unsettled() {
        try {
            return Markers.move(b).all();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
