// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.SERVER;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;

/** What the recorder's thread does in the archive for a fragment, down to the disk, allocates nothing. */
class FootageAllocTest {
    /** As many as there are in a chunk of five minutes. */
    private static final int FRAGMENTS = 450;

    private static final int ROUND = 50;
    private static final long FRAGMENT_US = 660_000;
    private static final BooleanSupplier INTACT = () -> true;
    private static final FootageTerms TERMS = FootageTerms.days(30);

    private static final StreamId[] STREAMS =
            IntStream.range(0, 20).mapToObj(n -> StreamId.main(new UUID(7, n))).toArray(StreamId[]::new);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ByteBuffer[] parts = direct(Footage.fragment(T0, 0, true, 1000));

    @TempDir
    Path folder;

    private FileVolume disk;
    private ChunkArchive archive;

    @BeforeEach
    void open() {
        archive = new ChunkArchive(SERVER, folder, new ArchiveSettings(300, 256 << 20, 60, 60, 24, 5), () -> T0);
        disk = disk("main");
    }

    private FileVolume disk(String name) {
        FileVolume volume = new FileVolume(
                new FileVolume.Settings(name, folder.resolve(name), 0, 0, -1, true, SERVER, folder.resolve("volumes")));
        volume.checkNow();
        archive.addVolume(volume, Map.of(Volume.PROPERTY_KIND, "file"));
        ArchiveHouse.await(() ->
                archive.footageVolumes().stream().allMatch(one -> one.refusal().isEmpty()));
        return volume;
    }

    @AfterEach
    void close() {
        archive.close();
        disk.close();
    }

    /** Hashed one by one or together, written, noted in the chunk's index and in the ledger. */
    @Test
    void aFragmentIsWrittenWithoutGarbage() throws Exception {
        FootageSink.RunRequest request =
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0, ClockSource.ARRIVAL, TERMS);
        try (FootageSink.Run run = archive.openRun(archive.volumeFor(CAMERA, TERMS), request)) {
            // What the just-in-time compiler allocates on this thread comes once, and so does what a chunk begins with.
            long least = Long.MAX_VALUE;
            for (int from = 0; from < FRAGMENTS; from += ROUND) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = from; i < from + ROUND; i++) {
                    append(run, T0 + i * FRAGMENT_US);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least)
                    .as("bytes allocated for " + ROUND + " fragments of one chunk")
                    .isZero();
        }
    }

    /** Asked by each stream every five seconds. */
    @Test
    void theOnlyVolumeIsChosenWithoutGarbage() throws Exception {
        assertThat(allocatedByQuestions()).as("bytes for 1000 questions").isZero();
    }

    @Test
    void soIsOneOfSeveralAsLongAsAStreamStays() throws Exception {
        FileVolume other = disk("other");
        try {
            Set<String> chosen = new HashSet<>();
            for (StreamId stream : STREAMS) {
                chosen.add(archive.volumeFor(stream, TERMS));
            }
            assertThat(chosen).hasSize(2);
            assertThat(allocatedByQuestions()).as("bytes for 1000 questions").isZero();
        } finally {
            archive.removeVolume(other);
            other.close();
        }
    }

    private long allocatedByQuestions() throws Exception {
        long least = Long.MAX_VALUE;
        // More where the just-in-time compiler takes its time, as on a busy machine.
        for (int round = 0; round < 10 || least > 0 && round < 1_000; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                archive.volumeFor(STREAMS[i % STREAMS.length], TERMS);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private void append(FootageSink.Run run, long startUs) throws IOException {
        for (ByteBuffer part : parts) {
            part.rewind();
        }
        boolean appended = run.announce(parts, parts.length)
                ? run.appendAnnounced(startUs, FRAGMENT_US, true, Footage.FRAMES, INTACT)
                : run.append(parts, parts.length, startUs, FRAGMENT_US, true, Footage.FRAMES, INTACT);
        if (!appended) {
            throw new AssertionError("not taken");
        }
    }

    private static ByteBuffer[] direct(ByteBuffer[] heap) {
        ByteBuffer[] direct = new ByteBuffer[heap.length];
        for (int i = 0; i < heap.length; i++) {
            direct[i] =
                    ByteBuffer.allocateDirect(heap[i].remaining()).put(heap[i]).flip();
        }
        return direct;
    }
}
