// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.TrackFormats;

/** When the pictures of a fragment of the archive were taken. */
class FragmentPicturesTest {
    private static final long START_US = 1_790_000_000_000_000L;

    /** As the recorder cuts where pictures are rare: the index tells when the sound was taken. */
    @Test
    void aPictureBehindTheSoundThatItsFragmentBeginsWithHasItsOwnTime() throws Exception {
        StreamFormat format = new StreamFormat(List.of(TrackFormats.mjpeg(640, 360), TrackFormats.opus(1)));
        FragmentBuilder builder = new FragmentBuilder(2, 2);
        builder.begin(1);
        builder.add(1, 1_400 * 48, 1_400 * 48, 4, true);
        builder.add(0, 2_000 * 90, 2_000 * 90, 4, true);
        ByteBuffer fragment = ByteBuffer.allocate(builder.headerBytes() + 8);
        builder.writeHeader(fragment);
        fragment.rewind();

        assertThat(FragmentPictures.of(format, fragment, START_US))
                .extracting(Picture::timeUs)
                .containsExactly(START_US + 600_000);
        assertThat(FragmentPictures.sound(format, 1, fragment, START_US))
                .extracting(Sound::timeUs)
                .containsExactly(START_US);
    }
}
