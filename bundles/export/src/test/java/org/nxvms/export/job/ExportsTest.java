// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.YARD;
import static org.nxvms.export.job.ExportScene.await;
import static org.nxvms.export.job.Packages.content;
import static org.nxvms.export.job.Packages.footage;
import static org.nxvms.export.job.Packages.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.job.PlainMp4.Picture;
import org.nxvms.export.mkv.PlainMkv;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** Packages of a real archive, and jobs that are interrupted, taken back, too large, or run out of room. */
class ExportsTest {
    /** Files in front of the footage. */
    private static final int EXPLAINING = 3;

    @TempDir
    Path folder;

    private ExportScene scene;

    @BeforeEach
    void record() throws Exception {
        scene = new ExportScene(folder);
        scene.record(StreamId.main(GATE), T0, 30);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private PackageCheck.Report verify(Path zip) throws IOException {
        return PackageCheck.of(
                Files.newInputStream(zip), Long.MAX_VALUE, scene.keys().keys());
    }

    @Test
    void anMp4HoldsThePicturesOfTheRangeFromTheKeyFrameBeforeItAndNoOthers() throws Exception {
        long from = T0 + 5_500_000;
        long to = T0 + 20_200_000;
        Path zip = scene.make(scene.start(), scene.job(Form.MP4, from, to, GATE));

        assertThat(footage(zip)).containsExactly("01-Gate_North/20261122T150003.000Z.mp4");
        List<Picture> pictures = PlainMp4.pictures(content(zip, footage(zip).get(0)));
        // Key frames stand at even seconds; the range ends in the 21st.
        List<Long> taken = LongStream.range(4 * 25, 21 * 25)
                .map(n -> T0 + n * 40_000)
                .boxed()
                .toList();
        assertThat(pictures).extracting(Picture::takenUs).isEqualTo(taken);
        assertThat(pictures)
                .extracting(Picture::timeUs)
                .isEqualTo(taken.stream().map(us -> us - taken.get(0)).toList());
        assertThat(pictures.get(0).key()).isTrue();
        for (int second = 4; second < 21; second++) {
            for (int i = 0; i < 25; i++) {
                int at = i * pictures.get(0).payload().capacity();
                assertThat(pictures.get((second - 4) * 25 + i).payload())
                        .isEqualTo(ExportScene.payload(T0, second)
                                .slice(at, pictures.get(0).payload().capacity()));
            }
        }
        JsonNode camera = manifest(zip).get("cameras").get(0);
        assertThat(camera.get("footage")).hasSize(1);
        assertThat(camera.get("footage").get(0).get("from").asText()).isEqualTo("2026-11-22T15:00:04.500Z");
        assertThat(camera.get("footage").get(0).get("to").asText()).isEqualTo("2026-11-22T15:00:19.200Z");
        assertThat(camera.get("gaps")).isEmpty();
        assertThat(verify(zip).faults()).isEmpty();
        assertThat(verify(zip).intact()).isTrue();
    }

    @Test
    void howToPlayAndVerifyItIsSaidInEachLanguageOfTheConsoleAndTheSameInEach() throws Exception {
        ExportJob job = scene.job(Form.MP4, T0, T0 + 2 * SECOND_US, GATE);
        Path zip = scene.make(scene.start(), job);
        String english = new String(content(zip, "README.txt"), StandardCharsets.UTF_8);
        String german = new String(content(zip, "README.de.txt"), StandardCharsets.UTF_8);
        assertThat(english).contains(job.id().toString(), "Play", "Verify", "README.de.txt");
        assertThat(german).contains(job.id().toString(), "Abspielen", "Prüfen");
        // Names of files, fields, commands and paths, of which no language has others.
        Matcher names = Pattern.compile(
                        "[a-z-]+\\.(?:json|jws|pem|html)|\"[A-Za-z0-9]+\"|/api/[a-z0-9/-]+|[a-z0-9]+sum|nxvms:[a-z-]+")
                .matcher(english);
        int count = 0;
        for (; names.find(); count++) {
            assertThat(german).contains(names.group());
        }
        assertThat(count).isGreaterThan(15);
    }

    @Test
    void matroskaHoldsTheSamePicturesAtTheSameTimes() throws Exception {
        scene.record(StreamId.main(GATE), T0 + 45 * SECOND_US, 10);
        Path zip = scene.make(scene.start(), scene.job(Form.MKV, T0 + 28 * SECOND_US, T0 + 50 * SECOND_US, GATE));

        assertThat(footage(zip)).containsExactly("01-Gate_North/20261122T150027.000Z.mkv");
        PlainMkv file = new PlainMkv(content(zip, footage(zip).get(0)));
        assertThat(file.blocks).hasSize((2 + 5) * 25);
        assertThat(file.segmentBytes).hasValue(file.bytes);
        assertThat(file.all(0x53AC).get(2).number()).as("where its cues stand").isEqualTo(file.parts.get(0x1C53BB6B));
        for (int i = 0; i < file.blocks.size(); i++) {
            // Pictures say when they were taken.
            long takenUs = file.blocks.get(i).payload().getLong(5)
                    + file.blocks.get(i).payload().get(13) * 40_000L;
            assertThat(takenUs)
                    .isEqualTo(T0 + (i < 50 ? 28 * SECOND_US + i * 40_000L : 45 * SECOND_US + (i - 50) * 40_000L));
            assertThat(file.blocks.get(i).timeMs()).isEqualTo((takenUs - T0) / 1_000 - 28_000);
        }
        assertThat(file.blocks.get(0).payload())
                .isEqualTo(ExportScene.payload(T0, 28)
                        .slice(0, file.blocks.get(0).payload().remaining()));
        assertThat(manifest(zip).at("/order/form").asText()).isEqualTo("mkv");
        assertThat(verify(zip).intact()).isTrue();
    }

    @Test
    void aGapIsAJumpInTheFilesTimeAsLongAsTheGapAndStandsInTheManifestWithItsCause() throws Exception {
        scene.gap(StreamId.main(GATE), T0 + 30 * SECOND_US, GapCause.CAMERA_UNREACHABLE);
        scene.record(StreamId.main(GATE), T0 + 45 * SECOND_US, 10);
        Path zip = scene.make(scene.start(), scene.job(Form.MP4, T0 + 28 * SECOND_US, T0 + 50 * SECOND_US, GATE));

        List<Picture> pictures = PlainMp4.pictures(content(zip, footage(zip).get(0)));
        assertThat(pictures).hasSize((2 + 5) * 25);
        assertThat(pictures).allSatisfy(picture -> assertThat(picture.timeUs())
                .isEqualTo(picture.takenUs() - (T0 + 28 * SECOND_US)));
        JsonNode gaps = manifest(zip).get("cameras").get(0).get("gaps");
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("camera_unreachable");
        assertThat(gaps.get(0).get("from").asText()).isEqualTo("2026-11-22T15:00:29.000Z");
        assertThat(gaps.get(0).get("to").asText()).isEqualTo("2026-11-22T15:00:44.000Z");
        JsonNode times = manifest(zip).get("files").get(EXPLAINING).get("times");
        assertThat(times).hasSize(2);
        assertThat(times.get(1).get("fileMs").asLong()).isEqualTo(17_000);
        assertThat(times.get(1).get("at").asText()).isEqualTo("2026-11-22T15:00:44.000Z");
    }

    /** A camera whose clock goes wrong by three milliseconds a second, as none does. */
    @Test
    void aClockThatRunsApartIsToldAgainBeforeItIsTenMillisecondsOff() throws Exception {
        long secondUs = SECOND_US + 3_000;
        scene.recordApart(StreamId.main(YARD), T0, 20, secondUs);
        Path zip = scene.make(scene.start(), scene.job(Form.MP4, T0, T0 + 20 * SECOND_US, YARD));
        JsonNode times = manifest(zip).get("files").get(EXPLAINING).get("times");
        assertThat(times).hasSizeBetween(5, 8);
        assertThat(times.get(0).get("fileMs").asLong()).isZero();
        for (int second = 0; second < 20; second++) {
            JsonNode told = null;
            for (JsonNode each : times) {
                told = each.get("fileMs").asLong() <= second * 1_000L ? each : told;
            }
            long passedMs = second * 1_000L - told.get("fileMs").asLong();
            assertThat(Instant.parse(told.get("at").asText()).plusMillis(passedMs))
                    .isCloseTo(Instant.ofEpochMilli((T0 + second * secondUs) / 1_000), within(10, ChronoUnit.MILLIS));
        }
    }

    @Test
    void timeThatNobodyExplainsIsSaidToBeUnexplained() throws Exception {
        Path zip = scene.make(scene.start(), scene.job(Form.MP4, T0 - 60 * SECOND_US, T0 + 2 * SECOND_US, GATE, YARD));
        JsonNode cameras = manifest(zip).get("cameras");
        assertThat(cameras.get(0).get("gaps").get(0).get("cause").asText()).isEqualTo("unexplained");
        assertThat(cameras.get(1).get("footage")).isEmpty();
        assertThat(cameras.get(1).get("gaps").get(0).get("to").asText()).isEqualTo("2026-11-22T15:00:01.000Z");
    }

    @Test
    void chunksAreTheArchivesOwnFilesByteForByteWithTheRootsThatWereSigned() throws Exception {
        scene.record(StreamId.main(YARD), T0, 10);
        Path zip =
                scene.make(scene.start(), scene.job(Form.CHUNKS, T0 + 5 * SECOND_US, T0 + 15 * SECOND_US, GATE, YARD));
        List<Segment> concerned = new ArrayList<>(scene.segments(GATE).subList(0, 2));
        concerned.addAll(scene.segments(YARD));

        assertThat(footage(zip)).hasSize(3);
        for (int i = 0; i < 3; i++) {
            Segment segment = concerned.get(i);
            assertThat(content(zip, footage(zip).get(i))).isEqualTo(Files.readAllBytes(scene.file(segment)));
            JsonNode source = manifest(zip)
                    .get("files")
                    .get(EXPLAINING + i)
                    .get("sources")
                    .get(0);
            assertThat(source.get("path").asText()).isEqualTo(segment.path());
            assertThat(source.get("chainRoot").asText())
                    .isEqualTo(segment.sha256().orElseThrow());
        }
        assertThat(verify(zip).intact()).isTrue();
    }

    /** Stands at the second segment that is opened until it is let go. */
    private static final class Halt implements ExportScene.Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final List<UUID> opened = new CopyOnWriteArrayList<>();

        @Override
        public void pass(UUID segment) throws IOException {
            opened.add(segment);
            if (opened.size() == 2) {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException interrupted) {
                    // Nobody may: it would close the files, and those of the database.
                    throw new AssertionError(interrupted);
                }
            }
        }

