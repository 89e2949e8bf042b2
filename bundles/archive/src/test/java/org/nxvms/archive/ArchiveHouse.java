// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;
import org.nxvms.test.kit.Awaiting;

/** An archive on a temporary folder that can be stopped, killed and started again. */
final class ArchiveHouse implements AutoCloseable {
    static final long T0 = 1_795_359_599_000_000L; // 2026-11-22T14:59:59Z, so that an hour ends in the first second
    static final UUID SERVER = UUID.fromString("99999999-0000-4000-8000-000000000001");

    final Path folder;
    final MemoryIndex index = new MemoryIndex();
    final AtomicLong nowUs = new AtomicLong(T0);
    ArchiveSettings settings = new ArchiveSettings(300, 256 << 20, 5, 1, 24, 5);
    /** Of the volume that is made at the next start. */
    FaultyVolume.Gate gateOfReads = (operation, path) -> {};

    /** The same, of what lists its folders. */
    FaultyVolume.Gate gateOfLists = (operation, path) -> {};

    /** The same, of its changes. */
    FaultyVolume.Gate gateOfChanges = (operation, path) -> {};

    /** How the volume is configured at the next start. */
    FootageEncryption encryption = FootageEncryption.NONE;

    /** Whose archive it is from the next start on. */
    UUID server = SERVER;

    FileVolume disk;
    FaultyVolume volume;
    private IndexConnection connection;
    ChunkArchive archive;
    Archive footage;

    ArchiveHouse(Path folder) {
        this.folder = folder;
        start();
    }

    ArchiveHouse(Path folder, ArchiveSettings settings) {
        this.folder = folder;
        this.settings = settings;
        start();
    }

    /** A house whose footage is encrypted. */
    static ArchiveHouse encrypted(Path folder, ArchiveSettings settings) {
        return new ArchiveHouse(folder, settings, FootageEncryption.AES_256_GCM);
    }

    private ArchiveHouse(Path folder, ArchiveSettings settings, FootageEncryption encryption) {
        this.folder = folder;
        this.settings = settings;
        this.encryption = encryption;
        start();
    }

    /** Starts volume and archive over whatever lies in the folder; waits until the volume takes footage. */
    void start() {
        begin();
        await(() -> footage.volumes().get(0).status().equals("ready")
                && archive.footageVolumes().iterator().next().refusal().isEmpty());
    }

    /** As {@link #start}, also where the volume takes none. */
    void begin() {
        disk = new FileVolume(new FileVolume.Settings(
                "main",
                folder.resolve("archive"),
                0,
                0,
                -1,
                true,
                SERVER,
                folder.resolve("volumes"),
                Volume.WEIGHT_DEFAULT,
                false,
                encryption));
        disk.checkNow();
        volume = new FaultyVolume(disk);
        volume.readGate = gateOfReads;
        volume.listGate = gateOfLists;
        volume.gate = gateOfChanges;
        archive = new ChunkArchive(server, folder, settings, nowUs::get);
        footage = new ArchiveReader(archive);
        connection = new IndexConnection(index);
        connect();
        archive.addVolume(volume, Map.of(Volume.PROPERTY_KIND, "file"));
    }

    /** The database comes, or comes again. */
    void connect() {
        archive.setIndex(connection.index());
    }

    /** The database goes. */
    void disconnect() {
        archive.unsetIndex(connection.index());
    }

    /** The process dies: nothing more is written, not even what is queued, or was about to be. */
    void kill() {
        volume.die();
        connection.cut();
        disconnect();
        // Nobody waits for a dead process; its threads end when they notice.
        Thread undertaker = new Thread(archive::close, "undertaker");
        undertaker.setDaemon(true);
        undertaker.start();
        disk.close();
    }

    void stop() {
        archive.close();
        disk.close();
    }

    @Override
    public void close() {
        stop();
    }

    FootageSink.Run open(StreamId stream, long startUs) throws FootageSink.RefusedException {
        FootageTerms terms = FootageTerms.days(30);
        return archive.openRun(
                archive.volumeFor(stream, terms),
                new FootageSink.RunRequest(stream, Footage.FORMAT, startUs, ClockSource.ARRIVAL, terms));
    }

    /** Appends the n-th second of a run; key frames at even seconds. */
    static boolean append(FootageSink.Run run, long startUs, int second) throws IOException {
        return append(run, startUs, second, 40, () -> true);
    }

    static boolean append(FootageSink.Run run, long startUs, int second, int nalBytes, BooleanSupplier intact)
            throws IOException {
        boolean key = second % 2 == 0;
        ByteBuffer[] parts = Footage.fragment(startUs, second, key, nalBytes);
        return run.append(
                parts,
                parts.length,
                startUs + second * Footage.SECOND_US,
                Footage.SECOND_US,
                key,
                Footage.FRAMES,
                intact);
    }

    /** Records whole seconds and ends the run; {@return its segments once their rows are written} */
    List<Segment> record(StreamId stream, long startUs, int seconds) throws Exception {
        try (FootageSink.Run run = open(stream, startUs)) {
            for (int i = 0; i < seconds; i++) {
                append(run, startUs, i);
            }
            run.end(startUs + seconds * Footage.SECOND_US);
        }
        settled();
        return segments(stream, startUs, startUs + seconds * Footage.SECOND_US);
    }

    List<Segment> segments(StreamId stream, long fromUs, long toUs) {
        return footage.segments(stream, fromUs, toUs, 1000);
    }

    /**
     * Waits until every closed chunk has its row, those of which the index knew nothing included. In the order in which a
     * chunk goes: what was looked at before cannot come from what is looked at later.
     */
    void settled() {
        await(() -> archive.care().lostRows().isDecided()
                && archive.footageVolumes().stream().allMatch(v -> v.backlog() == 0)
                && openChunks().isEmpty()
                && archive.rows().waitingSegments().isEmpty()
                && archive.rows().waitingGaps().isEmpty()
                && archive.rows().droppedGaps().isEmpty());
    }

    /** Waits until every gap is in the index and in a journal. */
    void settledGaps() {
        await(() -> archive.rows().waitingGaps().isEmpty()
                && archive.rows().droppedGaps().isEmpty()
                && archive.toJournal().isEmpty());
    }

    /** Waits until retention has written down the time, after which nothing is written unasked. */
    void quiet() {
        await(() -> {
            try {
                return !Markers.time(disk).all().isEmpty();
            } catch (IOException absent) {
                return false;
            }
        });
    }

    List<String> openChunks() {
        List<String> marked = new ArrayList<>();
        try {
            disk.list("journal/open", entry -> marked.add(entry.path()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        return marked;
    }

    List<String> chunkFiles() {
        List<String> paths = new ArrayList<>();
        try {
            disk.list("", entry -> !entry.path().endsWith(".mp4") || paths.add(entry.path()));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        return paths;
    }

    /** Waits until the condition holds. Other threads do the work. */
    static void await(BooleanSupplier condition) {
        Awaiting.until("what the story waits for", condition);
    }
}
