// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink.NotDurableException;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.Run;
import org.nxvms.platform.api.archive.Segment;

/**
 * Fragments of several cameras are hashed together before they are written. Whatever happens between, the hash that is
 * sealed is that of the bytes on the disk, which {@code check} reads again with the JDK's SHA-256.
 */
class AnnouncedFragmentsTest {
    private static final int CAMERAS = 5;
    private static final int NAL_BYTES = 300;

    @TempDir
    Path folder;

    private final PlainCompression compression = new PlainCompression();
    private final List<StreamId> cameras = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private ArchiveHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(3, 256 << 20, 1, 1, 24, 5));
        together();
        for (int i = 0; i < CAMERAS; i++) {
            cameras.add(StreamId.main(UUID.randomUUID()));
            runs.add(house.open(cameras.get(i), T0));
        }
    }

    private void together() {
        // Not before it is settled what this machine has, which would take its place.
        NativeSha256.compression();
        ArchiveHouse.await(() -> !house.archive.shared.hashing().isLooking());
        house.archive.shared.hashing().by(compression);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** As the ring holds them: off the heap. */
    private static ByteBuffer[] parts(int second) {
        ByteBuffer[] parts = Footage.fragment(T0, second, second % 2 == 0, NAL_BYTES);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ByteBuffer.allocateDirect(parts[i].remaining())
                    .put(parts[i])
                    .flip();
        }
        return parts;
    }

    private static boolean write(Run run, int second, BooleanSupplier intact) throws IOException {
        return run.appendAnnounced(T0 + second * SECOND_US, SECOND_US, second % 2 == 0, Footage.FRAMES, intact);
    }

    private static boolean append(Run run, int second, ByteBuffer[] parts) throws IOException {
        return run.append(
                parts, parts.length, T0 + second * SECOND_US, SECOND_US, second % 2 == 0, Footage.FRAMES, () -> true);
    }

    private void announce(int second) {
        for (Run run : runs) {
            ByteBuffer[] parts = parts(second);
            assertThat(run.announce(parts, parts.length)).isTrue();
        }
    }

    /** One second of all cameras, announced by all before the first is written. */
    private void second(int second) throws IOException {
        announce(second);
        for (Run run : runs) {
            assertThat(write(run, second, () -> true)).isTrue();
        }
    }

    private void end(int seconds) throws IOException {
        for (Run run : runs) {
            run.end(T0 + seconds * SECOND_US);
        }
    }

    private List<Segment> segments(int camera) {
        return house.segments(cameras.get(camera), T0, T0 + 100 * SECOND_US);
    }

    private void isSound() {
        house.settled();
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    private long endUs(int camera) {
        return segments(camera).stream().mapToLong(Segment::endUs).max().orElse(T0);
    }

    @Test
    void theyAreHashedTogetherAndSealedOverSeveralChunks() throws Exception {
        for (int second = 0; second < 10; second++) {
            second(second);
        }
        end(10);
        isSound();
        assertThat(compression.lanesMost).as("five are three and two").isEqualTo(3);
        for (int camera = 0; camera < CAMERAS; camera++) {
            assertThat(segments(camera)).hasSize(3).noneMatch(Segment::open);
            assertThat(endUs(camera)).isEqualTo(T0 + 10 * SECOND_US);
        }
    }

    @Test
    void whatIsWrittenOtherwiseThanAnnouncedHasTheHashOfWhatIsWritten() throws Exception {
        second(0);
        announce(1);
        for (Run run : runs) {
            assertThat(append(run, 1, parts(1))).isTrue();
        }
        second(2);
        // Announced, and before it is written something else of the same camera; then announced twice.
        announce(3);
        assertThat(write(runs.get(0), 3, () -> true)).isTrue();
        ByteBuffer[] other = parts(3);
        other[1].put(other[1].limit() - 1, (byte) 0);
        assertThat(append(runs.get(1), 3, other)).isTrue();
        ByteBuffer[] again = parts(3);
        assertThat(runs.get(2).announce(again, again.length)).isTrue();
        assertThat(write(runs.get(2), 3, () -> true)).isTrue();
        end(4);
        isSound();
    }

    @Test
    void whatTheRingOvertookAfterItWasHashedIsTakenBack() throws Exception {
        second(0);
        announce(1);
        assertThat(write(runs.get(0), 1, () -> false)).isFalse();
        for (int i = 1; i < CAMERAS; i++) {
            assertThat(write(runs.get(i), 1, () -> true)).isTrue();
        }
        second(2);
        end(3);
        isSound();
        assertThat(house.footage.index(segments(0).get(0).id())).hasSize(2);
        assertThat(house.footage.index(segments(1).get(0).id())).hasSize(3);
    }

    @Test
    void aDiskThatFailsBetweenHashingAndWritingEndsItsRunAtTheLastWholeFragment() throws Exception {
        second(0);
        announce(1);
        assertThat(write(runs.get(0), 1, () -> true)).isTrue();
        house.volume.tornBytes = 333;
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4")) {
                throw new IOException("Input/output error");
            }
        };
        long failed = System.nanoTime();
        assertThatThrownBy(() -> write(runs.get(1), 1, () -> true)).hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> write(runs.get(1), 1, () -> true)).isInstanceOf(IllegalStateException.class);
        for (int i = 2; i < CAMERAS; i++) {
            Run refused = runs.get(i);
            Throwable why = catchThrowable(() -> write(refused, 1, () -> true));
            assertThat(why).isInstanceOf(IOException.class).hasMessageContaining("Input/output error");
            if (System.nanoTime() - failed < VolumeFitness.SUSPENDED_NANOS) {
                assertThat(why).as("by a volume that has just failed").hasCauseInstanceOf(RefusedException.class);
            }
        }
        house.volume.gate = (operation, path) -> {};
        end(2);
        isSound();
        assertThat(endUs(0)).isEqualTo(T0 + 2 * SECOND_US);
        for (int i = 1; i < CAMERAS; i++) {
            assertThat(endUs(i)).isEqualTo(T0 + SECOND_US);
        }
    }

    @Test
    void anFsyncThatFailsBetweenAnnouncingAndWritingPutsWhatWasWrittenInDoubt() throws Exception {
        second(0);
        Segment open = segments(0).get(0);
        String path = open.path();
        FaultyVolume.Durability kernel = house.volume.durability.get(path);
        ArchiveHouse.await(() -> kernel.durableBytes() == open.sizeBytes());
        failures.set(1);
        CountDownLatch written = new CountDownLatch(1);
        house.volume.gate = (operation, of) -> {
            if (operation.equals("force") && of.equals(path)) {
                ArchiveHouse.await(() -> written.getCount() == 0);
                if (failures.getAndDecrement() > 0) {
                    throw new IOException("Input/output error");
                }
            }
        };
        second(1);
        announce(2);
        written.countDown();
        ArchiveHouse.await(() -> house.archive.footageVolumes().stream()
                .flatMap(volume -> volume.live(open.id()).stream())
                .anyMatch(OpenChunk::isDoubted));
        NotDurableException told =
                catchThrowableOfType(NotDurableException.class, () -> write(runs.get(0), 2, () -> true));
        assertThat(told.durableEndUs()).isEqualTo(T0 + SECOND_US);
        end(2);
        // Read back, found to be what was hashed, and written again.
        isSound();
        assertThat(endUs(0)).isEqualTo(T0 + 2 * SECOND_US);
        assertThat(kernel.durableBytes()).isEqualTo((int) segments(0).get(0).sizeBytes());
    }

    @Test
    void aServerThatDiesBetweenAnnouncingAndWritingLosesOnlyWhatItHadNotWritten() throws Exception {
        second(0);
        second(1);
        announce(2);
        assertThat(write(runs.get(0), 2, () -> true)).isTrue();
        house.kill();
        house.start();
        isSound();
        assertThat(endUs(0)).isEqualTo(T0 + 3 * SECOND_US);
        assertThat(endUs(1)).isEqualTo(T0 + 2 * SECOND_US);
    }

    @Test
    void aRunThatEndsWithoutWhatItAnnouncedIsSealedAtOnceAndHoldsUpNobody() throws Exception {
        second(0);
        announce(1);
        runs.get(0).end(T0 + SECOND_US);
        runs.get(1).close();
        for (int i = 2; i < CAMERAS; i++) {
            assertThat(write(runs.get(i), 1, () -> true)).isTrue();
        }
        ByteBuffer[] late = parts(1);
        assertThat(runs.get(0).announce(late, late.length))
                .as("by a run that has ended")
                .isFalse();
        end(2);
        isSound();
        assertThat(endUs(0)).isEqualTo(T0 + SECOND_US);
        assertThat(endUs(2)).isEqualTo(T0 + 2 * SECOND_US);
    }

    @Test
    void aVolumeThatIsEncryptedMeanwhileSealsTheHashesOfCiphertext() throws Exception {
        for (int second = 0; second < 4; second++) {
            second(second);
        }
        house.volume.encrypted = true;
        // The next key frame begins another chunk, which is encrypted, though it was announced for this one.
        second(4);
        ByteBuffer[] clear = parts(5);
        for (Run run : runs) {
            assertThat(run.announce(clear, clear.length))
                    .as("there is no ciphertext yet")
                    .isFalse();
            assertThat(append(run, 5, parts(5))).isTrue();
        }
        end(6);
        isSound();
        assertThat(segments(0)).hasSize(2);
        assertThat(endUs(0)).isEqualTo(T0 + 6 * SECOND_US);
    }

    @Test
    void whatIsOnTheHeapIsNotWorthWaitingFor() throws Exception {
        ByteBuffer[] parts = Footage.fragment(T0, 0, true, NAL_BYTES);
        assertThat(runs.get(0).announce(parts, parts.length)).isFalse();
        assertThat(append(runs.get(0), 0, parts)).isTrue();
        end(1);
        isSound();
    }

    @Test
    void moreThanMayWaitAreHashedInTurns() throws Exception {
        for (int i = CAMERAS; i < 2 * FragmentHashing.WAITING_MAX + 3; i++) {
            cameras.add(StreamId.main(UUID.randomUUID()));
            runs.add(house.open(cameras.get(i), T0));
        }
        second(0);
        second(1);
        end(2);
        isSound();
        assertThat(compression.lanesMost).isEqualTo(Sha256Lanes.LANES_MAX);
    }

    /** Another volume's thread may just be changing what it announced, since its run goes on in another way. */
    @Test
    void whatAnotherThreadAnnouncedIsHashedByThatThreadOnly() throws Exception {
        ByteBuffer[] others = parts(0);
        Thread other = new Thread(() -> runs.get(1).announce(others, others.length));
        other.start();
        other.join();
        others[1].position(others[1].limit());
        compression.lanesMost = 0;
        ByteBuffer[] mine = parts(0);
        assertThat(runs.get(0).announce(mine, mine.length)).isTrue();
        assertThat(write(runs.get(0), 0, () -> true)).isTrue();
        assertThat(compression.lanesMost).as("alone").isEqualTo(1);

        others[1].position(0);
        assertThat(write(runs.get(1), 0, () -> true))
                .as("on this thread, by the JDK")
                .isTrue();
        second(1);
        end(2);
        isSound();
    }

    @Test
    void whatRefusesIsAskedNoMoreAndTheJdkHashes() throws Exception {
        second(0);
        announce(1);
        compression.refuses = true;
        for (Run run : runs) {
            assertThat(write(run, 1, () -> true)).isTrue();
        }
        ByteBuffer[] parts = parts(2);
        assertThat(runs.get(0).announce(parts, parts.length)).isFalse();
        assertThat(append(runs.get(0), 2, parts)).isTrue();
        end(2);
        isSound();
    }
}
