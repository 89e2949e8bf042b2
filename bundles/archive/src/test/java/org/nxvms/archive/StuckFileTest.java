// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** What the disk does not give up keeps nobody from making room. */
class StuckFileTest extends MoveStory {
    @Test
    void othersGoInItsPlaceAndItGoesWhenItCan() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        long bytes = segments.get(0).sizeBytes();
        String stuck = segments.get(0).path();
        a.gate = (operation, path) -> {
            if (operation.equals("delete") && path.equals(stuck)) {
                throw new IOException("Operation not permitted");
            }
        };
        a.quota = OptionalLong.of(2 * bytes + 100);
        // In its place the next one goes, at once or as soon as more is wanted.
        ArchiveHouse.await(() -> segments().size() <= 2);
        a.quota = OptionalLong.of(bytes + 100);
        ArchiveHouse.await(() -> segments().size() == 1 && files(a).size() == 2);
        assertThat(files(a)).contains(stuck, segments.get(2).path());

        a.gate = (operation, path) -> {};
        ArchiveHouse.await(() -> files(a).equals(List.of(segments.get(2).path())));
        isSound();
    }

    /** As one that somebody copied back under another user. */
    @Test
    void aFolderThatIsStuckKeepsItsRowsButForTwoAndNobodyFromMakingRoom() throws Exception {
        start(folder);
        use(a);
        FootageTerms terms = FootageTerms.days(30);
        // Five chunks before the hour, two behind it.
        long startUs = ArchiveHouse.T0 - 9 * Footage.SECOND_US;
        FootageSink.Run run = archive.openRun(
                archive.volumeFor(Footage.CAMERA, terms),
                new FootageSink.RunRequest(Footage.CAMERA, Footage.FORMAT, startUs, ClockSource.ARRIVAL, terms));
        for (int second = 0; second < 14; second++) {
            ArchiveHouse.append(run, startUs, second);
        }
        run.end(startUs + 14 * Footage.SECOND_US);
        ArchiveHouse.await(() -> rows(startUs).size() == 7);
        List<String> all = rows(startUs);
        String hour = all.get(0).substring(0, all.get(0).lastIndexOf('/') + 1);
        assertThat(all.subList(0, 5)).allMatch(path -> path.startsWith(hour));
        assertThat(all.get(5)).doesNotStartWith(hour);

        a.gate = (operation, path) -> {
            if (operation.equals("delete") && path.startsWith(hour)) {
                throw new IOException("Operation not permitted");
            }
        };
        long bytes = footage.segments(Footage.CAMERA, startUs, startUs + 2 * Footage.SECOND_US, 1)
                .get(0)
                .sizeBytes();
        a.quota = OptionalLong.of(6 * bytes + 100);
        ArchiveHouse.await(() -> !files(a).contains(all.get(5)));
        assertThat(files(a)).as("the five are there").containsAll(all.subList(0, 5));
        assertThat(rows(startUs))
                .as("and so is their footage, but for those that were tried")
                .containsAll(all.subList(2, 5));
        assertThat(archive.care().retention().trouble().orElse("")).contains("does not give up files");
    }

    private List<String> rows(long startUs) {
        return footage.segments(Footage.CAMERA, startUs, startUs + 20 * Footage.SECOND_US, 10).stream()
                .filter(segment -> !segment.open())
                .map(Segment::path)
                .toList();
    }
}
