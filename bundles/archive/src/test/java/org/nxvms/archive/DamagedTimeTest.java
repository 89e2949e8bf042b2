// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * What a crash or a power cut damaged is missing for more than two seconds: then timeline and gaps say so, each second is
 * footage or has its cause, and a rebuild without the database says the same.
 */
class DamagedTimeTest {
    private static final int SECONDS = 60;
    private static final int HOLE_FROM = 10;
    private static final int HOLE_TO = 15;
    private static final int CHUNK_SECONDS = 6;
    private static final int ZEROS = 100;

    @TempDir
    Path folder;

    private ArchiveHouse house;

    private void open(FootageEncryption encryption, int chunkSeconds) {
        ArchiveSettings settings = new ArchiveSettings(chunkSeconds, 256 << 20, 5, 1, 24, 5);
        house = encryption == FootageEncryption.NONE
                ? new ArchiveHouse(folder, settings)
                : ArchiveHouse.encrypted(folder, settings);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static long second(int second) {
        return T0 + second * SECOND_US;
    }

    private Path file(Segment segment) {
        return folder.resolve("archive").resolve(segment.path());
    }

    /** {@return the one chunk of a server that was killed while it recorded, and its fragments} */
    private Segment killed(List<FragmentEntry> fragments) throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        for (int i = 0; i < SECONDS; i++) {
            ArchiveHouse.append(run, T0, i);
        }
        Segment chunk = house.segments(CAMERA, T0, T0 + 1).get(0);
        fragments.addAll(house.footage.index(chunk.id()));
        house.kill();
        return chunk;
    }