        void awaitReached() throws InterruptedException {
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Stops exports while somebody stands at the gate, who is let go when that was said. */
    private static void stop(Exports exports, Halt halt) throws InterruptedException {
        Thread closing = new Thread(exports::close);
        closing.start();
        await(exports::isStopping);
        halt.released.countDown();
        closing.join();
    }

    @Test
    void aJobGoesOnAfterARestartBehindTheFilesThatWereDone() throws Exception {
        Halt halt = new Halt();
        scene.gate = halt;
        ExportJob job = scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE);
        Exports before = scene.start();
        before.order(job, 1);
        halt.awaitReached();
        stop(before, halt);
        assertThat(scene.stored())
                .extracting(ExportJob::id, ExportJob::state)
                .containsExactly(tuple(job.id(), ExportJob.State.RUNNING));
        assertThat(scene.packages()).containsExactly(job.id() + ".files", job.id() + ".part");

        List<UUID> openedAfter = new CopyOnWriteArrayList<>();
        scene.gate = openedAfter::add;
        Exports after = scene.start();
        await(() -> after.find(job.id()).orElseThrow().job().finished().isPresent());
        assertThat(after.find(job.id()).orElseThrow().job().state()).isEqualTo(ExportJob.State.DONE);
        assertThat(openedAfter)
                .containsExactlyElementsOf(
                        scene.segments(GATE).stream().skip(1).map(Segment::id).toList());
        Path zip = after.whole(job.id()).orElseThrow();
        assertThat(footage(zip)).hasSize(3);
        assertThat(manifest(zip).get("cameras").get(0).get("gaps")).isEmpty();
        assertThat(verify(zip).faults()).isEmpty();
        assertThat(scene.packages()).containsExactly(job.id() + ".zip");
    }

