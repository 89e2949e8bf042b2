// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.playback.FakeArchive;

/** Which picture is seen at an instant. */
class ExactFramesTest {
    private static final long START_US = 1_790_000_000_000_000L;
    private static final int BYTES = 10;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final List<FragmentEntry> index = new ArrayList<>();

    private void fragment(FragmentBuilder builder, long startMs, boolean key) {
        int at = file.size();
        ByteBuffer bytes = ByteBuffer.allocate(builder.headerBytes() + builder.dataBytes());
        builder.writeHeader(bytes);
        file.writeBytes(bytes.array());
        index.add(new FragmentEntry(at, file.size() - at, START_US + startMs * 1_000, 1_400_000, key, 1));
    }

    /** A picture in two seconds: what is between is recorded before the next one is there, and the index tells of the sound. */
    @Test
    void aPictureBehindTheSoundThatItsFragmentBeginsWithIsSeenFromItsOwnTimeOn() throws Exception {
        FakeArchive archive = new FakeArchive();
        StreamFormat format = new StreamFormat(List.of(TrackFormats.mjpeg(640, 360), TrackFormats.opus(1)));
        archive.addInit(Recorded.INIT, InitSegment.build(format));
        FragmentBuilder builder = new FragmentBuilder(2, 2);
        builder.begin(1);
        builder.add(0, 0, 0, BYTES, true);
        builder.add(1, 0, 0, BYTES, true);
        fragment(builder, 0, true);
        builder.begin(2);
        builder.add(1, 1_400 * 48, 1_400 * 48, BYTES, true);
        builder.add(0, 2_000 * 90, 2_000 * 90, BYTES, true);
        fragment(builder, 1_400, false);
        archive.add(
                FakeArchive.segment(START_US, START_US + 2_800_000, new UUID(0, 3), 0, Recorded.INIT, false, true),
                index,
                file.toByteArray());

        assertThat(ExactFrames.at(archive, FakeArchive.MAIN, START_US + 1_999_000)
                        .orElseThrow()
                        .takenUs())
                .isEqualTo(START_US);
        assertThat(ExactFrames.at(archive, FakeArchive.MAIN, START_US + 2_000_000)
                        .orElseThrow()
                        .takenUs())
                .isEqualTo(START_US + 2_000_000);
    }
}
