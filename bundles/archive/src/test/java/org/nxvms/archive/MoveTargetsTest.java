// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** Where footage is moved to, when the original goes, and who reads it meanwhile. */
class MoveTargetsTest extends MoveStory {
    private static final FootageTerms TERMS = FootageTerms.days(30);

    private void recordOn(FaultyVolume volume, long startUs) throws Exception {
        FootageTerms terms = new FootageTerms(0, 30, List.of(volume.name()));
        var stream = org.nxvms.media.StreamId.sub(CAMERA.cameraId());
        try (FootageSink.Run run = archive.openRun(
                volume.name(),
                new FootageSink.RunRequest(stream, Footage.FORMAT, startUs, ClockSource.ARRIVAL, terms))) {
            for (int second = 0; second < 4; second++) {
                ArchiveHouse.append(run, startUs, second);
            }
            run.end(startUs + 4 * SECOND_US);
        }
        ArchiveHouse.await(() ->
                archive.footageVolumes().stream().allMatch(one -> one.live().isEmpty()));
    }

    @Test
    void aVolumeThatHasJustMadeRoomTakesNothingThatIsMoved() throws Exception {
        start(folder);
        use(a);
        record(TERMS);
        use(b);
        recordOn(b, T0 + 10 * SECOND_US);
        b.quota = OptionalLong.of(5_000);
        // Known a moment after the file is gone.
        ArchiveHouse.await(() -> files(b).size() == 1 && hasMadeRoom(b));
        b.quota = OptionalLong.empty();
        a.retired = true;
        ArchiveHouse.await(() -> move().trouble().contains("no other volume has room"));
        assertThat(files(a)).hasSize(3);
        FaultyVolume c = volume(folder, "c");
        use(c);
        ArchiveHouse.await(() -> files(a).isEmpty());
        assertThat(files(c)).hasSize(3);
        assertThat(files(b)).hasSize(1);
    }

    private boolean hasMadeRoom(FaultyVolume volume) {
        return archive.footageVolumes().stream()
                .anyMatch(one -> one.volume() == volume && one.room().wasMadeWithin(Duration.ofHours(1)));
    }

    @Test
    void theOriginalGoesWhenTheDatabaseSaysThatItsRowIsDurable() throws Exception {
        start(folder);
        index.durableAfter = Duration.ofHours(1);
        index.makesDurable = true;
        use(a);
        record(TERMS);
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> files(a).isEmpty() && unsettled().isEmpty());
        assertThat(allOn(b)).isTrue();
        isSound();
    }

    @Test
    void whatWasOnItsWayToAVolumeThatIsGoneForGoodGoesElsewhere() throws Exception {
        start(folder);
        use(a);
        record(TERMS);
        b.gate = (operation, path) -> {
            boolean ofAChunk = path.endsWith(".mp4");
            if (ofAChunk && (operation.equals("force") || operation.equals("delete"))) {
                throw new IOException("Input/output error");
            }
        };
        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> move().trouble().contains("Input/output error")
                && archive.footageVolumes().stream()
                        .anyMatch(one ->
                                one.name().equals("b") && !one.unsettled().isEmpty()));
        assertThat(files(b)).isNotEmpty();
        archive.removeVolume(b);
        FaultyVolume c = volume(folder, "c");
        use(c);
        ArchiveHouse.await(() -> files(a).isEmpty() && files(c).size() == 3);
        isSound();

        // It is back after all: the parts on it are nobody's.
        b.gate = (operation, path) -> {};
        use(b);
        ArchiveHouse.await(() -> files(b).isEmpty() && unsettled().isEmpty());
        assertThat(allOn(c)).isTrue();
        isSound();
    }

    @Test
    void whoReadsAChunkThatIsMovedReadsOnAndItsBytesCountWhereTheyAre() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(TERMS);
        Map<UUID, ByteBuffer> bytes = bytes();
        byte[] init = footage.init(segments.get(0).initId()).orElseThrow();
        Segment first = segments.get(0);
        Archive.SegmentBytes reader = footage.open(first.id());
        ByteBuffer read = ByteBuffer.allocate((int) reader.size());
        read.limit(100);
        reader.read(read, 0);

        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> files(a).isEmpty() && unsettled().isEmpty());
        read.limit(read.capacity());
        while (read.hasRemaining() && reader.read(read, read.position()) > 0) {
            // until all is read
        }
        assertThat(read.flip()).isEqualTo(bytes.get(first.id()));
        assertThat(archive.readers().bytesOfRemoved(a.id()))
                .as("the file system cannot give them back yet")
                .isEqualTo(first.sizeBytes());
        assertThat(archive.readers().bytesOfRemoved(b.id())).isZero();
        assertThat(bytes()).isEqualTo(bytes);
        assertThat(footage.init(first.initId()).orElseThrow()).isEqualTo(init);
        assertThat(segments()).extracting(Segment::id).isEqualTo(ids(segments));
        reader.close();
        assertThat(archive.readers().bytesOfRemoved(a.id())).isZero();
    }

    private static List<UUID> ids(List<Segment> segments) {
        return segments.stream().map(Segment::id).toList();
    }
}