    @Test
    void aJobThatIsTakenBackGivesItsRoomBack() throws Exception {
        Halt halt = new Halt();
        scene.gate = halt;
        ExportJob job = scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE);
        Exports exports = scene.start();
        exports.order(job, 1);
        halt.awaitReached();
        assertThat(scene.packages()).isNotEmpty();
        assertThat(exports.remove(job.id())).isTrue();
        halt.released.countDown();
        await(() -> scene.packages().isEmpty());
        assertThat(scene.stored()).isEmpty();
        assertThat(exports.find(job.id())).isEmpty();
        assertThat(exports.remove(job.id())).isFalse();
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeftOnIt() throws Exception {
        scene.usableBytes = 2 << 20;
        ExportJob job = scene.job(Form.MP4, T0, T0 + 30 * SECOND_US, GATE);
        Exports exports = scene.start();
        exports.order(job, 1);
        await(() -> exports.find(job.id()).orElseThrow().job().finished().isPresent());
        ExportJob failed = exports.find(job.id()).orElseThrow().job();
        assertThat(failed.state()).isEqualTo(ExportJob.State.FAILED);
        assertThat(failed.detail()).contains("is full").contains("2097152 bytes are free");
        assertThat(scene.packages()).isEmpty();
        assertThat(exports.whole(job.id())).isEmpty();
        await(() -> scene.stored().stream().anyMatch(one -> one.state() == ExportJob.State.FAILED));
    }