    private static void write(Path file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    /** The power went before their payload was on the disk. */
    private void payloadIsZeros(Segment chunk, List<FragmentEntry> fragments) throws IOException {
        for (FragmentEntry one : fragments) {
            write(file(chunk), one.offset() + one.length() - ZEROS, new byte[ZEROS]);
        }
    }

    private TimeSpans spans() {
        return house.footage
                .footage(List.of(CAMERA), T0 - SECOND_US, T0 + 1000 * SECOND_US)
                .getOrDefault(CAMERA, new TimeSpans());
    }

    private static TimeSpans around(int from, int to, int end) {
        TimeSpans spans = new TimeSpans();
        spans.add(T0, second(from), 0);
        spans.add(second(to), second(end), 0);
        return spans;
    }

    private List<Gap> damage() {
        return house.footage.gaps(CAMERA, T0 - SECOND_US, T0 + 1000 * SECOND_US, 100).stream()
                .filter(gap -> gap.cause() == GapCause.FOOTAGE_DAMAGED)
                .toList();
    }

    private void damageIs(int from, int to, String detail) {
        assertThat(damage()).singleElement().satisfies(gap -> {
            assertThat(gap.fromUs()).isEqualTo(second(from));
            assertThat(gap.toUs()).hasValue(second(to));
            assertThat(gap.detail()).contains(detail).contains("check the disk of volume main");
        });
    }

    private void restart() {
        house.start();
        house.settled();
        house.settledGaps();
    }

    /** The database is deleted, and all comes back from the volume. */
    private void aRebuildSaysTheSame() {
        TimeSpans spans = spans();
        List<Gap> gaps = damage();
        List<Segment> segments = house.segments(CAMERA, T0, T0 + 1000 * SECOND_US);
        house.index.rows.clear();
        house.index.gaps.clear();
        house.archive.rebuild(progress -> {});
        assertThat(spans()).isEqualTo(spans);
        assertThat(damage()).isEqualTo(gaps);
        assertThat(house.segments(CAMERA, T0, T0 + 1000 * SECOND_US)).isEqualTo(segments);
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void aHoleThatAPowerCutLeftIsAGapAndNoFootage(FootageEncryption encryption) throws Exception {
        open(encryption, 300);
        List<FragmentEntry> fragments = new ArrayList<>();
        Segment chunk = killed(fragments);
        payloadIsZeros(chunk, fragments.subList(HOLE_FROM, HOLE_TO));
        long bytes = fragments.subList(HOLE_FROM, HOLE_TO).stream()
                .mapToLong(FragmentEntry::length)
                .sum();
        restart();

        damageIs(
                HOLE_FROM,
                HOLE_TO,
                bytes + " bytes from " + fragments.get(HOLE_FROM).offset() + " on of ");
        assertThat(spans()).isEqualTo(around(HOLE_FROM, HOLE_TO, SECONDS));
        assertThat(house.segments(CAMERA, T0, T0 + 1)).singleElement().satisfies(segment -> assertThat(
                        segment.accessUnits())
                .isEqualTo((SECONDS - (HOLE_TO - HOLE_FROM)) * (long) Footage.FRAMES));
        aRebuildSaysTheSame();

        house.stop();
        restart();
        damageIs(HOLE_FROM, HOLE_TO, bytes + " bytes");
    }

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void itIsKnownAsSoonAsTheChunkCanBeSeen(FootageEncryption encryption) throws Exception {
        open(encryption, 300);
        List<FragmentEntry> fragments = new ArrayList<>();
        Segment chunk = killed(fragments);
        // Headers, of which nothing is left.
        for (FragmentEntry one : fragments.subList(HOLE_FROM, HOLE_TO)) {
            write(file(chunk), one.offset(), new byte[one.length()]);
        }
        CountDownLatch seen = new CountDownLatch(1);
        house.gateOfChanges = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4")) {
                // What cannot be sealed after some tries is lost as a whole.
                ArchiveHouse.await(() -> seen.getCount() == 0);
                throw new IOException("the chunk cannot be sealed yet");
            }
        };
        house.begin();
        try {
            ArchiveHouse.await(() -> spans().count() == 2);
            assertThat(house.index.rows).isEmpty();
            assertThat(spans()).isEqualTo(around(HOLE_FROM, HOLE_TO, SECONDS));
            damageIs(HOLE_FROM, HOLE_TO, " bytes from ");
        } finally {
            seen.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void aRepairThatBreaksOffAtAnyStepTellsItOnce(FootageEncryption encryption) throws Exception {
        open(encryption, 300);
        List<FragmentEntry> fragments = new ArrayList<>();
        Segment chunk = killed(fragments);
        payloadIsZeros(chunk, fragments.subList(HOLE_FROM, HOLE_TO));
        for (int step = 1; step <= 12; step++) {
            int last = step;
            int[] steps = new int[1];
            house.gateOfChanges = (operation, path) -> {
                synchronized (steps) {
                    if (++steps[0] >= last) {
                        throw new IOException("died at step " + last);
                    }
                }
            };
            house.begin();
            ArchiveHouse.await(() -> {
                synchronized (steps) {
                    return steps[0] >= last || house.openChunks().isEmpty();
                }
            });
            house.kill();
        }
        house.gateOfChanges = (operation, path) -> {};
        restart();
        damageIs(HOLE_FROM, HOLE_TO, " bytes from ");
        assertThat(spans()).isEqualTo(around(HOLE_FROM, HOLE_TO, SECONDS));
        aRebuildSaysTheSame();
    }

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void whatIsMissingBeforeTheChunkInWhichTheRunGoesOnIsAGap(FootageEncryption encryption) throws Exception {
        open(encryption, CHUNK_SECONDS);
        assertThat(cutOff()).hasSize(3);
        restart();

        damageIs(CHUNK_SECONDS + 2, 2 * CHUNK_SECONDS, "the end of ");
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS + 2, 2 * CHUNK_SECONDS, 3 * CHUNK_SECONDS));
    }

    @ParameterizedTest
    @EnumSource(FootageEncryption.class)
    void aChunkInTheMiddleOfARunOfWhichNothingCanBeSeenIsAGap(FootageEncryption encryption) throws Exception {
        open(encryption, CHUNK_SECONDS);
        List<Segment> run = house.record(CAMERA, T0, 3 * CHUNK_SECONDS);
        isOpenAgain(run.get(1));
        byte[] sound = Arrays.copyOf(Files.readAllBytes(file(run.get(1))), 8);
        write(file(run.get(1)), 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        house.start();
        ArchiveHouse.await(() -> !damage().isEmpty());

        damageIs(CHUNK_SECONDS, 2 * CHUNK_SECONDS, "is damaged as a whole");
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS, 2 * CHUNK_SECONDS, 3 * CHUNK_SECONDS));

