// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.ArchiveHouse.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.Run;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeSpace;

/** Several volumes: who gets which stream, and what happens when one hangs, fills up, comes twice or goes. */
class VolumesTest {
    private static final FootageTerms ANYWHERE = FootageTerms.days(30);

    @TempDir
    Path folder;

    private final MemoryIndex index = new MemoryIndex();
    private final List<FileVolume> disks = new ArrayList<>();
    private ChunkArchive archive;

    @BeforeEach
    void open() {
        // A machine that stands still for a moment is no volume that hangs.
        open(60);
    }

    private void open(int hungSeconds) {
        archive = new ChunkArchive(
                ArchiveHouse.SERVER, folder, new ArchiveSettings(300, 256 << 20, 5, 1, 24, hungSeconds), () -> T0);
        archive.setIndex(index);
    }

    @AfterEach
    void close() {
        archive.close();
        disks.forEach(FileVolume::close);
    }

    private FaultyVolume volume(String name, String place) {
        FileVolume disk = new FileVolume(new FileVolume.Settings(
                name, folder.resolve(place), 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("volumes")));
        disk.checkNow();
        disks.add(disk);
        return new FaultyVolume(disk);
    }

    private FaultyVolume use(String name) {
        FaultyVolume volume = volume(name, name);
        add(volume);
        await(() -> footage(name).refusal().isEmpty());
        return volume;
    }

    private void add(Volume volume) {
        archive.addVolume(volume, Map.of(Volume.PROPERTY_KIND, "file"));
    }

