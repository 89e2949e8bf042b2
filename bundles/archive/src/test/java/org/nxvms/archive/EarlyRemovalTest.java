// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.storage.spi.VolumeSpace;

/** Footage that goes before its time since its volume has no room is told of; what goes in time is not. */
class EarlyRemovalTest {
    private static final long DAY_US = 86_400_000_000L;
    /** Within an hour, so that a recording is one chunk. */
    private static final long START = T0 + 10 * SECOND_US;

    @TempDir
    Path folder;

    private final List<EventFact> said = new CopyOnWriteArrayList<>();

    private final EventPublisher publisher = (EventPublisher) Proxy.newProxyInstance(
            EarlyRemovalTest.class.getClassLoader(),
            new Class<?>[] {EventPublisher.class},
            (self, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("pulse");
                return said.add((EventFact) arguments[0]);
            });

    private EarlyRemovalNews news(ArchiveHouse house) {
        EarlyRemovalNews news = new EarlyRemovalNews(house.archive);
        news.services(publisher, null);
        return news;
    }

    private static List<Segment> recorded(ArchiveHouse house, int chunks) throws Exception {
        for (int i = 0; i < chunks; i++) {
            house.record(CAMERA, START + i * 10 * SECOND_US, 4);
        }
        return house.segments(CAMERA, T0, T0 + DAY_US);
    }