        // Another disk, another controller: what could not be read can be, at the next start.
        house.settledGaps();
        house.stop();
        write(file(run.get(1)), 0, sound);
        restart();
        assertThat(damage()).isEmpty();
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS, CHUNK_SECONDS, 3 * CHUNK_SECONDS));
        aRebuildSaysTheSame();
    }

    /** {@return the run's three chunks; the end of the middle one was never written} */
    private List<Segment> cutOff() throws Exception {
        List<Segment> run = house.record(CAMERA, T0, 3 * CHUNK_SECONDS);
        FragmentEntry third = house.footage.index(run.get(1).id()).get(2);
        isOpenAgain(run.get(1));
        try (FileChannel file = FileChannel.open(file(run.get(1)), StandardOpenOption.WRITE)) {
            file.truncate(third.offset() + third.length() / 2);
        }
        return run;
    }

    /** Lists of footage fail so often. */
    private void listsFail(int times) {
        AtomicInteger left = new AtomicInteger(times);
        house.gateOfLists = (operation, folder) -> {
            if (folder.startsWith(CAMERA.toString()) && left.getAndDecrement() > 0) {
                throw new IOException("Input/output error");
            }
        };
    }

    @Test
    void aFolderThatCannotBeReadJustThenIsReadLater() throws Exception {
        open(FootageEncryption.NONE, CHUNK_SECONDS);
        cutOff();
        listsFail(2);
        restart();
        damageIs(CHUNK_SECONDS + 2, 2 * CHUNK_SECONDS, "the end of ");
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS + 2, 2 * CHUNK_SECONDS, 3 * CHUNK_SECONDS));
    }

    @Test
    void footageIsNotWithheldForAFolderThatCanNeverBeRead() throws Exception {
        open(FootageEncryption.NONE, CHUNK_SECONDS);
        cutOff();
        listsFail(Integer.MAX_VALUE);
        restart();
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS + 2, 2 * CHUNK_SECONDS, 3 * CHUNK_SECONDS));
        assertThat(damage()).isEmpty();
    }

    /** Whatever became of the chunks behind it meanwhile. */
    @Test
    void aChunkThatCanBeSeenAfterAllIsNoGapAnyMore() throws Exception {
        open(FootageEncryption.NONE, CHUNK_SECONDS);
        List<Segment> run = house.record(CAMERA, T0, 3 * CHUNK_SECONDS);
        isOpenAgain(run.get(1));
        byte[] sound = Arrays.copyOf(Files.readAllBytes(file(run.get(1))), 8);
        write(file(run.get(1)), 0, new byte[8]);
        house.start();
        ArchiveHouse.await(() -> !damage().isEmpty());
        house.settledGaps();
        house.stop();

        write(file(run.get(1)), 0, sound);
        Files.delete(file(run.get(2)));
        house.index.rows.remove(run.get(2).id());
        restart();
        assertThat(damage()).isEmpty();
        assertThat(spans()).isEqualTo(around(CHUNK_SECONDS, CHUNK_SECONDS, 2 * CHUNK_SECONDS));
    }

    /** A chunk was moved, and the volume that its gap spoke of is retired, with its journal. */
    @Test
    void theSameDamageInOtherWordsIsNoProblem() throws Exception {
        open(FootageEncryption.NONE, 300);
        List<FragmentEntry> fragments = new ArrayList<>();
        Segment chunk = killed(fragments);
        payloadIsZeros(chunk, fragments.subList(HOLE_FROM, HOLE_TO));
        restart();
        house.index.gaps.replaceAll((id, gap) ->
                new Gap(id, gap.stream(), gap.fromUs(), gap.toUs(), gap.cause(), "check the disk of volume elsewhere"));
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    /** The server is stopped; as if it had died before the chunk was sealed. */
    private void isOpenAgain(Segment chunk) throws IOException {
        List<FragmentEntry> fragments = house.footage.index(chunk.id());
        FragmentEntry last = fragments.get(fragments.size() - 1);
        Markers.open(house.disk).set(chunk.path());
        house.stop();
        house.index.rows.remove(chunk.id());
        try (FileChannel file = FileChannel.open(file(chunk), StandardOpenOption.WRITE)) {
            file.truncate(last.offset() + last.length());
        }
    }
}