    @Test
    void ordersBeyondTheRoomForPackagesAreRefused() throws Exception {
        scene.limits = new ExportLimits(folder.resolve("exports"), 1_000, 1, 1, 10, 5, 72, 1 << 30, 31);
        Exports exports = scene.start();
        assertThatThrownBy(() -> exports.order(scene.job(Form.MP4, T0, T0 + SECOND_US, GATE), 1_001))
                .isInstanceOf(Exports.RefusedException.class)
                .hasMessageContaining("1001 bytes")
                .hasMessageContaining("packagesGibibytesMax");
        assertThat(scene.stored()).isEmpty();
    }

    @Test
    void aPackageIsRemovedWhenItHasExpiredAndFilesThatNobodyKnowsAtTheStart() throws Exception {
        Files.createDirectories(folder.resolve("exports"));
        Files.writeString(folder.resolve("exports").resolve(UUID.randomUUID() + ".zip"), "left over");
        Files.writeString(folder.resolve("exports").resolve("notes.txt"), "an administrator's");
        Exports exports = scene.start();
        await(() -> scene.packages().equals(List.of("notes.txt")));
        ExportJob job = scene.job(Form.MP4, T0, T0 + 10 * SECOND_US, GATE);
        scene.make(exports, job);
        // A clock that jumps, which is not believed.
        long before = scene.nowUs.get();
        AtomicInteger asked = new AtomicInteger();
        scene.ageUs = () -> {
            asked.incrementAndGet();
            return before;
        };
        scene.nowUs.addAndGet(TimeUnit.DAYS.toMicros(400));
        int askedBefore = asked.get();
        await(() -> asked.get() >= askedBefore + 2);
        assertThat(scene.packages()).contains(job.id() + ".zip");
        scene.ageUs = () -> before + TimeUnit.HOURS.toMicros(73);
        await(() -> scene.packages().equals(List.of("notes.txt")));
        await(() -> exports.find(job.id()).isEmpty());
        assertThat(scene.stored()).isEmpty();
    }

    @Test
    void aClockThatIsWrongWhileAPackageIsMadeNeitherRemovesItNorKeepsItForAYear() throws Exception {
        Exports exports = scene.start();
        long truthUs = scene.nowUs.get();
        scene.livedNanos = () -> 0;
        // Ahead, which is not believed.
        scene.ageUs = () -> truthUs;
        scene.nowUs.addAndGet(TimeUnit.DAYS.toMicros(365));
        ExportJob ahead = scene.job(Form.MP4, T0, T0 + 10 * SECOND_US, GATE);
        scene.make(exports, ahead);
        Instant expires = exports.find(ahead.id()).orElseThrow().job().expires().orElseThrow();
        assertThat(expires).isEqualTo(Instant.ofEpochMilli(truthUs / 1_000).plus(72, ChronoUnit.HOURS));
        // Behind, which makes nothing older; then it is set right.
        long behindUs = truthUs - TimeUnit.DAYS.toMicros(365);
        scene.ageUs = () -> behindUs;
        scene.nowUs.set(behindUs);
        ExportJob behind = scene.job(Form.MP4, T0, T0 + 10 * SECOND_US, GATE);
        scene.make(exports, behind);
        AtomicInteger asked = new AtomicInteger();
        scene.ageUs = () -> {
            asked.incrementAndGet();
            return truthUs;
        };
        scene.nowUs.set(truthUs);
        int askedBefore = asked.get();
        await(() -> asked.get() >= askedBefore + 4);
        assertThat(scene.packages()).contains(behind.id() + ".zip");
        scene.livedNanos = () -> TimeUnit.HOURS.toNanos(72);
        await(() -> !scene.packages().contains(behind.id() + ".zip"));
        assertThat(scene.packages()).contains(ahead.id() + ".zip");
    }

