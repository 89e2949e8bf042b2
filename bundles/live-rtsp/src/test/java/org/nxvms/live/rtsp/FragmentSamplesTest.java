// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.platform.api.archive.FragmentEntry;

/** When what lies in a fragment was taken. */
class FragmentSamplesTest {
    private static final int BYTES = 8;

    /** As the recorder cuts where pictures are rare: the index tells when the sound was taken. */
    @Test
    void aPictureBehindTheSoundThatItsFragmentBeginsWithHasItsOwnTime() throws Exception {
        FragmentBuilder builder = new FragmentBuilder(2, 2);
        builder.begin(1);
        builder.add(1, 8_000, 8_000, BYTES, true);
        builder.add(0, 144_000, 144_000, BYTES, true);
        ByteBuffer file = ByteBuffer.allocate(builder.headerBytes() + 2 * BYTES);
        builder.writeHeader(file);
        FragmentEntry entry = new FragmentEntry(0, file.capacity(), Stage.START_US, 1_000_000, false, 1);
        ArchiveSource.Wish wish = new ArchiveSource.Wish(
                Stage.MAIN,
                new StreamFormat(List.of(Stage.H264, Stage.G711)),
                Stage.START_US,
                Stage.START_US + 10_000_000,
                1);

        FragmentSamples samples = FragmentSamples.read(
                (target, offset) -> {
                    int bytes = Math.min(target.remaining(), file.capacity() - (int) offset);
                    target.put(file.array(), (int) offset, bytes);
                    return bytes;
                },
                entry,
                wish,
                true);

        Unit unit = new Unit();
        assertThat(samples.next(unit)).isTrue();
        assertThat(unit.track).isEqualTo(1);
        assertThat(unit.wallUs).isEqualTo(Stage.START_US);
        assertThat(samples.next(unit)).isTrue();
        assertThat(unit.track).isZero();
        assertThat(unit.wallUs).isEqualTo(Stage.START_US + 600_000);
        assertThat(samples.next(unit)).isFalse();
    }
}