    private FootageVolume footage(String name) {
        return archive.footageVolumes().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static StreamId camera(int number) {
        return StreamId.main(new UUID(7, number));
    }

    private static FootageTerms on(String... names) {
        return new FootageTerms(0, 30, List.of(names));
    }

    private String place(int camera) {
        return place(camera, ANYWHERE);
    }

    private String place(int camera, FootageTerms terms) {
        try {
            return archive.volumeFor(camera(camera), terms);
        } catch (RefusedException refused) {
            return refused.gapCause().name();
        }
    }

    private Run open(int camera, String volume) throws RefusedException {
        return archive.openRun(
                volume, new RunRequest(camera(camera), Footage.FORMAT, T0, ClockSource.ARRIVAL, ANYWHERE));
    }

    @Test
    void streamsAreSharedByWeightAndStayWhereTheyAre() {
        use("a").weight = 300;
        use("b");
        Map<Integer, String> places = new HashMap<>();
        IntStream.range(0, 40).forEach(camera -> places.put(camera, place(camera)));
        assertThat(places.values().stream().collect(Collectors.groupingBy(name -> name, Collectors.counting())))
                .isEqualTo(Map.of("a", 30L, "b", 10L));
        assertThat(places)
                .allSatisfy((camera, name) -> assertThat(place(camera)).isEqualTo(name));
    }

    @Test
    void aVolumeOfWeightZeroIsForThoseWhoNameItAndForTheOthersInNeed() {
        use("a");
        use("b").weight = 0;
        assertThat(place(1)).isEqualTo("a");
        assertThat(place(2)).isEqualTo("a");
        assertThat(place(3, on("b"))).isEqualTo("b");
        archive.removeVolume(footage("a").volume());
        assertThat(place(1)).isEqualTo("b");
    }

    @Test
    void aNamedVolumeThatCannotIsReplacedByTheNextNamedThenByAny() {
        FaultyVolume a = use("a");
        FaultyVolume b = use("b");
        use("c");
        assertThat(place(1, on("a", "b"))).isEqualTo("a");
        fill(a);
        await(() -> place(1, on("a", "b")).equals("b"));
        fill(b);
        await(() -> place(1, on("a", "b")).equals("c"));
    }

    private static void fill(FaultyVolume volume) {
        volume.space = Optional.of(() -> new VolumeSpace(1L << 40, 1L << 30, 1L << 30));
    }

    @Test
    void aVolumeThatHangsIsGivenUpForAnotherAndTakenAgainWhenItAnswers() throws Exception {
        archive.close();
        open(2);
        FaultyVolume a = use("a");
        assertThat(place(1)).isEqualTo("a");
        Run run = open(1, "a");
        CountDownLatch answer = new CountDownLatch(1);
        a.gate = (operation, path) -> {
            if (operation.equals("write")) {
                try {
                    answer.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> {
            try {
                return ArchiveHouse.append(run, T0, 0);
            } catch (java.io.IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
        await(() -> place(1).equals(GapCause.DISK_SLOW.name()));
        RefusedException why =
                catchThrowableOfType(RefusedException.class, () -> archive.volumeFor(camera(1), ANYWHERE));
        assertThat(why).hasMessageContaining("volume a").hasMessageContaining("has not answered a write for");

        use("b");
        assertThat(place(1)).isEqualTo("b");
        answer.countDown();
        assertThat(written.get()).isTrue();
        assertThat(place(1)).as("it is well where it is").isEqualTo("b");
        archive.removeVolume(footage("b").volume());
        // Its keeper may have hung in a write, too, and comes back when it comes to run.
        await(() -> place(1).equals("a"));
        run.end(T0 + Footage.SECOND_US);
    }

    @Test
    void aSecondServiceOfTheSameNameWaitsUntilTheFirstIsGone() {
        FaultyVolume first = use("a");
        FaultyVolume second = volume("a", "elsewhere");
        add(second);
        assertThat(footage("a").volume()).isSameAs(first);
        assertThat(new VolumesHealth(archive).check().detail()).contains("volume a is configured twice", "elsewhere");

        archive.removeVolume(second);
        assertThat(footage("a").volume()).isSameAs(first);
        assertThat(new VolumesHealth(archive).check().detail()).isEmpty();

        add(second);
        archive.removeVolume(first);
        assertThat(footage("a").volume()).isSameAs(second);
        archive.removeVolume(second);
        assertThat(archive.footageVolumes()).isEmpty();
    }

    @Test
    void aFolderThatIsConfiguredUnderTwoNamesIsUsedUnderTheFirst() {
        FaultyVolume first = use("a");
        FaultyVolume twin = volume("b", "a");
        add(twin);
        await(() -> twin.id().equals(first.id()));
        await(() -> footage("b")
                .refusal()
                .filter(why -> why.getMessage().contains("its folder is in use as volume a"))
                .isPresent());
        assertThat(place(1)).isEqualTo("a");
        archive.removeVolume(first);
        await(() -> place(1).equals("b"));
    }

    @Test
    void withoutAnyThatCanAllReasonsAreTold() {
        fill(use("a"));
        use("b");
        await(() -> place(1).equals("b"));
        archive.removeVolume(footage("b").volume());
        await(() -> place(1).equals(GapCause.DISK_FULL.name()));
    }

    @Test
    void whoFellBackToARetiredVolumeLeavesItOnlyForOneThatHasBeenWellForAWhile() {
        // Nobody asks for it before it is ready, so that it counts as well all the time.
        FaultyVolume b = volume("b", "b");
        b.retired = true;
        add(b);
        await(() -> footage("b").isStarted());
        FaultyVolume r = use("r");
        r.retired = true;
        assertThat(place(1, on("r"))).as("all are retired").isEqualTo("r");

        FaultyVolume a = use("a");
        a.weight = 10_000;
        fill(a);
        await(() -> footage("a").refusal().isPresent());
        assertThat(place(1)).isEqualTo("r");
        a.space = Optional.empty();
        await(() -> footage("a").refusal().isEmpty());
        assertThat(place(1)).as("another is just back").isEqualTo("r");
        assertThat(place(2)).as("who is nowhere yet").isEqualTo("a");

        b.retired = false;
        assertThat(place(1)).as("another has been well for long").isEqualTo("b");
    }
}
