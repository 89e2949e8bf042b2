// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.ArchiveHouse.await;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Segment;

/** The file in which a run goes on is made while the thread that writes does something else. */
class NextChunkTest {
    private static final StreamId OTHER = StreamId.main(new UUID(7, 7));

    @TempDir
    Path folder;

    private final CountDownLatch hung = new CountDownLatch(1);
    private final CountDownLatch diskAnswers = new CountDownLatch(1);
    private ArchiveHouse house;
    private FootageSink.Run run;

    /** A run whose chunk is full: what comes next, with the key frame of its fifth second, goes to another. */
    @BeforeEach
    void record() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(3, 256 << 20, 5, 1, 24, 5));
        run = house.open(CAMERA, T0);
        for (int second = 0; second < 4; second++) {
            assertThat(run.isReady(T0 + second * SECOND_US, second % 2 == 0)).isTrue();
            ArchiveHouse.append(run, T0, second);
        }
    }

    @AfterEach
    void close() {
        diskAnswers.countDown();
        house.close();
    }

    private boolean isReady() {
        return run.isReady(T0 + 4 * SECOND_US, true);
    }

    /** Unless this machine itself stood still for as long as a disk may take. */
    private void isNotReadyAtOnce() {
        long asked = System.nanoTime();
        boolean ready = isReady();
        assertThat(ready && System.nanoTime() - asked < NextChunk.PATIENCE_NANOS)
                .as("ready before the disk has answered")
                .isFalse();
    }

    private void newFilesHang() {
        newFilesHangAt("create");
    }

    private void newFilesHangAt(String step) {
        house.volume.gate = (operation, path) -> {
            if (operation.equals(step) && path.endsWith("-0001.mp4")) {
                hung.countDown();
                try {
                    diskAnswers.await();
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            }
        };
    }

    @Test
    void theWriterGoesOnWithOthersMeanwhile() throws Exception {
        FootageSink.Run other = house.open(OTHER, T0);
        newFilesHang();

        isNotReadyAtOnce();
        ArchiveHouse.append(other, T0, 0);
        assertThat(diskAnswers.getCount()).as("the disk has not answered").isEqualTo(1);
        diskAnswers.countDown();
        await(this::isReady);
        ArchiveHouse.append(run, T0, 4);
        run.end(T0 + 5 * SECOND_US);
        other.end(T0 + SECOND_US);
        house.settled();

        List<Segment> chunks = house.segments(CAMERA, T0, T0 + 5 * SECOND_US);
        assertThat(chunks).extracting(Segment::sequence).containsExactly(0, 1);
        assertThat(chunks.get(1).startUs()).isEqualTo(T0 + 4 * SECOND_US);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aDiskThatTakesLongIsWaitedForLikeAWrite() throws Exception {
        newFilesHang();
        isNotReadyAtOnce();
        await(this::isReady);
        assertThat(diskAnswers.getCount()).as("the disk has not answered").isEqualTo(1);

        Thread writer = new Thread(() -> {
            try {
                ArchiveHouse.append(run, T0, 4);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        writer.start();
        // What does not come back from a volume is told, and others take its streams.
        await(() -> house.archive.footageVolumes().iterator().next().refusal().isPresent());
        diskAnswers.countDown();
        writer.join();
        run.end(T0 + 5 * SECOND_US);
        house.settled();

        assertThat(house.segments(CAMERA, T0, T0 + 5 * SECOND_US)).hasSize(2);
    }

    @Test
    void aFileThatCannotBeMadeEndsTheRunAtItsLastFragment() throws Exception {
        house.volume.gate = (operation, path) -> {
            if (operation.equals("create") && path.endsWith(".mp4")) {
                throw new IOException("No space left on device");
            }
        };
        await(this::isReady);

        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 4)).hasMessageContaining("No space left");
        house.volume.gate = (operation, path) -> {};
        house.settled();

        assertThat(house.segments(CAMERA, T0, T0 + 5 * SECOND_US))
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.endUs()).isEqualTo(T0 + 4 * SECOND_US));
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void ofAFileThatIsNotWantedAnyMoreNothingIsLeft() throws Exception {
        newFilesHang();
        isNotReadyAtOnce();

        run.end(T0 + 4 * SECOND_US);
        diskAnswers.countDown();
        await(() -> house.chunkFiles().size() == 1 && house.openChunks().isEmpty());

        assertThat(house.segments(CAMERA, T0, T0 + 5 * SECOND_US)).hasSize(1);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aServerThatStopsMeanwhileLeavesOneThatTheNextStartPutsInOrder() throws Exception {
        // The file is there, and nothing in it.
        newFilesHangAt("write");
        isNotReadyAtOnce();
        hung.await();
        house.kill();
        diskAnswers.countDown();
        house.start();
        house.settled();

        assertThat(house.segments(CAMERA, T0, T0 + 5 * SECOND_US))
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.endUs()).isEqualTo(T0 + 4 * SECOND_US));
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    /** A file that begins costs some 70 kB, but not on the thread that writes. */
    @Test
    void nearlyNothingIsAllocatedByTheWriter() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int second = 4; second < 44; second += 4) {
            long startUs = T0 + second * SECOND_US;
            long before = threads.getCurrentThreadAllocatedBytes();
            run.isReady(startUs, true);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            await(() -> run.isReady(startUs, true));
            for (int i = second; i < second + 4; i++) {
                ArchiveHouse.append(run, T0, i);
            }
        }
        assertThat(least).as("bytes").isLessThan(1024);
    }
}
