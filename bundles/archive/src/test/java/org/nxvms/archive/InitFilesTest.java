// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** Many files begin with the same initialisation segment: whoever asks for it gets it as long as one of them can be read. */
class InitFilesTest extends MoveStory {
    private static final FootageTerms TERMS = FootageTerms.days(30);

    private Path file(Segment segment) {
        return folder.resolve("a").resolve(segment.path());
    }

    @Test
    void whatIsGoneDamagedOrCutOffIsPassedOverAsLongAsThereIsAnother() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(TERMS, 8);
        String initId = segments.get(0).initId();
        byte[] init = footage.init(initId).orElseThrow();

        Files.delete(file(segments.get(0)));
        assertThat(footage.init(initId).orElseThrow()).as("deleted").isEqualTo(init);
        try (FileChannel damaged = FileChannel.open(file(segments.get(1)), StandardOpenOption.WRITE)) {
            damaged.write(ByteBuffer.wrap(new byte[] {(byte) ~init[init.length / 2]}), init.length / 2);
        }
        assertThat(footage.init(initId).orElseThrow()).as("damaged").isEqualTo(init);
        try (FileChannel cut = FileChannel.open(file(segments.get(2)), StandardOpenOption.WRITE)) {
            cut.truncate(init.length - 1);
        }
        assertThat(footage.init(initId).orElseThrow()).as("cut off").isEqualTo(init);

        Files.delete(file(segments.get(3)));
        assertThatThrownBy(() -> footage.init(initId))
                .as("what is wrong with the first is told")
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(segments.get(0).path());
        assertThat(footage.init("0".repeat(64))).isEmpty();
    }

    @Test
    void aVolumeThatIsAwayWithVeryManyHidesNoneOfAnother() throws Exception {
        start(folder);
        use(a);
        record(TERMS, 40);
        use(b);
        try (FootageSink.Run run = archive.openRun(
                "b",
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0 + 60 * SECOND_US, ClockSource.ARRIVAL, TERMS))) {
            ArchiveHouse.append(run, T0 + 60 * SECOND_US, 0);
            run.end(T0 + 61 * SECOND_US);
        }
        ArchiveHouse.await(() -> index.rows.size() == 21
                && archive.rows().waitingSegments().isEmpty()
                && archive.footageVolumes().stream().allMatch(one -> one.live().isEmpty()));
        String initId = segments().get(0).initId();
        byte[] init = footage.init(initId).orElseThrow();

        archive.removeVolume(a);

        assertThat(footage.init(initId).orElseThrow()).isEqualTo(init);
    }
}