    private static long bytes(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::sizeBytes).sum();
    }

    private static HealthCheck.Result health(ArchiveHouse house) {
        return new VolumesHealth(house.archive).check();
    }

    @Test
    void whatAQuotaTakesBeforeItsTimeIsToldOnceWithTheReachInHealth() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            EarlyRemovalNews news = news(house);
            List<Segment> all = recorded(house, 4);
            house.nowUs.set(T0 + 600 * SECOND_US);
            assertThat(health(house).status()).isEqualTo(HealthCheck.Status.UP);

            house.volume.quota = OptionalLong.of(bytes(all.subList(2, 4)));
            ArchiveHouse.await(() -> !said.isEmpty());

            EventFact fact = said.get(0);
            assertThat(fact.kind()).isEqualTo(EventKinds.RECORDING_REMOVED_EARLY);
            assertThat(fact.source()).isEqualTo(EventSource.volume(house.volume.id()));
            assertThat(fact.attributes().values())
                    .containsEntry("name", "main")
                    .containsEntry("cause", "quota")
                    .containsEntry("limitBytes", bytes(all.subList(2, 4)))
                    .containsEntry("cameras", 1L)
                    .containsEntry("cameraNames", CAMERA.cameraId().toString())
                    .containsEntry("from", "2026-11-22T15:00:09Z")
                    .containsEntry("to", "2026-11-22T15:00:23Z")
                    .containsEntry("segments", 2L)
                    .containsEntry("bytes", bytes(all.subList(0, 2)))
                    .containsEntry("retentionDaysMax", 30L);
            assertThat(fact.detail())
                    .startsWith("Footage of " + CAMERA.cameraId() + " was removed before its retention of 30 days"
                            + " because volume main holds its quota of " + bytes(all.subList(2, 4)) + " bytes");

            HealthCheck.Result result = health(house);
            assertThat(result.status()).isEqualTo(HealthCheck.Status.DEGRADED);
            assertThat(result.detail()).contains("reaches back only 0 of the 30 days asked for", "add a volume");
            assertThat(result.findings()).singleElement().satisfies(found -> {
                assertThat(found.code()).isEqualTo("footage_removed_early");
                assertThat(found.parameters())
                        .containsEntry("volume", "main")
                        .containsEntry("days", 0L)
                        .containsEntry("retentionDaysMax", 30)
                        .containsEntry("count", 1);
            });

            house.volume.quota = OptionalLong.of(bytes(all.subList(3, 4)));
            ArchiveHouse.await(() -> house.index.rows.size() == 1);
            ArchiveHouse.await(() -> news.totals().get(0).segments() == 3);
            assertThat(news.totals().get(0).bytes()).isEqualTo(bytes(all.subList(0, 3)));
            assertThat(said).as("told within the hour already").hasSize(1);
        }
    }

    @Test
    void whatGoesInItsTimeIsSilent() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            EarlyRemovalNews news = news(house);
            house.archive.clock().learn(T0 + 2 * DAY_US);
            house.nowUs.set(T0 + 2 * DAY_US);
            recorded(house, 3);
            house.index.rows.replaceAll((id, row) -> new StoredSegment(row.segment(), 1));
            ArchiveHouse.await(() -> house.index.rows.isEmpty());
            ArchiveHouse.await(() -> house.chunkFiles().isEmpty());
            assertThat(news.totals()).isEmpty();
            assertThat(said).isEmpty();
            assertThat(health(house).status()).isEqualTo(HealthCheck.Status.UP);
        }
    }

    @Test
    void whatIsLockedStaysAndIsNotTold() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            EarlyRemovalNews news = news(house);
            List<Segment> all = recorded(house, 3);
            new ArchiveProofs(house.archive)
                    .lock(new EvidenceLock(
                            new UUID(4, 2),
                            List.of(CAMERA.cameraId()),
                            all.get(0).startUs(),
                            all.get(0).endUs(),
                            "case 7",
                            "admin",
                            T0));
            house.volume.quota = OptionalLong.of(bytes(all.subList(2, 3)));
            ArchiveHouse.await(() -> house.index.rows.size() == 1);
            ArchiveHouse.await(() -> !said.isEmpty());
            assertThat(house.index.rows).containsKey(all.get(0).id());
            assertThat(news.totals().get(0).segments()).isEqualTo(2);
            assertThat(said.get(0).attributes().text("from")).contains("2026-11-22T15:00:19Z");
        }
    }

    @Test
    void withoutADatabaseTheFilesThemselvesTellIt() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            news(house);
            List<Segment> all = recorded(house, 3);
            house.disconnect();
            long used = bytes(all);
            house.volume.space = Optional.of(() -> {
                long now = house.chunkFiles().size() * (used / 3);
                return new VolumeSpace(10 * used, 9 * used - now, 9 * used - used / 2);
            });
            ArchiveHouse.await(() -> !said.isEmpty());
            assertThat(said.get(0).attributes().values())
                    .containsEntry("cause", "reserve")
                    .containsEntry("retentionDaysMax", 30L)
                    .containsEntry("from", "2026-11-22T15:00:09Z");
        }
    }

    @Test
    void aVolumeIsToldOfOnceAnHourWithAllThatWentMeanwhile() throws Exception {
        long[] nanos = {0};
        long[] wall = {T0};
        RetentionClock clock = new RetentionClock(() -> wall[0], System::nanoTime, 24);
        clock.learn(T0);
        EarlyRemovals early = new EarlyRemovals(clock, () -> nanos[0]);
        List<EarlyRemovals.Early> told = new CopyOnWriteArrayList<>();
        int[] asked = {30};
        boolean[] isThere = {false};
        early.teller(new EarlyRemovals.Teller() {
            @Override
            public boolean tell(EarlyRemovals.Early one) {
                return isThere[0] && told.add(one);
            }

            @Override
            public OptionalInt retentionDaysMax(UUID cameraId) {
                return OptionalInt.of(asked[0]);
            }

            @Override
            public String name(UUID cameraId) {
                return "Gate";
            }
        });
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            List<Segment> three = recorded(house, 3);
            early.because(house.volume.id(), new EarlyRemovals.Shortage(true, 100));
            early.removed(house.volume, new StoredSegment(three.get(0), 30));
            early.turn(house.volume.id());
            assertThat(told).as("nobody is there").isEmpty();
            isThere[0] = true;
            early.turn(house.volume.id());
            early.turn(house.volume.id());
            early.removed(house.volume, new StoredSegment(three.get(1), 30));
            early.removed(house.volume, new StoredSegment(three.get(2), 30));
            nanos[0] = EarlyRemovals.TOLD_NANOS - 1;
            early.turn(house.volume.id());
            nanos[0] = EarlyRemovals.TOLD_NANOS;
            early.turn(house.volume.id());
            early.turn(house.volume.id());
            assertThat(told).extracting(EarlyRemovals.Early::segments).containsExactly(1L, 2L);
            assertThat(told.get(1).fromUs()).isEqualTo(three.get(1).startUs());
            assertThat(told.get(1).toUs()).isEqualTo(three.get(2).endUs());

            assertThat(early.goingOn()).isEmpty();
            asked[0] = 1;
            wall[0] = T0 + 5 * DAY_US;
            clock.learn(wall[0]);
            early.removed(house.volume, new StoredSegment(three.get(2), 30));
            assertThat(early.totals().get(0).segments())
                    .as("who lowered the camera's days asks for no more")
                    .isEqualTo(3);
            assertThat(early.totals().get(0).bytes()).isEqualTo(bytes(three));
        }
    }
}