    @Test
    void footageThatCannotBeReadIsAGapInThePackageAndNotItsEnd() throws Exception {
        UUID second = scene.segments(GATE).get(1).id();
        scene.gate = segment -> {
            if (segment.equals(second)) {
                throw new IOException("Input/output error");
            }
        };
        Path zip = scene.make(scene.start(), scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE));
        assertThat(footage(zip)).hasSize(2);
        JsonNode gaps = manifest(zip).get("cameras").get(0).get("gaps");
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("unreadable");
        assertThat(gaps.get(0).get("detail").asText()).contains("Input/output error");
    }

    /** What stands behind the last file that is done is not read again. */
    @Test
    void whatCouldNotBeReadIsKnownAfterARestartToo() throws Exception {
        UUID first = scene.segments(GATE).get(0).id();
        Halt halt = new Halt();
        scene.gate = segment -> {
            if (segment.equals(first)) {
                throw new IOException("Input/output error");
            }
            halt.pass(segment);
        };
        ExportJob job = scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE);
        Exports before = scene.start();
        before.order(job, 1);
        halt.awaitReached();
        stop(before, halt);

        scene.gate = segment -> {};
        Exports after = scene.start();
        await(() -> after.find(job.id()).orElseThrow().job().finished().isPresent());
        JsonNode gaps = manifest(after.whole(job.id()).orElseThrow())
                .get("cameras")
                .get(0)
                .get("gaps");
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("unreadable");
        assertThat(gaps.get(0).get("detail").asText()).contains("Input/output error");
    }

    @Test
    void whatTheDiskLostOfAPackageIsMadeAgain() throws Exception {
        Halt halt = new Halt();
        scene.gate = halt;
        ExportJob job = scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE);
        Exports before = scene.start();
        before.order(job, 1);
        halt.awaitReached();
        stop(before, halt);
        try (FileChannel part =
                FileChannel.open(folder.resolve("exports").resolve(job.id() + ".part"), StandardOpenOption.WRITE)) {
            part.truncate(1_000);
        }
        scene.gate = segment -> {};
        Exports after = scene.start();
        await(() -> after.find(job.id()).orElseThrow().job().finished().isPresent());
        Path zip = after.whole(job.id()).orElseThrow();
        assertThat(footage(zip)).hasSize(3);
        assertThat(verify(zip).faults()).isEmpty();
    }

    /** A crash in the first moments of a job, between the files that explain the package. */
    @Test
    void whatExplainsAPackageIsWholeAlsoWhenTheServerWentBetweenItsFiles() throws Exception {
        Halt halt = new Halt();
        scene.gate = halt;
        ExportJob job = scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE);
        Exports before = scene.start();
        before.order(job, 1);
        halt.awaitReached();
        stop(before, halt);
        Path journal = folder.resolve("exports").resolve(job.id() + ".files");
        List<String> lines = Files.readAllLines(journal);
        assertThat(lines).hasSizeGreaterThanOrEqualTo(EXPLAINING);
        Files.write(journal, lines.subList(0, 1));
        scene.gate = segment -> {};
        Exports after = scene.start();
        await(() -> after.find(job.id()).orElseThrow().job().finished().isPresent());
        Path zip = after.whole(job.id()).orElseThrow();
        assertThat(manifest(zip).get("files").findValuesAsText("name"))
                .startsWith("README.txt", "README.de.txt", "verify.html")
                .hasSize(EXPLAINING + 3);
        assertThat(verify(zip).faults()).isEmpty();
    }
}
